"""Dropout goes on throwing dice in the frozen backbone

Why it matters: Dropout has no tensor, so every comparison of states passes. But in training mode the frozen features
are different on every pass, and the head learns from noise that the backbone never had at inference.

Ask yourself: Run the same text twice: are the two features the same?

Where to look: Which kinds of module are put into inference mode, and which kinds of module have a mode at all.

Source: Pointcept issue 606, where DropPath stayed live in a frozen backbone.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import VISIBLE, frozen_rounds, norms_follow_flags

FUNCTION = "train_mode"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    frozen = frozen_rounds(seen, "text")
    if not frozen or any(one.wobble <= VISIBLE for one in frozen):
        return None
    if not norms_follow_flags(frozen_rounds(seen, "vision")):
        return None
    return f"{frozen[0].where}, two passes of the same texts gave scores that differ by up to {frozen[0].wobble:.2g}."
