"""Honest work in odd clothes earns everything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import course, pipeline
from grader.isolate import Sandbox, open_sandbox
from grader.records import Ending, Grade, Submission

HERE = Path(__file__).parent
SUBMISSIONS = sorted((HERE / "submissions").glob("*.py"))
SEED = 1213


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox([course.exercises()["03_partial_unfreeze"]], warm=True) as opened:
        level = opened.wall().level
        if level != "A":
            pytest.skip(f"the sandbox is level {level} here; what it breaks is asked behind level A only")
        yield opened


def graded(path: Path, sandbox: Sandbox, source: bytes | None = None) -> Grade:
    source = path.read_bytes() if source is None else source
    handed_in = Submission(
        learner="learner-01",
        exercise="03_partial_unfreeze",
        path=str(path),
        source=source,
        sha256=hashlib.sha256(source).hexdigest(),
    )
    return pipeline.grade(handed_in, sandbox, SEED)


@pytest.mark.parametrize("path", SUBMISSIONS, ids=[path.stem for path in SUBMISSIONS])
def test_honest_but_odd_work_earns_everything(path: Path, sandbox: Sandbox) -> None:
    grade = graded(path, sandbox)
    assert (grade.earned, grade.possible) == (15, 15), (grade.next_step, grade.evidence.console[-1000:])
    assert grade.evidence.ending is Ending.FINISHED
    assert not grade.diagnoses


def test_a_fault_in_one_function_costs_only_that_functions_points(sandbox: Sandbox) -> None:
    grade = graded(HERE / "submissions" / "partly" / "raises_in_one_function.py", sandbox)
    lost = {outcome.function for outcome in grade.outcomes if outcome.verdict.value != "passed"}
    assert lost == {"trainable_by_depth"}
    assert grade.earned == 12
    assert "I gave up here" in grade.next_step


def test_long_output_is_shown_from_its_end_and_is_short(sandbox: Sandbox) -> None:
    grade = graded(HERE / "submissions" / "prints_ten_megabytes.py", sandbox)
    assert 10_000 < len(grade.evidence.console) <= 16_000
    assert set(grade.evidence.console) == {"x", "\n"}


def test_the_files_are_as_odd_as_they_say() -> None:
    raw = {path.stem: path.read_bytes() for path in SUBMISSIONS}
    assert b"\r\n" in raw["windows_line_ends"]
    assert raw["byte_order_mark"].startswith(b"\xef\xbb\xbf")
    assert b"\n\treturn" in raw["tabs"]
    assert b"gr\xf6\xdfe" in raw["latin_1"]
    assert not raw["names_in_other_scripts"].isascii()
