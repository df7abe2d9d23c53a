"""How far errors moved between two strategies, read from their confusion matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Counts = Sequence[Sequence[int]] | np.ndarray[Any, Any]
"""A confusion matrix ``[C, C]``, row = truth."""


def headline(before: Counts, after: Counts) -> float:
    """Return the change of accuracy."""
    return float(np.trace(np.array(after) - np.array(before)) / np.sum(before))


def pattern(before: Counts, after: Counts) -> float:
    """Return the share of examples whose error appeared, vanished or moved."""
    return float(np.abs(moved(before, after)).sum() / 2 / np.sum(before))


def moved(before: Counts, after: Counts) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return the change of every cell of two different classes, int64 ``[C, C]``; the diagonal is zero."""
    change = np.array(after, np.int64) - np.array(before, np.int64)
    np.fill_diagonal(change, 0)
    return change


def confusions(classes: int) -> list[tuple[int, int]]:
    """List all pairs of two different classes, as (true, predicted)."""
    return [(true, predicted) for true in range(classes) for predicted in range(classes) if true != predicted]
