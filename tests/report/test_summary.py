"""The summary of a job: readable, and never too long for GitHub."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from grader.records import Grade
from grader.report import summary
from grader.report.summary import CAP


@pytest.fixture
def grade(graded: Callable[..., Grade], solution: str) -> Grade:
    return graded(solution.replace("parameter.numel()", "1"))


def test_it_tells_points_what_to_do_and_what_is_behind_it(grade: Grade) -> None:
    told = summary("a headline", [grade])
    assert told.startswith("## a headline\n")
    assert f"| {grade.earned}/{grade.possible} |" in told
    assert grade.diagnoses[0].misconception == "count-tensors-not-scalars"
    assert told.count("\n- **") == len(grade.outcomes)
    assert "marks of record" in told


def test_what_would_be_too_long_is_left_out_and_said(grade: Grade) -> None:
    long = [msgspec.structs.replace(each, message="m" * CAP) for each in grade.outcomes]
    told = summary("a headline", [msgspec.structs.replace(grade, outcomes=tuple(long))])
    assert len(told.encode()) <= CAP
    assert "too long to be shown" in told
    assert f"| {grade.earned}/{grade.possible} |" in told
