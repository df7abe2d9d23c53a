"""What ``classroom-resources/autograding-grading-reporter`` reads: a runner's result, base64 of JSON.

The reporter adds up twice: its notice sums the tests' scores, its table multiplies the share of passed tests with
``max_score``. Tests worth one point each make both the same, so a check of two points becomes two tests. It prints
names raw, so nothing of the learner's goes in; and it wants at least one test, whole numbers and a ``line_no``.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from grader.records import Outcome, Record, Verdict

from .common import Result, outcomes, totals

NAME_CAP = 150


class _Test(Record, frozen=True, kw_only=True):
    name: str
    status: Literal["pass", "fail", "error"]
    score: int
    line_no: int
    """0 where no line is to blame."""
    message: str | None = None
    """Printed only beside the status ``error``."""


class _Runner(Record, frozen=True, kw_only=True):
    version: int = 1
    status: Literal["pass", "fail"]
    max_score: int
    tests: tuple[_Test, ...]


def runner(results: Sequence[Result]) -> str:
    """Return the result of one runner, as one line of base64."""
    made = _Runner(
        status="pass" if all(result.is_complete for result in results) else "fail",
        max_score=totals(results)[1],
        tests=tuple(test for result in results for outcome in outcomes(result) for test in _tests(result, outcome)),
    )
    return base64.b64encode(msgspec.json.encode(made)).decode("ascii")


def _tests(result: Result, outcome: Outcome) -> Iterator[_Test]:
    name = f"{result.exercise}: {outcome.title}"[:NAME_CAP]
    if not outcome.points:
        yield _unscored(name, outcome.verdict)
    passed = outcome.verdict is Verdict.PASSED
    for point in range(1, outcome.points + 1):
        yield _Test(
            name=name if outcome.points == 1 else f"{name} (point {point} of {outcome.points})",
            status="pass" if passed else "fail",
            score=int(passed),
            line_no=outcome.line or 0,
        )


def _unscored(name: str, verdict: Verdict) -> _Test:
    """Return a row without points; what did not run is told as such."""
    status: dict[Verdict, Literal["pass", "fail", "error"]]
    status = {Verdict.PASSED: "pass", Verdict.FAILED: "fail", Verdict.BLOCKED: "error"}
    return _Test(name=name, status=status[verdict], score=0, line_no=0, message=name)
