"""Gradescope's ``results.json``: written before the first exercise and again after each, so that any end leaves one.

There are two tiers. What the code did is always visible to its learner; what the hidden checks found has the
visibility that staff chose, and a hidden row hides the total as well. Text of the learner's is only ever text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from grader.authoring import how_it_ended
from grader.records import Grade, Outcome, Record, Verdict

from .common import earned

Visibility = Literal["visible", "after_due_date", "after_published", "hidden"]
WAITING = "Not graded: the autograder was stopped before it came to this exercise."
RAN = "Your code ran to its end."
_STATUS: dict[Verdict, Literal["passed", "failed"]]
_STATUS = {Verdict.PASSED: "passed", Verdict.FAILED: "failed", Verdict.BLOCKED: "failed"}


class _Test(Record, frozen=True, kw_only=True):
    name: str
    score: int
    max_score: int
    visibility: Visibility
    status: Literal["passed", "failed"] | msgspec.UnsetType = msgspec.UNSET
    """Unset, it is left out, and Gradescope compares the score with its maximum."""
    output: str
    output_format: str = "text"
    """Never one of the formats that have links or HTML."""
    extra_data: Mapping[str, Any] = {}


class _Results(Record, frozen=True, kw_only=True):
    execution_time: float
    stdout_visibility: Visibility
    tests: tuple[_Test, ...]
    extra_data: Mapping[str, Any]


def results(grades: Sequence[Grade], waiting: Mapping[str, int], visibility: Visibility) -> bytes:
    """Return the JSON; ``waiting`` are the exercises still to come, with the points they are worth."""
    tests = [test for grade in grades for test in _tests(grade, visibility)]
    tests += [
        _Test(name=slug, score=0, max_score=points, visibility="visible", output=WAITING)
        for slug, points in waiting.items()
    ]
    made = _Results(
        execution_time=round(sum(grade.evidence.seconds for grade in grades), 3),
        stdout_visibility="hidden",
        tests=tuple(tests),
        extra_data={grade.exercise: msgspec.to_builtins(grade.provenance) for grade in grades},
    )
    return msgspec.json.format(msgspec.json.encode(made), indent=2)


def _tests(grade: Grade, visibility: Visibility) -> Iterator[_Test]:
    yield _what_happened(grade, visibility)
    for outcome in grade.outcomes:
        yield _check(grade.exercise, outcome, visibility)
    if grade.diagnoses:
        said = "\n\n".join(f"{each.title}\n{each.seen}\n{each.question}" for each in grade.diagnoses)
        name = f"{grade.exercise}: what seems to be behind it"
        yield _Test(name=name, score=0, max_score=0, visibility=visibility, output=said)


def _what_happened(grade: Grade, visibility: Visibility) -> _Test:
    """Tell what needs no judging; what to do next is told here only where the checks are visible too."""
    ended = how_it_ended(grade.evidence, goes_on=not grade.not_imported)
    said = grade.next_step if visibility == "visible" else ended or RAN
    printed = f"What your code printed:\n{grade.evidence.console}" if grade.evidence.console.strip() else ""
    return _Test(
        name=f"{grade.exercise}: what your code did",
        score=0,
        max_score=0,
        visibility="visible",
        output="\n\n".join(filter(None, [said, *grade.set_aside, printed])),
    )


def _check(exercise: str, outcome: Outcome, visibility: Visibility) -> _Test:
    return _Test(
        name=f"{exercise}: {outcome.title}",
        score=earned(outcome),
        max_score=outcome.points,
        visibility=visibility,
        status=_STATUS[outcome.verdict],
        output=outcome.message,
        extra_data={"check": outcome.check, "verdict": outcome.verdict.value},
    )
