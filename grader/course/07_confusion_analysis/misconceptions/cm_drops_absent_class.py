"""A class that nobody saw has no row and no column

Why it matters: A matrix whose size depends on the labels that happen to occur cannot be subtracted from another run's,
and behind the gap every class has another class's number.

Ask yourself: How large is your matrix when class 2 occurs neither among the truths nor among the predictions?

Where to look: Where the size of the matrix comes from.

Source: scikit-learn issue 10472; scikit-learn documentation of confusion_matrix, on the argument labels.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..facts import Call, Seen
from ..stories import fits, returns
from ..truth import Array, confusion, present

FUNCTION = "confusion_matrix"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not fits(seen, FUNCTION, *(returns(_only(kept)) for kept in (_seen_classes, _up_to_the_largest))):
        return None
    call = seen.call(FUNCTION, "last-absent")
    return f"On {call.title}, your matrix has {call.shape[0]} rows instead of {call.numbers[0]}."


def _only(kept: Callable[[Array], Array]) -> Callable[[Call], Array]:
    def predict(call: Call) -> Array:
        true, predicted = call.inputs
        matrix = confusion(true, predicted, call.numbers[0])
        classes = kept(matrix)
        return np.asarray(matrix[np.ix_(classes, classes)])

    return predict


def _seen_classes(matrix: Array) -> Array:
    return np.flatnonzero(present(matrix) | present(matrix.T))


def _up_to_the_largest(matrix: Array) -> Array:
    return np.arange(_seen_classes(matrix)[-1] + 1)
