"""Rows and columns of the matrix are exchanged

Why it matters: Everything that follows divides rows by their sums and calls the result recall. On the transposed
matrix the same code computes precision, and every confusion is told the wrong way round.

Ask yourself: Row 2 should hold every example whose true class is 2. Whose examples does your row 2 hold?

Where to look: Which of the two label tensors chooses the row.

Source: ultralytics issue 3055; scikit-learn documentation of confusion_matrix, on which axis is the truth.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import fits, returns
from ..truth import confusion

FUNCTION = "confusion_matrix"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    exchanged = returns(lambda call: confusion(call.inputs[1], call.inputs[0], call.numbers[0]))
    if not fits(seen, FUNCTION, exchanged):
        return None
    title = seen.calls(FUNCTION)[0].title
    return f"On {title}, every row of your matrix holds the examples that were *predicted* to be of that class."
