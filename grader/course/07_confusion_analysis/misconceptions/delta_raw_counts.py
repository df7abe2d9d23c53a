"""Counts are subtracted, not shares

Why it matters: Five examples more are much for a class with ten and nothing for one with a thousand. A change of counts
shows the large classes and hides the rare ones.

Ask yourself: Can a cell of your matrix be larger than one, and what would that mean for a share?

Where to look: What you subtract from what, and whether it was normalised before.

Source: scikit-learn documentation, "Confusion matrix", example with and without normalisation.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import changes, fits

FUNCTION = "confusion_delta"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, *changes(lambda before, after: after - before)):
        return None
    call = seen.call(FUNCTION, "better")
    largest = int(abs(call.inputs[1] - call.inputs[0]).max())
    return f"On {call.title}, your matrix holds whole examples, up to {largest} in one cell."
