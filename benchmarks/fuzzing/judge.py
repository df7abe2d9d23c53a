"""What has to hold for mutated evidence: it is judged without a fault of ours, and nobody gains by it."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from grader import pipeline
from grader.errors import CourseFault
from grader.records import Evidence, Exercise, Submission

from .cases import Case

JUDGED_AT_ONCE = 200
Seen = tuple[Submission, Evidence]


class Finding(NamedTuple):
    """One mutation that did what none may do."""

    exercise: str
    role: str
    seed: int
    index: int
    """Together with the others, what it takes to make it again."""
    what: str

    def __str__(self) -> str:
        return f"{self.exercise} {self.role} seed {self.seed} mutation {self.index}: {self.what}"


def fuzz(case: Case, seed: int, count: int, first: int = 0) -> tuple[list[Finding], Counter[str]]:
    """Mutate and judge; return what was found, and how the readings ended. A warning is a finding, too."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return _fuzz(case, seed, range(first, first + count))


def _fuzz(case: Case, seed: int, indexes: range) -> tuple[list[Finding], Counter[str]]:
    findings: list[Finding] = []
    ends: Counter[str] = Counter()
    for start in range(0, len(indexes), JUDGED_AT_ONCE):
        waiting: list[tuple[int, Seen]] = []
        for index in indexes[start : start + JUDGED_AT_ONCE]:
            try:
                made = case.mutated(seed, index)
            except Exception as error:  # noqa: BLE001  what a mutation raises is what was to be found out
                findings.append(_found(case, seed, index, f"reading it raised {error!r}"))
                continue
            if isinstance(made, str):
                ends[f"refused: {_short(made)}"] += 1
            else:
                ends[_short(made[1].interruptions[0].detail) if made[1].interruptions else "read"] += 1
                waiting.append((index, made))
        findings += [_found(case, seed, index, what) for index, what in judged(case, waiting)]
    return findings, ends


def _found(case: Case, seed: int, index: int, what: str) -> Finding:
    return Finding(case.exercise.slug, case.role, seed, index, what)


def _short(reason: str) -> str:
    return re.sub(r"\d+", "N", reason.partition(":")[0])[:60] or "cut short"


def judged(case: Case, waiting: Sequence[tuple[int, Seen]]) -> list[tuple[int, str]]:
    """Judge a block; when it breaks, halve it until what broke it is alone."""
    if not waiting:
        return []
    try:
        grades = pipeline.judge_all(case.exercise, [seen for _, seen in waiting])
        for (_, (submission, evidence)), grade in zip(waiting, grades, strict=True):
            msgspec.json.encode(grade)
            msgspec.json.encode(pipeline.tell(submission, case.exercise, evidence))
    except Exception as error:  # noqa: BLE001  what a mutation raises is what was to be found out
        if len(waiting) == 1:
            return [(waiting[0][0], _why(error))]
        half = len(waiting) // 2
        return judged(case, waiting[:half]) + judged(case, waiting[half:])
    return [
        (index, gain)
        for (index, _), grade in zip(waiting, grades, strict=True)
        if (gain := gained(case.exercise, case.role, grade.earned))
    ]


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, CourseFault) else f"judging it raised {error!r}"


def gained(exercise: Exercise, role: str, earned: int) -> str:
    """Say what points nobody may get by leaving something out or spoiling it; empty when there are none."""
    most = {"solution": exercise.points, "specimen": exercise.points - 1, "stub": 0}[role]
    return f"a mutated {role} earned {earned} points" if earned > most else ""
