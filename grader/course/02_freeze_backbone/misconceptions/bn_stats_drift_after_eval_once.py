"""Inference mode was set once, and the next epoch undid it

Why it matters: `model.train()` reaches every module, whatever was said before. Layers that were put into inference
mode when the model was frozen are back in training mode as soon as an epoch begins.

Ask yourself: Who calls `train()` after your `freeze_backbone`, and what does it do to your `eval()`?

Where to look: In which of the two functions the mode is set, and which of them runs last.

Source: poppinace/indexnet_matting issue 35; pgniewko/gt-pyg pull request 112.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import trains_everything

FUNCTION = "train_mode"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    normed = [trial for trial in seen.trials if any(entry.is_buffer for entry in trial.anatomy.entries)]
    if not trains_everything(seen) or not all(trial.resting for trial in normed):
        return None
    frozen, resting = seen.rounds_of("vision")[0], len(normed[0].resting)
    return (
        f"After `freeze_backbone`, {resting} modules of {normed[0].title} were in inference mode; after `train_mode`, "
        f"all {len(frozen.norms)} BatchNorms of {frozen.title} counted batches."
    )
