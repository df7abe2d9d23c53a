"""One warm sandbox for the whole session: importing torch once is most of what the tests would cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox, open_sandbox
from grader.note import example
from grader.pipeline import grade
from grader.places import SOLUTIONS
from grader.records import Exercise, Grade

SEED = 20_260


@pytest.fixture(scope="session")
def exercise() -> Exercise:
    return course.exercises()["03_partial_unfreeze"]


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(list(course.exercises().values()), warm=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def solution() -> str:
    return (SOLUTIONS / "03_partial_unfreeze.py").read_text("utf-8")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no exercise run for longer than five seconds."""
    hurried = {
        slug: msgspec.structs.replace(each, limits=msgspec.structs.replace(each.limits, seconds=5.0))
        for slug, each in course.exercises().items()
    }
    monkeypatch.setattr(course, "exercises", lambda: hurried)


@pytest.fixture
def graded(sandbox: Sandbox, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Grade]:
    """Grade a source text or bytes as the exercise that the test names or its module is about, else as 03."""
    about = getattr(request.module, "EXERCISE", None)

    def run(source: str | bytes, seed: int = SEED, slug: str = about.slug if about else "03_partial_unfreeze") -> Grade:
        exercise = course.exercises()[slug]
        path = tmp_path / f"{slug}{exercise.suffix}"
        path.write_bytes(source if isinstance(source, bytes) else source.encode())
        return grade(discover(path, learner="learner-01", evidence=example(exercise)), sandbox, seed)

    return run
