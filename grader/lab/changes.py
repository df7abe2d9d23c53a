"""What changes between two strategies, read from their confusion matrices."""

from __future__ import annotations

import itertools

import numpy as np

from grader.adaptation import Comparison, Strategy, StrategyName, matrices
from grader.records import Record


class ConfusionCell(Record, frozen=True, kw_only=True):
    """One cell of the confusion matrix under two strategies; counts are summed over the seeds."""

    true: int
    predicted: int
    before: int
    after: int


class Delta(Record, frozen=True, kw_only=True):
    """What changes from one strategy to another."""

    before: StrategyName
    after: StrategyName
    headline: float
    """Accuracy, after - before."""
    pattern: float
    """Share of the examples whose error appeared, vanished or moved."""
    cell: ConfusionCell
    """The pair of different classes whose count changed most."""


def deltas(comparison: Comparison) -> tuple[Delta, ...]:
    """Compare every two strategies, the earlier of a pair first."""
    return tuple(delta(before, after) for before, after in itertools.combinations(comparison.strategies, 2))


def delta(before: Strategy, after: Strategy) -> Delta:
    """Compare the errors of two strategies on the same validation set."""
    change = np.abs(matrices.moved(before.confusion, after.confusion))
    most = max(matrices.confusions(len(change)), key=lambda cell: int(change[cell]))
    return Delta(
        before=before.strategy,
        after=after.strategy,
        headline=matrices.headline(before.confusion, after.confusion),
        pattern=matrices.pattern(before.confusion, after.confusion),
        cell=cell_of(before, after, *most),
    )


def cell_of(before: Strategy, after: Strategy, true: int, predicted: int) -> ConfusionCell:
    """Return one cell under two strategies."""
    return ConfusionCell(
        true=true,
        predicted=predicted,
        before=before.confusion[true][predicted],
        after=after.confusion[true][predicted],
    )
