"""Inference mode is taken for freezing

Why it matters: `eval()` changes how BatchNorm and dropout behave. It stops no gradient: with every flag on, the first
step of the optimizer moves the whole backbone.

Ask yourself: After `eval()`, what would keep an optimizer from moving a weight?

Where to look: The two switches, `training` of a module and `requires_grad` of a parameter, and which of them you set.

Source: Keras guide to transfer learning, which keeps trainability and inference mode apart; BINE022/EEGPT issue 18.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import follows

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not follows(seen, lambda trial: trial.before) or not all(trial.resting for trial in seen.trials):
        return None
    trial = seen.trials[0]
    return f"On {trial.title}, {len(trial.resting)} modules are in inference mode now, and no parameter's flag changed."
