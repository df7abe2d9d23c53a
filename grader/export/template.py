"""Fill marks into a gradebook of a platform: nothing else changes, and every learner left out is reported."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NamedTuple

from grader.errors import UsageError
from grader.records import Exercise, Record
from grader.records.cohort import Learner

from .marks import Mark
from .people import locate, people
from .sheet import Sheet, harmless

SPOKEN_FOR = frozenset({"ex", "n/a"})
"""Canvas's words for somebody who is excused, or to whom the assignment was not given."""
CENT = Decimal("0.01")


class SheetLayout(NamedTuple):
    """Where a platform puts what."""

    lines: Sequence[int]
    """The lines that are about learners."""
    identity: range
    """The columns that say about whom."""
    number: int
    """Which of those cells is the platform's own number of the learner."""
    name: int
    """Which of them is what people call the learner."""


class SheetColumn(NamedTuple):
    """Where the marks of one exercise go."""

    place: int
    factor: Decimal
    """What one point of the exercise is worth in the column."""
    comments: int | None
    """The column for what to do next; None for no comments."""


class Filled(Record, frozen=True, kw_only=True):
    """A sheet with marks in it, and what a person should know before uploading it."""

    content: bytes
    marks: int
    """How many cells hold one of ours now."""
    replaced: int
    """How many of them held another number before."""
    untouched: tuple[str, ...]
    """One sentence for each answer whose cell stays as it was."""
    nothing: tuple[str, ...]
    """Whom the template names and who handed in nothing."""


def fill(
    sheet: Sheet,
    layout: SheetLayout,
    columns: Mapping[str, SheetColumn],
    marks: Sequence[Mark],
    roster: Iterable[Learner],
) -> Filled:
    """Put the marks of the exercises that have a column into the sheet; raise UsageError rather than lose one."""
    wanted = [mark for mark in marks if mark.exercise in columns]
    told = [[sheet.cell(line, column) for column in layout.identity] for line in layout.lines]
    places = locate(people(wanted, roster), told, layout.number)
    done: Counter[_Done] = Counter()
    untouched = []
    for mark in wanted:
        place, column = places[mark.learner], columns[mark.exercise]
        if place is None:
            untouched.append(f"{mark.learner}, {mark.exercise}: the template gives their number to another name")
            continue
        line = layout.lines[place]
        if why := _obstacle(mark, sheet.cell(line, column.place)):
            untouched.append(f"{mark.learner}, {mark.exercise}: {why}")
        else:
            done[_put(sheet, line, column, mark)] += 1
    taken = set(places.values())
    return Filled(
        content=bytes(sheet),
        marks=done.total(),
        replaced=done[_Done.REPLACED],
        untouched=tuple(untouched),
        nothing=tuple(cells[layout.name] for place, cells in enumerate(told) if place not in taken),
    )


def factor(exercise: Exercise, most: str, *, scale: bool) -> Decimal:
    """Return what a point is worth where ``most`` are to be had; what is no positive number says nothing about that.

    Raise UsageError for another number than the exercise has, unless told to ``scale``.
    """
    maximum = number(most)
    if maximum is None or maximum <= 0 or maximum == exercise.points:
        return Decimal(1)
    if not scale:
        raise UsageError(
            f"The template counts {exercise.slug} up to {most.strip()}, and the exercise has {exercise.points} points. "
            "Change that on the platform and export again, or convert with --scale."
        )
    return maximum / exercise.points


def number(text: str) -> Decimal | None:
    """Read a number with a decimal point or comma; None for anything else."""
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None


class _Done(enum.Enum):
    FILLED = enum.auto()
    REPLACED = enum.auto()


def _obstacle(mark: Mark, before: str) -> str:
    """Say why a cell stays as it is; empty when it is to be filled."""
    if mark.points is None:
        return mark.text
    return f"the template says {before.strip()}" if before.strip().casefold() in SPOKEN_FOR else ""


def _put(sheet: Sheet, line: int, column: SheetColumn, mark: Mark) -> _Done:
    value = Decimal(mark.points or 0) * column.factor
    before = number(sheet.cell(line, column.place))
    sheet.put(line, column.place, _written(value, sheet.decimal_mark))
    if column.comments is not None and not sheet.cell(line, column.comments).strip():
        sheet.put(line, column.comments, harmless(mark.text))
    return _Done.FILLED if before in (None, value) else _Done.REPLACED


def _written(value: Decimal, decimal_mark: str) -> str:
    """Write a number as the sheet does, with at most two decimals."""
    rounded = f"{value.quantize(CENT, ROUND_HALF_UP):f}"
    return rounded.rstrip("0").rstrip(".").replace(".", decimal_mark)
