"""What every function of exercise 07 should return, in numpy, on the trusted side.

Matrices are ``[C, C]``, the truth in rows; they hold int64 counts unless they are normalised, which makes them float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Cell = tuple[int, int, int]
"""True class, predicted class, count."""


def confusion(y_true: Array, y_pred: Array, classes: int) -> Array:
    """Count the examples, int64 ``[N]`` each, by true class (row) and predicted class (column)."""
    matrix = np.zeros((classes, classes), np.int64)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


def normalised(matrix: Array) -> Array:
    """Divide each row by its own sum; empty rows stay zero."""
    support = matrix.sum(1, keepdims=True)
    return matrix / np.where(support == 0, 1, support)


def present(matrix: Array) -> Array:
    """Say for each class whether it has examples, bool ``[C]``."""
    return np.asarray(matrix.sum(1) > 0)


def balanced(matrix: Array) -> float:
    """Return the mean recall over the classes with examples."""
    return float(np.diag(normalised(matrix))[present(matrix)].mean())


def cells(matrix: Array, *, diagonal: bool = False) -> list[Cell]:
    """Return the cells with a count above zero, row by row."""
    found = ((int(t), int(p), int(matrix[t, p])) for t, p in zip(*np.nonzero(matrix), strict=True))
    return [cell for cell in found if diagonal or cell[0] != cell[1]]


def ranked(matrix: Array, k: int) -> list[Cell]:
    """Return the k most confused pairs."""
    return sorted(cells(matrix), key=lambda cell: (-cell[2], cell[:2]))[:k]


def delta(before: Array, after: Array) -> Array:
    """Return the change of the normalised matrix."""
    return normalised(after) - normalised(before)


def headline(before: Array, after: Array) -> float:
    """Return the change of accuracy."""
    return float(np.trace(after - before) / before.sum())


def moved(before: Array, after: Array) -> Array:
    """Return after - before with an empty diagonal."""
    change = after - before
    return np.asarray(change - np.diag(np.diag(change)))


def pattern(before: Array, after: Array) -> float:
    """Return half the sum of moved errors, as a share of the examples."""
    return float(np.abs(moved(before, after)).sum() / 2 / before.sum())
