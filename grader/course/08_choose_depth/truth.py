"""What the functions of exercise 08 should return, and the steps of which the right rule consists."""

from __future__ import annotations

import math
from collections.abc import Sequence

from grader.records import Record

ROUNDING = 1e-12


class Row(Record, frozen=True, kw_only=True):
    """One summary as it was handed to the learner's function."""

    strategy: str
    trainable: int
    mean: float
    std: float
    n: int
    scores: tuple[float, ...]
    worst_recall: float


def admitted(rows: Sequence[Row], min_recall: float) -> list[Row]:
    """Return the rows whose worst recall is high enough."""
    return [row for row in rows if row.worst_recall >= min_recall]


def error(row: Row) -> float:
    """Return the standard error of a mean."""
    return row.std / math.sqrt(row.n)


def best(rows: Sequence[Row]) -> Row:
    """Return the row with the highest mean, the earliest of equals."""
    return max(rows, key=lambda row: row.mean)


def bar(rows: Sequence[Row]) -> float:
    """Return the mean that must be reached."""
    winner = best(rows)
    return winner.mean - error(winner)


def reaching(rows: Sequence[Row], height: float) -> list[Row]:
    """Return the rows on the bar or above."""
    return [row for row in rows if row.mean >= height - ROUNDING]


def cheapest(rows: Sequence[Row]) -> Row:
    """Return the row with the lowest cost; on equal cost the higher mean, then the earlier."""
    return min(rows, key=lambda row: (row.trainable, -row.mean))


def choose(rows: Sequence[Row], min_recall: float) -> Row | None:
    """Return the row to choose; None when the function must raise ValueError."""
    kept = admitted(rows, min_recall)
    return cheapest(reaching(kept, bar(kept))) if kept else None


def below(tested: Sequence[int], chosen: int) -> int | None:
    """Return the largest tested depth below the chosen one."""
    return max((depth for depth in tested if depth < chosen), default=None)


def next_depth(tested: Sequence[int], chosen: int) -> int | None:
    """Return the depth to try next."""
    smaller = below(tested, chosen)
    return None if smaller is None or chosen - smaller <= 1 else (smaller + chosen) // 2
