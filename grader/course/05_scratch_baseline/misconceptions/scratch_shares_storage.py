"""The twin is a new shell around the original's tensors

Why it matters: A shallow copy makes a new object with the old tensors in it. Every step of the baseline's training
moves the original as well.

Ask yourself: How many tensors are there in memory when your function is done, and who holds them?

Where to look: How the copy is made, and how deep it goes.

Source: Python documentation of the copy module, on shallow and deep copies; keras issue 13872.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "make_scratch_twin"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not all(twin.shared == twin.old.keys() and not twin.same for twin in seen.every_twin):
        return None
    twin = seen.every_twin[0]
    return f"{twin.where}, adding 1 to the twin's numbers moved all {len(twin.shared)} entries of the original."
