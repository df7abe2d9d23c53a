"""A class without examples counts as one that is never found

Why it matters: Nobody can find what is not there. Counted as zero, every absent class lowers the mean, and the same
model looks worse on a smaller validation set.

Ask yourself: By how many recalls did you divide, and how many classes have one?

Where to look: The mean: over which classes is it taken?

Source: scikit-learn documentation of balanced_accuracy_score.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import fits
from ..truth import Array, normalised

FUNCTION = "balanced_accuracy"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, lambda call: call.is_number(_over_all(call.matrix))):
        return None
    call = seen.call(FUNCTION, "absent")
    return f"On {call.title}, you divided the sum of the recalls by {len(call.matrix)}."


def _over_all(matrix: Array) -> float:
    return float(normalised(matrix).diagonal().mean())
