"""The course's decision rule on a comparison (exercise 08), and how far errors moved (exercise 07).

Learners get this with the lab. The truth that hidden checks compare with stays in ``course``, with staff; a test holds
the two together.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import numpy as np

from .records import Matrix, Strategy

_ROUNDING = 1e-12


def admitted(rows: Sequence[Strategy], min_recall: float) -> list[Strategy]:
    """Return the strategies that pass the gate: every class is found at least this often."""
    return [row for row in rows if row.worst_recall >= min_recall]


def best(rows: Sequence[Strategy]) -> Strategy:
    """Return the strategy with the highest mean."""
    return max(rows, key=lambda row: row.mean)


def bar(rows: Sequence[Strategy]) -> float:
    """Return the mean that has to be reached: the best one less its standard error."""
    return best(rows).mean - best(rows).std / math.sqrt(best(rows).n)


def cheapest(rows: Sequence[Strategy]) -> Strategy:
    """Return the strategy to choose of those that passed the gate: it reaches the bar and trains the least.

    On equal cost the higher mean wins. ValueError when there are none.
    """
    height = bar(rows)
    return min((row for row in rows if row.mean >= height - _ROUNDING), key=lambda row: (row.trainable, -row.mean))


def paired_gain(strategy: Strategy, over: Strategy) -> tuple[float, float]:
    """Return mean and standard error of what a strategy scores above another, seed by seed; 0.0 for one seed."""
    differences = [ours - theirs for ours, theirs in zip(strategy.scores, over.scores, strict=True)]
    spread = statistics.stdev(differences) if len(differences) > 1 else 0.0
    return statistics.fmean(differences), spread / math.sqrt(len(differences))


def headline(before: Matrix, after: Matrix) -> float:
    """Return the change of accuracy."""
    return float(np.trace(np.array(after) - np.array(before)) / np.sum(before))


def pattern(before: Matrix, after: Matrix) -> float:
    """Return the share of examples whose error appeared, vanished or moved."""
    return float(np.abs(moved(before, after)).sum() / 2 / np.sum(before))


def moved(before: Matrix, after: Matrix) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return the change of every cell of two different classes, int64 ``[C, C]``; the diagonal is zero."""
    change = np.array(after, np.int64) - np.array(before, np.int64)
    np.fill_diagonal(change, 0)
    return change


def confusions(classes: int) -> list[tuple[int, int]]:
    """List all pairs of two different classes, as (true, predicted)."""
    return [(true, predicted) for true in range(classes) for predicted in range(classes) if true != predicted]
