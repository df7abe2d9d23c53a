"""Distribution of points of one exercise."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate

from grader.records import Grade, Record
from grader.records.cohort import Row


class MarkFigures(Record, frozen=True, kw_only=True):
    """The marks of one exercise; what has no mark is not in them."""

    counts: tuple[int, ...]
    """How many submissions have 0, 1, … points, after the late policy."""
    full: int
    """How many earned every point, before the late policy."""
    late: int
    deducted: int
    """Points that the late policy took off, all together."""

    @property
    def graded(self) -> int:
        """How many have a mark."""
        return sum(self.counts)

    @property
    def possible(self) -> int:
        """Points to be had."""
        return len(self.counts) - 1

    @property
    def mean(self) -> float:
        """Mean of the marks, in points; NaN where there is none."""
        total = sum(points * count for points, count in enumerate(self.counts))
        return total / self.graded if self.graded else float("nan")

    @property
    def median(self) -> float:
        """Median of the marks, in points; NaN where there is none."""
        if not self.graded:
            return float("nan")
        reached = list(accumulate(self.counts))
        middle = [next(points for points, below in enumerate(reached) if below > place)
                  for place in ((self.graded - 1) // 2, self.graded // 2)]  # fmt: skip
        return sum(middle) / 2


class MarkTally:
    """Counts marks while rows stream by."""

    def __init__(self) -> None:
        self._possible = 0
        self._counts: Counter[int] = Counter()
        self._full = self._late = self._deducted = 0

    def add(self, row: Row, grade: Grade) -> None:
        """Count the mark of one graded row."""
        self._possible = max(self._possible, grade.possible)
        self._counts[row.points or 0] += 1
        self._full += grade.full_marks
        if row.late:
            self._late += row.late.days > 0
            self._deducted += row.late.deducted

    def figures(self) -> MarkFigures:
        """Return what was counted."""
        return MarkFigures(
            counts=tuple(self._counts[points] for points in range(self._possible + 1)),
            full=self._full,
            late=self._late,
            deducted=self._deducted,
        )
