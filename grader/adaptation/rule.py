"""The course's decision rule: which adaptation strategy to choose, and what one gains over another.

Learners get this with the lab; the hidden checks compute what is right with it too, on the trusted side.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Protocol, TypeVar

ROUNDING = 1e-12
"""A mean that lies no further below the bar reaches it."""


class Row(Protocol):
    """One strategy, as far as the choice looks at it."""

    @property
    def trainable(self) -> int:
        """Number of scalars that learn."""

    @property
    def mean(self) -> float:
        """Of the scores."""

    @property
    def std(self) -> float:
        """Of the scores, with n - 1; 0.0 for one."""

    @property
    def n(self) -> int:
        """Number of scores."""

    @property
    def worst_recall(self) -> float:
        """The smallest recall of a class."""


AnyRow = TypeVar("AnyRow", bound=Row)


def admitted(rows: Sequence[AnyRow], min_recall: float) -> list[AnyRow]:
    """Return the rows that pass the gate: every class is found at least this often."""
    return [row for row in rows if row.worst_recall >= min_recall]


def best(rows: Sequence[AnyRow]) -> AnyRow:
    """Return the row with the highest mean, the earliest of equals; ValueError when there are none."""
    return max(rows, key=lambda row: row.mean)


def error(row: Row) -> float:
    """Return the standard error of a row's mean."""
    return row.std / math.sqrt(row.n)


def bar(rows: Sequence[Row]) -> float:
    """Return the mean that has to be reached: the best one less its standard error; ValueError when there is none."""
    winner = best(rows)
    return winner.mean - error(winner)


def reaching(rows: Sequence[AnyRow], height: float) -> list[AnyRow]:
    """Return the rows on the bar or above."""
    return [row for row in rows if row.mean >= height - ROUNDING]


def cheapest(rows: Sequence[AnyRow]) -> AnyRow:
    """Return the row that trains the least; on equal cost the higher mean wins, then the earlier.

    ValueError when there are none.
    """
    return min(rows, key=lambda row: (row.trainable, -row.mean))


def pick(rows: Sequence[AnyRow]) -> AnyRow:
    """Return the cheapest of those rows that reach the bar which they set; ValueError when there are none."""
    return cheapest(reaching(rows, bar(rows)))


def choose(rows: Sequence[AnyRow], min_recall: float) -> AnyRow | None:
    """Return the row to choose, picked from those that pass the gate; None when none does."""
    kept = admitted(rows, min_recall)
    return pick(kept) if kept else None


def std(values: Sequence[float]) -> float:
    """Return the standard deviation with n - 1, which is 0.0 for a single value."""
    return statistics.stdev(values) if len(values) > 1 else 0.0


def paired_gain(scores: Sequence[float], over: Sequence[float]) -> tuple[float, float]:
    """Return mean and standard error of how far scores lie above others, seed by seed; 0.0 for one seed."""
    differences = [ours - theirs for ours, theirs in zip(scores, over, strict=True)]
    return statistics.fmean(differences), std(differences) / math.sqrt(len(differences))
