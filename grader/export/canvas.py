"""Fill a gradebook that Canvas exported.

Canvas makes a new assignment of every heading it does not know, so headings are never changed; and a cell that stays
as it is means "no change".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from grader import course
from grader.errors import UsageError
from grader.records import Exercise
from grader.records.cohort import Learner, simplified

from .marks import Mark
from .people import listed
from .sheet import Sheet
from .template import Filled, SheetColumn, SheetLayout, factor, fill

_HEADING = re.compile(r"(?P<title>.*) \((?P<number>\d+)\)")
_POSSIBLE = "Points Possible"


def canvas(
    sheet: Sheet, marks: Sequence[Mark], roster: Iterable[Learner], named: Mapping[str, str], *, scale: bool
) -> Filled:
    """Return the gradebook with the marks in it.

    ``named`` gives an exercise's heading by slug, whole or only its title or number; other exercises are found by
    their own title. Raise UsageError for a file that is no gradebook, and where an exercise has not one column.
    """
    header = [cell.strip() for cell in sheet.line(0)] if len(sheet) else []
    if "ID" not in header or "Section" not in header:
        raise UsageError("The template is no gradebook of Canvas: its first line needs the columns ID and Section.")
    section, number = header.index("Section"), header.index("ID")
    lines = [line for line in range(1, len(sheet)) if sheet.cell(line, number).strip().isdigit()]
    possible = next((line for line in range(1, len(sheet)) if _POSSIBLE in sheet.cell(line, 0)), None)
    columns = {}
    for exercise in _exercises(marks):
        place = _column(exercise, header, section + 1, named.get(exercise.slug))
        most = "" if possible is None else sheet.cell(possible, place)
        columns[exercise.slug] = SheetColumn(place, factor(exercise, most, scale=scale), None)
    return fill(sheet, SheetLayout(lines, range(section), number, 0), columns, marks, roster)


def _exercises(marks: Iterable[Mark]) -> list[Exercise]:
    graded = {mark.exercise for mark in marks}
    return [exercise for slug, exercise in course.exercises().items() if slug in graded]


def _column(exercise: Exercise, header: Sequence[str], first: int, named: str | None) -> int:
    """Return the one column of an exercise."""
    own = (exercise.slug, exercise.slug[3:], exercise.title, exercise.number + exercise.title)
    wanted = {simplified(text) for text in ((named,) if named else own)}
    hits = [place for place in range(first, len(header)) if wanted & _names(header[place])]
    if len(hits) == 1:
        return hits[0]
    how_many = "no column" if not hits else f"{len(hits)} columns"
    raise UsageError(
        f"The gradebook has {how_many} for {exercise.slug}. Name one with --column {exercise.number}=HEADING, "
        f"or export others with --exercises. Its columns: {listed([name for name in header[first:] if name])}."
    )


def _names(heading: str) -> set[str]:
    """Return what a heading answers to: itself, its title, the assignment's number."""
    parts = _HEADING.fullmatch(heading)
    return {simplified(text) for text in (heading, *(parts.groups() if parts else ()))}
