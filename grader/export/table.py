"""A cohort as CSV: UTF-8, commas, one line per answer or per learner, safe against formula injection."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from grader.records import Grade
from grader.records.cohort import Learner, Refused, Row, Ungraded

from .sheet import harmless

HEADER = (
    "learner",
    "number",
    "exercise",
    "status",
    "points",
    "possible",
    "earned",
    "deducted",
    "days_late",
    "arrived",
    "clock",
    "misconceptions",
    "note",
)


def answers(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield a line per answer; ``points`` is what counts, ``earned`` what the code earned, empty without a mark."""
    yield _line(HEADER)
    for row in rows:
        yield _line(_answer(row))


def learners(rows: Iterable[Row], exercises: Sequence[str], roster: Iterable[Learner]) -> Iterator[bytes]:
    """Yield a line per learner, rows being in their order: the points of each exercise, empty where there is no mark.

    Who is on the roster and handed in nothing comes last.
    """
    yield _line(("learner", *exercises, "points"))
    silent = {each.learner: None for each in roster}
    for learner, group in groupby(rows, key=lambda row: row.learner):
        silent.pop(learner, None)
        points = {row.exercise: row.points for row in group if row.points is not None}
        total = sum(points.values()) if points else ""
        yield _line((learner, *(points.get(exercise, "") for exercise in exercises), total))
    for learner in silent:
        yield _line((learner, *("" for _ in exercises), ""))


def _answer(row: Row) -> tuple[str | int, ...]:
    late = (row.late.deducted, row.late.days) if row.late else (0, 0)
    who = (row.learner, row.number, row.exercise)
    arrived = (row.arrived.isoformat(), row.clock.value)
    match row.result:
        case Grade() as grade:
            named = " ".join(diagnosis.misconception for diagnosis in grade.diagnoses)
            marks = (row.points or 0, grade.possible, grade.earned)
            return (*who, "graded", *marks, *late, *arrived, named, grade.next_step)
        case Ungraded(fault=note):
            status = "ungraded"
        case Refused(reason=note):
            status = "refused"
        case None:
            status, note = "waiting", ""
    return (*who, status, "", "", "", "", "", *arrived, "", note)


def _line(cells: Iterable[str | int]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    return line.getvalue().encode()
