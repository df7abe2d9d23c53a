"""BatchNorm layers were exchanged for frozen ones

Why it matters: Layers with a fixed scale and shift do freeze the statistics, and detection libraries use them. But
they have other keys and no parameters: old checkpoints no longer fit, and thawing needs the old layers back.

Ask yourself: Which keys does the state have after your call that it had not before, and which has it lost?

Where to look: Every place where a module is assigned, or converted.

Source: torchvision, FrozenBatchNorm2d; timm, freeze_batch_norm_2d.
"""

from __future__ import annotations

from grader.authoring import are

from ..facts import Seen
from ..stories import norms_of

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    normed = [trial for trial in seen.trials if any(entry.is_buffer for entry in trial.anatomy.entries)]
    if any(not _exchanged(trial.gone) or trial.live & trial.backbone - norms_of(trial) for trial in normed):
        return None
    return f"On {normed[0].title}, {are(normed[0].gone)} no longer in the state: those layers are of another class now."


def _exchanged(gone: frozenset[str]) -> bool:
    return bool(gone) and all(name.endswith("num_batches_tracked") for name in gone)
