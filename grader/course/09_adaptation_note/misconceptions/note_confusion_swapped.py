"""True and predicted class are swapped

Why it matters: Rows are true classes, columns are predicted ones. Swapped, the note says that a common class was
mistaken for a rare one, where the rare one was lost.

Ask yourself: Which of your two classes did the pictures or texts really belong to?

Where to look: The axis titles of the confusion matrix.

Source: ultralytics issue 3055, where the axes of the matrix were swapped.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import cell, first_wrong, right_cell, was_measured

FUNCTION = "confusion changed"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    claim = first_wrong(seen, right_cell, lambda each: was_measured(each, *cell(each)[::-1]))
    if claim is None:
        return None
    true, predicted = cell(claim)
    told = f"the counts are those of true class {predicted}, predicted {true}"
    return f"{claim.title}: you wrote true {true}, predicted {predicted}; {told}."
