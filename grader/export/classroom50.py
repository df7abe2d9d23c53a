"""``classroom50/result/v1``: the ``result.json`` that a Classroom 50 autograder leaves in the learner's checkout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from grader.errors import UsageError
from grader.records import Record, Verdict

from .common import Result, earned, headline, outcomes, totals

FILE = "result.json"
BODY = "release-body.md"
"""Markdown for the release, beside the result."""
_NEEDED = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "USERNAME", "COMMIT_URL", "RELEASE_URL")


class _Test(Record, frozen=True, kw_only=True, rename="kebab"):
    test_name: str
    passed: bool
    score: int
    max_score: int
    exercise: str
    check: str
    message: str


class _Result(Record, frozen=True, kw_only=True):
    schema: str = "classroom50/result/v1"
    classroom: str
    assignment: str
    assignment_type: str
    owner: str
    submission: str
    commit: str
    release: str
    review: str
    datetime: str
    """The runner puts the commit's own time in its place."""
    score: int
    max_score: int = msgspec.field(name="max-score")
    tests: tuple[_Test, ...]


def is_runner(environment: Mapping[str, str]) -> bool:
    """Whether a Classroom 50 runner is asking."""
    return "SUBMISSION_TAG" in environment and "CLASSROOM" in environment


def result(results: Sequence[Result], environment: Mapping[str, str]) -> bytes:
    """Return the JSON; who and what it is about comes from the environment. Raise UsageError where that lacks it."""
    if missing := [name for name in _NEEDED if not environment.get(name)]:
        raise UsageError(f"Classroom 50's runner sets {', '.join(missing)}, and here it is not set.")
    score, possible = totals(results)
    made = _Result(
        classroom=environment["CLASSROOM"],
        assignment=environment["ASSIGNMENT"],
        assignment_type=environment.get("ASSIGNMENT_TYPE", "individual"),
        owner=environment["USERNAME"],
        submission=environment["SUBMISSION_TAG"],
        commit=environment["COMMIT_URL"],
        release=environment["RELEASE_URL"],
        review=environment.get("REVIEW_URL") or environment["COMMIT_URL"],
        datetime=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        score=score,
        max_score=possible,
        tests=tuple(test for each in results for test in _tests(each)),
    )
    return msgspec.json.format(msgspec.json.encode(made), indent=2)


def status(results: Sequence[Result]) -> dict[str, str]:
    """Return the outputs for the commit status; left to itself, the runner would say that all tests passed."""
    complete = all(each.is_complete for each in results)
    return {"status": "success" if complete else "failure", "summary": headline(results)}


def _tests(each: Result) -> list[_Test]:
    return [
        _Test(
            test_name=f"{each.exercise}: {outcome.title}",
            passed=outcome.verdict is Verdict.PASSED,
            score=earned(outcome),
            max_score=outcome.points,
            exercise=each.exercise,
            check=outcome.check,
            message=outcome.message,
        )
        for outcome in outcomes(each)
    ]
