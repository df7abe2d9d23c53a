"""The twin is the original itself

Why it matters: Two names for one model are one model. Whoever trains the baseline trains the transfer run as well,
and the comparison compares a model with itself.

Ask yourself: If you change one number in the twin, what happens to the original?

Where to look: What your function returns, and where that object was made.

Source: Python documentation of the copy module: assignment does not copy an object.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "make_scratch_twin"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not all(twin.same and not twin.altered for twin in seen.every_twin):
        return None
    return f"{seen.every_twin[0].where}, the same object came back, with all its numbers as they were."
