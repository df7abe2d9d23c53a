"""The weaker sandbox for macOS and Windows, forced here: same evidence, same grade, and it says what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from grader.discover import discover
from grader.isolate import Sandbox, open_sandbox
from grader.pipeline import judge, observe
from grader.records import Ending, Exercise, Grade, Limits


@pytest.fixture(scope="module")
def weaker(exercise: Exercise) -> Iterator[Sandbox]:
    with open_sandbox([exercise], fallback=True) as opened:
        yield opened


@pytest.fixture
def graded_weaker(weaker: Sandbox, exercise: Exercise, tmp_path: Path) -> Callable[[str], Grade]:
    quick = msgspec.structs.replace(exercise, limits=Limits(seconds=6, memory_mb=1024))

    def run(source: str) -> Grade:
        path = tmp_path / "03_partial_unfreeze.py"
        path.write_text(source, "utf-8")
        submission = discover(path, learner="learner-01")
        return judge(submission, quick, observe(submission, quick, weaker, 5))

    return run


def test_a_solution_earns_everything_and_the_wall_says_c(graded_weaker: Callable[[str], Grade], solution: str) -> None:
    grade = graded_weaker(solution)
    assert grade.full_marks
    assert grade.evidence.wall.level == "C"
    assert "the network is open" in " ".join(grade.evidence.wall.missing)


def test_a_loop_is_stopped_and_what_came_before_it_counts(graded_weaker: Callable[[str], Grade], solution: str) -> None:
    grade = graded_weaker(solution.replace("    sizes = {", "    while True:\n        pass\n    sizes = {"))
    assert grade.evidence.ending is Ending.TIMED_OUT
    assert grade.earned == 12


def test_too_much_memory_is_refused(graded_weaker: Callable[[str], Grade], solution: str) -> None:
    grade = graded_weaker(
        solution.replace("    sizes = {", "    hoard = [b'x' * (1 << 30) for _ in range(10)]\n    sizes = {")
    )
    assert grade.earned == 12
    assert grade.evidence.ending in (Ending.FINISHED, Ending.OUT_OF_MEMORY)
