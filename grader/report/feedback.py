"""What one learner gets back: every exercise they handed in, as one HTML file and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from grader import course
from grader.judging.diagnose import page
from grader.records import Grade, Page, Record
from grader.records.cohort import Refused, Row, Ungraded

from . import markdown
from .page import environment


class _Entry(Record, frozen=True, kw_only=True):
    """One exercise on a learner's page."""

    row: Row
    title: str
    grade: Grade | None
    note: str
    """What being late cost, or why there is no mark; may be empty."""
    pages: tuple[Page, ...]
    """Of the misconceptions that were named."""


def feedback_html(rows: Sequence[Row]) -> str:
    """Render one learner's rows, of which there is at least one, as a page that needs nothing beside it."""
    return environment().get_template("feedback.html").render(_view(rows))


def feedback_markdown(rows: Sequence[Row]) -> str:
    """Render one learner's rows, of which there is at least one, as Markdown without figures."""
    return markdown.environment().get_template("feedback.md").render(_view(rows))


def _view(rows: Sequence[Row]) -> dict[str, object]:
    entries = [_entry(row) for row in rows]
    return {
        "learner": rows[0].learner,
        "entries": entries,
        "points": sum(row.points or 0 for row in rows),
        "possible": sum(entry.grade.possible for entry in entries if entry.grade),
    }


def _entry(row: Row) -> _Entry:
    exercise = course.exercises().get(row.exercise)
    title = exercise.title if exercise else row.exercise
    if not isinstance(row.result, Grade):
        return _Entry(row=row, title=title, grade=None, note=_no_mark(row.result), pages=())
    named = [diagnosis.misconception for diagnosis in row.result.diagnoses]
    pages = tuple(page(exercise, name) for name in named if name in exercise.misconceptions) if exercise else ()
    return _Entry(row=row, title=title, grade=row.result, note=_late(row, row.result), pages=pages)


def _no_mark(result: Ungraded | Refused | None) -> str:
    match result:
        case Ungraded():
            return "The grader failed on this, which is not your fault. There is no mark yet; it will be graded again."
        case Refused(reason=reason):
            return f"This could not be graded, so there is no mark yet; somebody of the course looks at it. {reason}"
        case None:
            return "This has not been graded yet."


def _late(row: Row, grade: Grade) -> str:
    if row.late is None or not row.late.days:
        return ""
    late = row.late
    free = f" {late.free_days} of your free days went into that." if late.free_days else ""
    cost = f" Of the {grade.earned} points that you earned, {late.deducted} are taken off." if late.deducted else ""
    return f"It arrived {late.days} day{'' if late.days == 1 else 's'} late.{free}{cost or ' No points are taken off.'}"
