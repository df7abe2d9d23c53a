"""A course in a folder of its own, as a learner has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from grader import course, pipeline
from grader.learning.folder import Folder, begin
from grader.places import SOLUTIONS, SPECIMENS
from grader.records import Exercise


class Desk(NamedTuple):
    """What a learner works on: exercise 03, in a course of their own."""

    folder: Folder
    exercise: Exercise

    @property
    def file(self) -> Path:
        return self.folder.exercises / f"{self.exercise.slug}.py"

    @property
    def solution(self) -> bytes:
        return (SOLUTIONS / f"{self.exercise.slug}.py").read_bytes()

    def specimen(self, name: str) -> bytes:
        return (SPECIMENS / self.exercise.slug / f"{name}.py").read_bytes()


@pytest.fixture(scope="session")
def new_desk() -> Callable[[Path], Desk]:
    return lambda root: Desk(begin(root)[0], course.exercises()["03_partial_unfreeze"])


@pytest.fixture
def desk(new_desk: Callable[[Path], Desk], tmp_path: Path) -> Desk:
    return new_desk(tmp_path)


@pytest.fixture
def unjudged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have nothing that judges, and plans as a handout without a judge brings them."""
    draw = course.draw

    def practice(exercise: Exercise, seed: int) -> course.Drawn:
        plan, arrays = draw(exercise, seed)
        return {**plan, "tells_calls": True}, arrays

    monkeypatch.setattr(course, "judges", lambda: False)
    monkeypatch.setattr(course, "draw", practice)
    pipeline._question._ask.cache_clear()
    yield
    pipeline._question._ask.cache_clear()
