"""Layout of charts over the strategies or the depths, in pixels."""

from __future__ import annotations

import math
from typing import ClassVar

from grader.records import Record

_GAPS = 5
"""As many gaps between ticks as there may be."""


class Column(Record, frozen=True, kw_only=True):
    """What stands above one place."""

    lines: tuple[str, ...]
    """Its name, line by line."""
    scores: tuple[float, ...] = ()
    """A dot each."""
    mean: float | None = None
    spread: float = 0.0
    is_chosen: bool = True


class Chart(Record, frozen=True, kw_only=True):
    """Columns over a scale of accuracies, or of differences of them."""

    WIDTH: ClassVar = 340
    LEFT: ClassVar = 54
    RIGHT: ClassVar = 296
    TOP: ClassVar = 10
    BOTTOM: ClassVar = 160
    """Where the plot ends; right of it is room for the name of the level."""

    title: str
    description: str
    columns: tuple[Column, ...]
    level: tuple[str, float] | None
    """A line across, and its name."""
    is_joined: bool = False
    """Whether a line joins the means."""
    axis: str = "validation accuracy"
    """What is measured."""
    least: float = 0.0
    """The smallest value there can be; the largest is 1."""
    caption: str = ""
    """Below the names."""

    @property
    def threads(self) -> tuple[tuple[float, ...], ...]:
        """Scores of one seed in all columns, seed by seed."""
        return tuple(zip(*(column.scores for column in self.columns), strict=True))

    @property
    def meant(self) -> list[tuple[int, float, float]]:
        """Place, mean and spread of every column that has them."""
        return [(place, each.mean, each.spread) for place, each in enumerate(self.columns) if each.mean is not None]

    def x(self, place: int) -> float:
        """Return the middle of a column."""
        return round(self.LEFT + (place + 0.5) * (self.RIGHT - self.LEFT) / len(self.columns), 1)

    def y(self, score: float) -> float:
        """Return how far down a score is."""
        low, high = self._range()
        return round(self.TOP + (self.BOTTOM - self.TOP) * (high - score) / (high - low), 1)

    def ticks(self) -> list[str]:
        """Return round values, written with as many digits as tell them apart."""
        low, high = self._range()
        wanted = (high - low) / _GAPS
        power = math.floor(math.log10(wanted))
        step, digits = next(
            (factor * 10.0**each, max(0, -each))
            for each in (power, power + 1)
            for factor in (1, 2, 5)
            if factor * 10.0**each >= wanted
        )
        first, last = math.ceil(max(low, self.least) / step), math.floor(min(high, 1) / step)
        return [f"{number * step:.{digits}f}" for number in range(first, last + 1)]

    def _range(self) -> tuple[float, float]:
        shown = [score for column in self.columns for score in column.scores]
        shown += [end for _, mean, spread in self.meant for end in (mean - spread, mean + spread)]
        shown += [self.level[1]] if self.level else []
        margin = max(0.06 * (max(shown) - min(shown)), 0.005)
        return min(shown) - margin, max(shown) + margin
