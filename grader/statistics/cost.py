"""Time, memory and endings of the runs of one exercise."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping

from grader.records import Grade, Record

IMPORT = "import failed"
"""Beside the values of ``Ending``."""


class Spread(Record, frozen=True, kw_only=True):
    """How a quantity is spread over submissions."""

    lowest: float
    median: float
    high: float
    """19 in 20 are no higher."""
    highest: float


class Cost(Record, frozen=True, kw_only=True):
    """Time and memory of the runs that were graded; there is at least one."""

    seconds: Spread
    peak_mb: Spread
    endings: Mapping[str, int]
    """How many runs ended how."""


class CostTally:
    """Collects times and sizes while rows stream by: 16 bytes per row."""

    def __init__(self) -> None:
        self._seconds = array("d")
        self._peak_mb = array("d")
        self._endings: Counter[str] = Counter()

    def add(self, grade: Grade) -> None:
        """Take in one grade."""
        self._seconds.append(grade.evidence.seconds)
        self._peak_mb.append(grade.evidence.peak_mb)
        self._endings[IMPORT if grade.not_imported else grade.evidence.ending.value] += 1

    def figures(self) -> Cost | None:
        """Return what was collected; None where nothing was."""
        if not self._seconds:
            return None
        endings = dict(self._endings.most_common())
        return Cost(seconds=_spread(self._seconds), peak_mb=_spread(self._peak_mb), endings=endings)


def _spread(values: Iterable[float]) -> Spread:
    """Return the spread, each figure one that was really measured (nearest rank)."""
    ordered = sorted(values)
    last = len(ordered) - 1
    return Spread(
        lowest=ordered[0],
        median=ordered[last // 2],
        high=ordered[-(-19 * len(ordered) // 20) - 1],
        highest=ordered[last],
    )
