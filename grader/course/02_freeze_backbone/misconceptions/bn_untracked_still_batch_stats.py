"""Statistics are no longer tracked, and so the batch's are used

Why it matters: `track_running_stats = False` stops the counting, and no tensor moves any more: every comparison of
states passes. But in training mode the layer normalises with the batch at hand, so features depend on the company.

Ask yourself: Run the same picture in two different batches: are its features the same?

Where to look: What was done to BatchNorm's settings, and in which mode the layer is.

Source: Lightning's BaseFinetuning.freeze_module, which sets it; PyTorch pull request 38084.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import VISIBLE, frozen_rounds

FUNCTION = "train_mode"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    frozen = frozen_rounds(seen, "vision")
    if not frozen or any(one.wobble <= VISIBLE or one.moved for one in frozen):
        return None
    one = frozen[0]
    return (
        f"{one.where}, not one tensor moved in {one.batches} batches, but the scores of the same pictures changed by "
        f"up to {one.wobble:.2g} with their neighbours."
    )
