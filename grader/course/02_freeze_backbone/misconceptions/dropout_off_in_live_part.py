"""Modules without parameters are taken for frozen

Why it matters: "None of its parameters can learn" is true of a dropout layer as well, because it has none. Put to
rest for that reason it never drops anything, not even where everything is being fine-tuned.

Ask yourself: What does your condition give for a module without a single parameter?

Where to look: `all(...)` and `any(...)` over a list that may be empty.

Source: Python documentation of all(): True if the iterable is empty.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import VISIBLE, mode_rounds, norms_follow_flags

FUNCTION = "train_mode"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    rounds = mode_rounds(seen)
    dropping = [one for one in rounds if one.dropout]
    if not dropping or not norms_follow_flags(rounds) or any(one.wobble > VISIBLE for one in dropping):
        return None
    one = dropping[0]
    return (
        f"Every BatchNorm is in the right mode, but {one.title} gave the same scores twice, although the dropout "
        "before its head is part of what trains."
    )
