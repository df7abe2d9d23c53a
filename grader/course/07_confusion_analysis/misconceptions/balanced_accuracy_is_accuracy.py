"""The balanced accuracy is the plain accuracy

Why it matters: In plain accuracy a class counts by its number of examples. One class with most of the data decides the
number, and a rare class that is never found hardly shows.

Ask yourself: If one class had 90 % of the data, how much could all the others together change your number?

Where to look: What you average: examples, or classes.

Source: Brodersen et al. 2010, "The balanced accuracy and its posterior distribution"; transformers issue 9374.
"""

from __future__ import annotations

import numpy as np

from ..facts import Seen
from ..stories import fits
from ..truth import Array

FUNCTION = "balanced_accuracy"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, lambda call: call.is_number(_accuracy(call.matrix))):
        return None
    call = seen.call(FUNCTION, "wide")
    right, total = int(np.trace(call.matrix)), int(call.matrix.sum())
    return f"On {call.title}, you returned {right} of {total}, the share of all examples on the diagonal."


def _accuracy(matrix: Array) -> float:
    return float(np.trace(matrix) / matrix.sum())
