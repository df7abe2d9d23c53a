"""Item analysis: how hard a check is, and whether it tells strong submissions from weak ones.

Everything rests on one table per check: for every number of points that submissions earned in all *other* checks,
how many there are and how many of them pass. Leaving the check's own points out keeps it from correlating with
itself.
"""

from __future__ import annotations

import enum
import math
from collections import Counter
from collections.abc import Iterable, Mapping

from grader.records import Outcome, Record, Verdict

GROUP = 0.27
"""Share of the submissions in the upper and in the lower group, as is usual since Kelley (1939)."""
FEW = 10
"""With fewer submissions a negative correlation is mostly chance."""


class Flag(enum.Enum):
    """Why somebody should look at a check."""

    NEGATIVE = "passed more often by those who earn less elsewhere"
    NOBODY = "nobody passes it"
    EVERYBODY = "everybody passes it"


class CheckFigures(Record, frozen=True, kw_only=True):
    """One check over everybody it was asked of; shares lie between 0 and 1."""

    check: str
    title: str
    function: str
    points: int
    passed: int
    failed: int
    blocked: int
    discrimination: float | None
    """Correlation, from -1 to 1, of passing with the points of all other checks; None where either never varies."""
    upper: float
    """Share that passes among the 27 % with most of the other points."""
    lower: float
    """The same among the 27 % with fewest."""
    flag: Flag | None

    @property
    def asked(self) -> int:
        """How many submissions it was asked of."""
        return self.passed + self.failed + self.blocked

    @property
    def share(self) -> float:
        """Share that passes: the classical difficulty index, in which an easy check has a high number."""
        return self.passed / self.asked


class CheckTally:
    """Counts the outcomes of one check while rows stream by."""

    def __init__(self, first: Outcome) -> None:
        self._first = first
        self._verdicts: Counter[Verdict] = Counter()
        self.asked: Counter[int] = Counter()
        """Points in all other checks to submissions."""
        self.passed: Counter[int] = Counter()
        """The same, of those that pass."""

    def add(self, outcome: Outcome, earned: int) -> None:
        """Count one outcome, in a submission that earned so many points in all."""
        passed = outcome.verdict is Verdict.PASSED
        rest = earned - outcome.points * passed
        self._verdicts[outcome.verdict] += 1
        self.asked[rest] += 1
        self.passed[rest] += passed

    def figures(self) -> CheckFigures:
        """Return what was counted."""
        upper, lower = _groups(self)
        correlation = _point_biserial(self)
        return CheckFigures(
            check=self._first.check,
            title=self._first.title,
            function=self._first.function,
            points=self._first.points,
            passed=self._verdicts[Verdict.PASSED],
            failed=self._verdicts[Verdict.FAILED],
            blocked=self._verdicts[Verdict.BLOCKED],
            discrimination=correlation,
            upper=upper,
            lower=lower,
            flag=_flag(self.passed.total(), self.asked.total(), correlation),
        )


def _point_biserial(item: CheckTally) -> float | None:
    """Correlate passing, 0 or 1, with the other points."""
    count, passes = item.asked.total(), item.passed.total()
    mean = _mean(item.asked)
    variance = sum(number * (rest - mean) ** 2 for rest, number in item.asked.items()) / count
    if not 0 < passes < count or not variance:
        return None
    share = passes / count
    return (_mean(item.passed) - mean) * math.sqrt(share / (1 - share) / variance)


def _mean(counts: Mapping[int, int]) -> float:
    return sum(rest * number for rest, number in counts.items()) / sum(counts.values())


def _groups(item: CheckTally) -> tuple[float, float]:
    """Return the share that passes in the group with most and in that with fewest of the other points."""
    ordered = sorted(item.asked)
    return _share_of_group(item, reversed(ordered)), _share_of_group(item, ordered)


def _share_of_group(item: CheckTally, rests: Iterable[int]) -> float:
    """Return the share that passes among the first 27 %; those level at the border count in proportion."""
    size = missing = GROUP * item.asked.total()
    passes = 0.0
    for rest in rests:
        taken = min(item.asked[rest], missing)
        passes += item.passed[rest] * taken / item.asked[rest]
        missing -= taken
    return passes / size


def _flag(passes: int, count: int, correlation: float | None) -> Flag | None:
    """Say whether to look at the check; a negative correlation counts from one standard error on."""
    if passes == 0:
        return Flag.NOBODY
    if passes == count:
        return Flag.EVERYBODY
    clear = correlation is not None and correlation < -1 / math.sqrt(count)
    return Flag.NEGATIVE if clear and count >= FEW else None
