"""The functions of exercise 07 in steps, as a right solution takes them; ``slips.py`` replaces some.

Matrices are int64 ``[C, C]``, labels int64 ``[N]``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import truth
from .truth import Array, Cell


class Analysis:
    """All functions; the later ones use the earlier ones as the contracts say."""

    own_shares: Callable[[Array], Array | None] | None = None
    """What the learner's own ``row_normalise`` made of a matrix, where that is known."""

    def confusion_matrix(self, true: Array, predicted: Array, classes: int) -> Any:
        """Count."""
        rows, columns = self.sides(true, predicted)
        return self.finished(self.counted(rows, columns, self.size(rows, columns, classes)))

    def sides(self, true: Array, predicted: Array) -> tuple[Array, Array]:
        """Which labels give the row, and which the column."""
        return true, predicted

    def size(self, rows: Array, columns: Array, classes: int) -> int:  # noqa: ARG002  a slip may look at the labels
        """How many rows there are."""
        return classes

    def counted(self, rows: Array, columns: Array, size: int) -> Array:
        """How examples are counted."""
        return truth.confusion(rows, columns, size)

    def finished(self, matrix: Array) -> Any:
        """What becomes of the counts."""
        return matrix

    def row_normalise(self, cm: Array) -> Any:
        """Divide each row."""
        return self.divided(cm, self.divisor(cm))

    def divisor(self, cm: Array) -> Array:
        """What cells are divided by, as numbers that spread over ``[C, C]``."""
        return np.asarray(cm.sum(1, keepdims=True))

    def divided(self, cm: Array, by: Array) -> Array:
        """What a division by zero gives."""
        return np.asarray(cm / nonzero(by))

    def shares(self, cm: Array) -> Array:
        """Which normalised matrix the other functions use."""
        return truth.normalised(cm)

    def balanced_accuracy(self, cm: Array) -> Any:
        """Average over classes."""
        return self.averaged(self.scores(cm), self.kept(cm))

    def scores(self, cm: Array) -> Array:
        """What each class scores, ``[C]``."""
        return np.diag(self.shares(cm))

    def kept(self, cm: Array) -> Array:
        """Which classes count, bool ``[C]``."""
        return truth.present(cm)

    def averaged(self, scores: Array, kept: Array) -> Any:
        """How many scores become one."""
        return float(scores[kept].mean())

    def most_confused(self, cm: Array, k: int) -> Any:
        """List the largest cells."""
        found = sorted(self.cells(self.table(cm)), key=lambda cell: self.rank(cell, cm))
        return [list(self.told(cell)) for cell in self.cut(found, k)]

    def table(self, cm: Array) -> Array:
        """From which table cells come."""
        return cm

    def cells(self, cm: Array) -> list[Cell]:
        """Which cells may be listed."""
        return truth.cells(cm)

    def rank(self, cell: Cell, cm: Array) -> Any:  # noqa: ARG002
        """By what they are sorted."""
        return -cell[2], cell[0], cell[1]

    def cut(self, cells: list[Cell], k: int) -> list[Cell]:
        """How many are listed."""
        return cells[:k]

    def told(self, cell: Cell) -> Any:
        """The order within one."""
        return cell

    def confusion_delta(self, before: Array, after: Array) -> Any:
        """Subtract."""
        if self.differs(before, after):
            return self.refused()
        return self.subtracted(before, after)

    def differs(self, before: Array, after: Array) -> bool:
        """When two matrices cannot be compared."""
        return not np.array_equal(before.sum(1), after.sum(1))

    def refused(self) -> Any:
        """What happens then: ValueError."""
        raise ValueError

    def subtracted(self, before: Array, after: Array) -> Any:
        """What is taken from what."""
        return self.shares(after) - self.shares(before)

    def headline_and_pattern(self, before: Array, after: Array) -> Any:
        """Return two numbers."""
        return self.both(self.headline(before, after), self.pattern(before, after))

    def both(self, headline: float, pattern: float) -> Any:
        """Which numbers come back, in which order."""
        return headline, pattern

    def headline(self, before: Array, after: Array) -> float:
        """How far the accuracy moved."""
        return self.accuracy(after) - self.accuracy(before)

    def accuracy(self, cm: Array) -> float:
        """What the headline is made of."""
        return float(np.trace(cm) / cm.sum())

    def pattern(self, before: Array, after: Array) -> float:
        """How far errors moved."""
        return float(self.added(self.moved(before, after)) / self.of(before, after))

    def moved(self, before: Array, after: Array) -> Array:
        """Which differences count."""
        return truth.moved(before, after)

    def added(self, moved: Array) -> Any:
        """How they are added up."""
        return np.abs(moved).sum() / 2

    def of(self, before: Array, after: Array) -> Any:  # noqa: ARG002
        """What the sum is a share of."""
        return before.sum()


def off(cm: Array) -> Array:
    """Return a matrix ``[C, C]`` with an empty diagonal."""
    return np.asarray(cm * ~np.eye(len(cm), dtype=bool))


def nonzero(by: Array) -> Array:
    """Return divisors with a one for each zero."""
    return np.where(by == 0, 1, by)


def own(self: Analysis, cm: Array) -> Array:
    """Stand for ``shares``: what the learner's own function made of the matrix, where that is known."""
    found = self.own_shares(cm) if self.own_shares else None
    return truth.normalised(cm) if found is None else found
