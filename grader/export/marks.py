"""What other people's systems want of a row: who, in which exercise, how many points, or why none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.cohort import Row
from grader.records import Grade, Record


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


def marks(rows: Iterable[Row]) -> Iterator[Mark]:
    """Yield the mark of every row."""
    for row in rows:
        yield Mark(
            learner=row.learner,
            number=row.number,
            exercise=row.exercise,
            points=row.points,
            text=row.result.next_step if isinstance(row.result, Grade) else row.obstacle,
        )
