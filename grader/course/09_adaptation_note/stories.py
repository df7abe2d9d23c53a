"""What the stories of exercise 09 have in common: they look only at what can be read and was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from grader.adaptation import Comparison, Strategy
from grader.authoring import NotReached
from grader.records import Record

from . import truth
from .seen import (
    Part,
    Score,
    Seen,
    Stated,
    class_number,
    read_alternative,
    read_cell,
    read_score,
    read_strategy,
)

Value = TypeVar("Value")


class Claim(Record, frozen=True, kw_only=True):
    """A section that names a strategy, with the comparison and the row that it speaks of."""

    title: str
    part: Part
    comparison: Comparison
    row: Strategy

    def read(self, key: str, reader: Callable[[str], Value | None]) -> Value | None:
        """Return an item's value; None where it is missing or cannot be read."""
        item = self.part.items.get(key)
        return reader(item.value) if item else None

    @property
    def others(self) -> list[Strategy]:
        """The rows of the other strategies."""
        return [row for row in self.comparison.strategies if row is not self.row]


def claims(seen: Seen) -> Iterator[Claim]:
    """Yield every section that names one of the measured strategies."""
    for part in seen.parts:
        item = part.items.get("strategy")
        name = read_strategy(item.value) if item else None
        if name and part.comparison:
            row = part.comparison.strategy(name)
            yield Claim(title=part.title, part=part, comparison=part.comparison, row=row)


def first_wrong(seen: Seen, is_right: Callable[[Claim], bool], fits: Callable[[Claim], bool]) -> Claim | None:
    """Return the first section that is wrong, if the story fits all that are; None otherwise."""
    wrong = [claim for claim in claims(seen) if not is_right(claim)]
    return wrong[0] if wrong and all(map(fits, wrong)) else None


def defended(claim: Claim) -> bool:
    """Whether a strategy is the rule's choice, or cannot be told from the best and has a reason."""
    if truth.cheapest(claim.comparison) is claim.row:
        return True
    return truth.is_as_good(claim.comparison, claim.row) and claim.part.is_reasoned(claim.row)


def stated(claim: Claim) -> Score:
    """Return the score that was written; NotReached where none can be read."""
    score = claim.read("score", read_score)
    if score is None:
        raise NotReached("score")
    return score


def right_score(claim: Claim) -> bool:
    """Whether mean and spread are those of the named strategy; what cannot be read is left out of the story."""
    score = claim.read("score", read_score)
    return score is None or (score.mean.is_rounded(claim.row.mean) and score.std.is_rounded(claim.row.std))


class Gain(Record, frozen=True, kw_only=True):
    """The gain of a beaten alternative whose error was written, beside the row that it is about."""

    other: Strategy
    mean: Stated
    error: Stated


def gain(claim: Claim) -> Gain | None:
    """Return the gain that was written; None where it cannot be read, has no error or is over the strategy itself."""
    told = claim.read("beaten alternative", read_alternative)
    if told is None or told.error is None or told.strategy == claim.row.strategy:
        return None
    return Gain(other=claim.comparison.strategy(told.strategy), mean=told.gain, error=told.error)


def right_error(claim: Claim) -> bool:
    """Whether the error of the gain is that of the paired difference; what cannot be read is left out of the story."""
    told = gain(claim)
    return told is None or told.error.is_rounded(claim.comparison.gain(claim.row, told.other)[1])


def gives_error(claim: Claim, *errors: float) -> bool:
    """Whether the gain is right, and one of these stands where its error should."""
    told = gain(claim)
    if told is None or not told.mean.is_rounded(claim.comparison.gain(claim.row, told.other)[0]):
        return False
    return any(told.error.is_rounded(error) for error in errors)


def cell(claim: Claim) -> tuple[int, int]:
    """Return true and predicted class of the confusion that was written; NotReached where none can be read."""
    told = claim.read("confusion changed", read_cell)
    numbers = [class_number(claim.comparison, name) for name in (told.true, told.predicted)] if told else []
    match numbers:
        case [int(true), int(predicted)]:
            return true, predicted
    raise NotReached("confusion changed")


def was_measured(claim: Claim, true: int, predicted: int) -> bool:
    """Whether the written counts are those of a cell, under another strategy and under the named one."""
    told = claim.read("confusion changed", read_cell)
    before = {row.confusion[true][predicted] for row in claim.others}
    return told is not None and told.before in before and told.after == claim.row.confusion[true][predicted]


def right_cell(claim: Claim) -> bool:
    """Whether the written confusion was measured, and fell; what cannot be read is left out of the story."""
    told = claim.read("confusion changed", read_cell)
    try:
        return told is None or (was_measured(claim, *cell(claim)) and told.after < told.before)
    except NotReached:
        return True
