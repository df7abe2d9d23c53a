"""A row as other systems want it: who, which exercise, how many points, or why none."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from grader import course
from grader.errors import UsageError
from grader.records import Grade, Record
from grader.records.cohort import Row


class Mark(Record, frozen=True, kw_only=True):
    """One answer, without what the grader saw of it."""

    learner: str
    number: str
    """The platform's own number of the learner, from the name of the file that was handed in; may be empty."""
    exercise: str
    points: int | None
    """What counts, after the late policy; None where there is no mark, which is never a zero."""
    text: str
    """What to do next, for the learner; without a mark, why there is none."""


def marks(rows: Iterable[Row], without: Collection[str] = ()) -> list[Mark]:
    """Return the mark of every row, without some learners'; raise UsageError when one of them is not there."""
    found = [
        Mark(
            learner=row.learner,
            number=row.number,
            exercise=row.exercise,
            points=row.points,
            text=row.result.next_step if isinstance(row.result, Grade) else row.obstacle,
        )
        for row in rows
    ]
    if strangers := sorted(set(without) - {mark.learner for mark in found}):
        raise UsageError(f"--without names {', '.join(strangers)}, who handed in nothing of that.")
    return [mark for mark in found if mark.learner not in without]


def columns(options: Iterable[str]) -> dict[str, str]:
    """Read ``--column 03=HEADING``: exercise to the heading of its column; raise UsageError for other words."""
    found = {}
    for option in options:
        exercise, equals, heading = option.partition("=")
        if not equals or not heading.strip():
            raise UsageError(f"--column {option} should say which column is whose, such as 03=HEADING.")
        found[course.named(exercise).slug] = heading.strip()
    return found
