"""Outcomes grouped by function, for the terminal and the page."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from grader.records import Outcome, Record, Verdict


class Told(Record, frozen=True, kw_only=True):
    """One outcome with what is said of it."""

    outcome: Outcome
    message: str
    """Empty where an outcome before it said the same."""
    trail: tuple[str, ...]
    """How an exception came about, line by line; empty where that was told before or says nothing new."""

    @property
    def earned(self) -> int:
        """Points that it gives."""
        return self.outcome.points if self.outcome.verdict is Verdict.PASSED else 0


class ReportPart(Record, frozen=True, kw_only=True):
    """Consecutive outcomes about one of the learner's functions."""

    function: str
    told: tuple[Told, ...]

    @property
    def earned(self) -> int:
        """Points that its outcomes give together."""
        return sum(each.earned for each in self.told)

    @property
    def possible(self) -> int:
        """Points that they could give."""
        return sum(each.outcome.points for each in self.told)


def tell(outcomes: Sequence[Outcome]) -> Iterator[Told]:
    """Yield every outcome; a message or a trail that was told is not told again."""
    known: set[object] = {"", ()}
    for outcome in outcomes:
        message = "" if outcome.message in known else outcome.message
        trail = () if outcome.frames in known else tuple(outcome.lines())
        known |= {outcome.message, outcome.frames}
        yield Told(outcome=outcome, message=message, trail=trail)


def by_function(outcomes: Sequence[Outcome]) -> list[ReportPart]:
    """Return the outcomes in their order, those about one function together."""
    grouped = itertools.groupby(tell(outcomes), key=lambda told: told.outcome.function)
    return [ReportPart(function=function, told=tuple(told)) for function, told in grouped]
