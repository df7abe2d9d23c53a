"""Statistics of a whole cohort in one pass, in memory that grows with the course and hardly with the cohort."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from grader.records import Grade, Record
from grader.records.cohort import Note, Refused, Row, Topic, Ungraded

from .blocking import Barrier, BarrierTally
from .checks import CheckFigures, CheckTally
from .cost import Cost, CostTally
from .marks import MarkFigures, MarkTally
from .misconceptions import MisconceptionTally, NamedMisconception

LISTED = 100
"""So many submissions without a mark are listed; all are counted."""


class ExerciseFigures(Record, frozen=True, kw_only=True):
    """One exercise over the whole cohort."""

    slug: str
    title: str
    marks: MarkFigures
    without_mark: Mapping[str, int]
    """How many submissions have no mark, by what stands in the way."""
    nameless: int
    """Submissions that lost points without a misconception being named."""
    checks: tuple[CheckFigures, ...]
    misconceptions: tuple[NamedMisconception, ...]
    """The most frequent first."""
    barriers: tuple[Barrier, ...]
    """The most frequent first."""
    cost: Cost | None
    """None while nothing is graded."""


class NoMark(Record, frozen=True, kw_only=True):
    """A submission that could not be graded; it is counted nowhere as a zero."""

    learner: str
    exercise: str
    why: str
    """In a few words."""
    detail: str
    """In a sentence; may be empty."""


class Statistics(Record, frozen=True, kw_only=True):
    """Everything that a cohort's page shows."""

    learners: int
    exercises: tuple[ExerciseFigures, ...]
    """In the course's order."""
    without_mark: tuple[NoMark, ...]
    """The first of them; each exercise counts all of its own."""
    walls: Mapping[str, int]
    """How many runs had a wall of which level."""
    versions: tuple[str, ...]
    """Versions of the course that the grades come from."""
    notes: tuple[Note, ...]
    topics: Mapping[Topic, int]

    @property
    def graded(self) -> int:
        """How many submissions have a mark."""
        return sum(exercise.marks.graded for exercise in self.exercises)

    @property
    def ungraded(self) -> int:
        """How many have none."""
        return sum(sum(exercise.without_mark.values()) for exercise in self.exercises)


def summarise(rows: Iterable[Row], notes: Iterable[Note]) -> Statistics:
    """Return the figures of a cohort; rows may come in any order."""
    exercises: dict[str, _Exercise] = {}
    learners: set[str] = set()
    without_mark: list[NoMark] = []
    walls: Counter[str] = Counter()
    versions: set[str] = set()
    for row in rows:
        learners.add(row.learner)
        if row.exercise not in exercises:
            exercises[row.exercise] = _Exercise(row.exercise)
        exercise = exercises[row.exercise]
        if isinstance(row.result, Grade):
            exercise.add(row, row.result)
            walls[row.result.evidence.wall.level] += 1
            versions.add(row.result.provenance.versions["course"])
        else:
            exercise.without_mark[row.obstacle] += 1
            without_mark += [_no_mark(row, row.result)] if len(without_mark) < LISTED else []
    noted = tuple(notes)
    return Statistics(
        learners=len(learners),
        exercises=tuple(exercises[slug].figures() for slug in sorted(exercises)),
        without_mark=tuple(without_mark),
        walls=dict(sorted(walls.items())),
        versions=tuple(sorted(versions)),
        notes=noted[:LISTED],
        topics=Counter(note.topic for note in noted),
    )


def _no_mark(row: Row, result: Ungraded | Refused | None) -> NoMark:
    match result:
        case Ungraded(fault=detail) | Refused(reason=detail):
            pass
        case None:
            detail = ""
    return NoMark(learner=row.learner, exercise=row.exercise, why=row.obstacle, detail=detail)


class _Exercise:
    """Everything that is counted of one exercise."""

    def __init__(self, slug: str) -> None:
        self._slug = self._title = slug
        self._marks = MarkTally()
        self._checks: dict[str, CheckTally] = {}
        self._misconceptions = MisconceptionTally()
        self._barriers = BarrierTally()
        self._cost = CostTally()
        self._nameless = 0
        self.without_mark: Counter[str] = Counter()

    def add(self, row: Row, grade: Grade) -> None:
        self._title = grade.title
        self._marks.add(row, grade)
        for outcome in grade.outcomes:
            if outcome.check not in self._checks:
                self._checks[outcome.check] = CheckTally(outcome)
            self._checks[outcome.check].add(outcome, grade.earned)
        self._misconceptions.add(row, grade)
        self._barriers.add(grade)
        self._cost.add(grade)
        self._nameless += not grade.full_marks and not grade.diagnoses

    def figures(self) -> ExerciseFigures:
        return ExerciseFigures(
            slug=self._slug,
            title=self._title,
            marks=self._marks.figures(),
            without_mark=dict(self.without_mark),
            nameless=self._nameless,
            checks=tuple(check.figures() for check in self._checks.values()),
            misconceptions=self._misconceptions.figures(),
            barriers=self._barriers.figures(),
            cost=self._cost.figures(),
        )
