"""The stored statistics hold still, but they are not the ones in use

Why it matters: With a momentum of 0 a BatchNorm stores nothing new. In training mode it still normalises with the mean
and variance of the batch at hand, so the same picture has other features in other company.

Ask yourself: In training mode, which statistics does a BatchNorm normalise with: the stored ones, or the batch's?

Where to look: What was done to BatchNorm's settings, and in which mode the layer is.

Source: discuss.pytorch.org threads 25176 and 109213.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import VISIBLE, frozen_rounds

FUNCTION = "train_mode"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    frozen = frozen_rounds(seen, "vision")
    if not frozen or any(one.wobble <= VISIBLE or len(one.counting) < len(one.norms) for one in frozen):
        return None
    if any(norm.moved for one in frozen for norm in one.norms):
        return None
    one = frozen[0]
    return (
        f"{one.where}, no mean and no variance moved in {one.batches} batches, but every counter did, and the scores "
        f"of the same pictures changed by up to {one.wobble:.2g} with their neighbours."
    )
