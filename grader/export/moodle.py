"""Fill the offline grading worksheet that Moodle exported for one assignment.

Its headings are in the language of whoever exported it. Only the order is always the same: the participant's number
first, the maximum right of the grade.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from grader import course
from grader.errors import UsageError
from grader.records.cohort import Learner

from .marks import Mark
from .people import NUMBERED, listed
from .sheet import Sheet
from .template import Filled, SheetColumn, SheetLayout, factor, fill

GRADE = "Grade"


def moodle(
    sheet: Sheet,
    marks: Sequence[Mark],
    roster: Iterable[Learner],
    named: Mapping[str, str],
    *,
    comments: str | None,
    scale: bool,
) -> Filled:
    """Return the worksheet with the marks of one exercise in it.

    ``named`` may give that exercise's slug and the heading of the grades; ``comments`` the heading of a column that
    gets what to do next, where nothing stands there yet. Raise UsageError for a file that is no worksheet, for marks
    of several exercises, and where a column is not to be found.
    """
    slug = _only_exercise(marks, named)
    header = [cell.strip() for cell in sheet.line(0)] if len(sheet) else []
    grade = _column(header, named.get(slug, GRADE), f"--column {slug[:2]}=HEADING")
    lines = [line for line in range(1, len(sheet)) if any(cell.strip() for cell in sheet.line(line))]
    if not (grade and lines and all(NUMBERED.fullmatch(sheet.cell(line, 0).strip()) for line in lines)):
        raise UsageError("The template is no grading worksheet of Moodle: its first column should number participants.")
    most = sheet.cell(lines[0], grade + 1)
    column = SheetColumn(
        place=grade,
        factor=factor(course.exercises()[slug], most, scale=scale),
        comments=_column(header, comments, "--comments HEADING") if comments else None,
    )
    told = [msgspec.structs.replace(mark, text=html.escape(mark.text)) for mark in marks]
    return fill(sheet, SheetLayout(lines, range(grade), 0, min(1, grade - 1)), {slug: column}, told, roster)


def _only_exercise(marks: Iterable[Mark], named: Mapping[str, str]) -> str:
    """Return the exercise that the worksheet is about."""
    slugs = sorted(named) or sorted({mark.exercise for mark in marks})
    if len(slugs) != 1:
        raise UsageError(
            "A worksheet of Moodle is about one assignment; say which exercise that is with --exercises, such as "
            f"--exercises 03. There are: {', '.join(slugs) or 'none'}."
        )
    return slugs[0]


def _column(header: Sequence[str], heading: str, option: str) -> int:
    if header.count(heading) != 1:
        raise UsageError(
            f"The worksheet has no column {heading!r} of its own; say how it is called with {option}. "
            f"Its columns: {listed(header)}."
        )
    return header.index(heading)
