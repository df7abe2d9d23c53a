"""The course checks itself: stubs earn nothing, solutions everything, and every specimen its own name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from . import fixtures
from .courses import current
from .discover import discover
from .isolate import Sandbox
from .judging.diagnose import page
from .note import example
from .pipeline import grade
from .records import Exercise, Grade, Record, Submission

TODO = "TODO"
"""Stands in what an author has to write still."""


class CourseFinding(Record, frozen=True, kw_only=True):
    """One thing that was checked."""

    what: str
    held: bool
    detail: str = ""


def selfcheck(exercises: Sequence[Exercise], sandbox: Sandbox, seed: int | None) -> Iterator[CourseFinding]:
    """Check fixtures, stubs, solutions and specimens, one finding at a time."""
    for name in fixtures.manifest():
        fixtures.verified(name)
        yield CourseFinding(what=f"fixture {name}", held=True)
    for exercise in exercises:
        yield from _check_exercise(exercise, sandbox, seed)


def _check_exercise(exercise: Exercise, sandbox: Sandbox, seed: int | None) -> Iterator[CourseFinding]:
    def graded(path: Path) -> Grade:
        return grade(submission_of(exercise, path), sandbox, seed)

    if waiting := list(_unwritten(exercise)):
        yield CourseFinding(what=f"{exercise.slug} is written", held=False, detail=f"TODO: {', '.join(waiting)}")
    stub = graded(current().stubs / exercise.filename)
    first = exercise.functions[0]
    yield CourseFinding(
        what=f"stub {exercise.slug} earns nothing and says what to do first",
        held=stub.earned == 0 and not stub.diagnoses and first in stub.next_step,
        detail=f"{stub.earned} points, {stub.next_step}",
    )
    solution = graded(current().solutions / exercise.filename)
    yield CourseFinding(
        what=f"solution {exercise.slug} earns everything",
        held=solution.full_marks and not solution.diagnoses,
        detail=f"{solution.earned} of {solution.possible}",
    )
    for name in exercise.misconceptions:
        specimen = graded(specimen_of(exercise, name))
        named = [diagnosis.misconception for diagnosis in specimen.diagnoses]
        held = named == [name] and not specimen.full_marks
        yield CourseFinding(
            what=f"specimen {name}", held=held, detail=f"named {named or 'nothing'}, {specimen.earned} points"
        )


def _unwritten(exercise: Exercise) -> Iterator[str]:
    """Name every text that is as `grade new` made it."""
    told = {name: getattr(exercise, name) for name in ("title", "teaches", "afterwards")}
    told |= {f"hint {number}": hint for number, hint in enumerate(exercise.hints, 1)}
    yield from (name for name, text in told.items() if TODO in text)
    for name in exercise.misconceptions:
        if any(TODO in text for text in msgspec.structs.astuple(page(exercise, name))):
            yield f"the page of {name}"


def specimen_of(exercise: Exercise, misconception: str) -> Path:
    """Return the submission that was written to hold one misconception."""
    return current().specimens / exercise.slug / f"{misconception.replace('-', '_')}{exercise.suffix}"


def submission_of(exercise: Exercise, path: Path) -> Submission:
    """Read a file of the course's own; a note speaks of the shipped example."""
    return discover(path, exercise=exercise.slug, learner="selfcheck", evidence=example(exercise))


class Confusion(Record, frozen=True, kw_only=True):
    """How often each misconception of an exercise was named for each specimen; a row is the truth."""

    exercise: str
    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    """One column per name, and a last one for specimens for which nothing was named."""

    @property
    def diagonal(self) -> bool:
        """Whether every specimen got its own name, each time, and no other."""
        return all(bool(count) == (row == column) for row, counts in enumerate(self.counts)
                   for column, count in enumerate(counts))  # fmt: skip


def confusion(exercise: Exercise, sandbox: Sandbox, seeds: Sequence[int | None]) -> Confusion:
    """Grade every specimen once per seed and count the names; None stands for a fresh seed."""
    names = exercise.misconceptions
    counts = [[0] * (len(names) + 1) for _ in names]
    for row, name in enumerate(names):
        submission = submission_of(exercise, specimen_of(exercise, name))
        for seed in seeds:
            named = [diagnosis.misconception for diagnosis in grade(submission, sandbox, seed).diagnoses]
            for column in map(names.index, named):
                counts[row][column] += 1
            counts[row][-1] += not named
    return Confusion(exercise=exercise.slug, names=names, counts=tuple(map(tuple, counts)))
