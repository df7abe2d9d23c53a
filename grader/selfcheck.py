"""The course checks itself: stubs earn nothing, solutions everything, and every specimen its own name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import course, fixtures
from .discover import discover
from .isolate import Sandbox
from .pipeline import grade
from .places import EXERCISES, SOLUTIONS, SPECIMENS
from .records import Exercise, Grade, Record


class Finding(Record, frozen=True, kw_only=True):
    """One thing that was checked."""

    what: str
    held: bool
    detail: str = ""


def selfcheck(sandbox: Sandbox, seed: int | None) -> Iterator[Finding]:
    """Check fixtures, stubs, solutions and specimens, one finding at a time."""
    for name in fixtures.manifest():
        fixtures.verified(name)
        yield Finding(what=f"fixture {name}", held=True)
    for exercise in course.exercises().values():
        yield from _check_exercise(exercise, sandbox, seed)


def _check_exercise(exercise: Exercise, sandbox: Sandbox, seed: int | None) -> Iterator[Finding]:
    def graded(path: Path) -> Grade:
        return grade(discover(path, exercise=exercise.slug, learner="selfcheck"), sandbox, seed)

    stub = graded(EXERCISES / f"{exercise.slug}.py")
    first = exercise.functions[0]
    yield Finding(
        what=f"stub {exercise.slug} earns nothing and says what to do first",
        held=stub.earned == 0 and not stub.diagnoses and first in stub.next_step,
        detail=f"{stub.earned} points, {stub.next_step}",
    )
    solution = graded(SOLUTIONS / f"{exercise.slug}.py")
    yield Finding(
        what=f"solution {exercise.slug} earns everything",
        held=solution.full_marks and not solution.diagnoses,
        detail=f"{solution.earned} of {solution.possible}",
    )
    for name in exercise.misconceptions:
        specimen = graded(SPECIMENS / exercise.slug / f"{name.replace('-', '_')}.py")
        named = [diagnosis.misconception for diagnosis in specimen.diagnoses]
        held = named == [name] and not specimen.full_marks
        yield Finding(
            what=f"specimen {name}", held=held, detail=f"named {named or 'nothing'}, {specimen.earned} points"
        )
