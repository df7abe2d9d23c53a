"""Rows of a cohort without a sandbox: only what statistics, pages and exports look at is real."""

from __future__ import annotations

from datetime import UTC, datetime

from grader.records import (
    Crash,
    Diagnosis,
    Ending,
    Grade,
    Interruption,
    Outcome,
    Provenance,
    Run,
    Standing,
    Verdict,
    Wall,
)
from grader.records.cohort import Clock, Lateness, Refused, Row, Ungraded

SLUG = "03_partial_unfreeze"
MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)
VERDICTS = {"+": Verdict.PASSED, "-": Verdict.FAILED, "0": Verdict.BLOCKED}


def outcome(name: str, verdict: str, *, points: int = 1, function: str = "", message: str = "") -> Outcome:
    return Outcome(
        check=name,
        title=f"Check {name}",
        function=function or f"function_{name}",
        points=points,
        verdict=VERDICTS[verdict],
        message=message,
    )


def named(misconception: str, seen: str = "Something was seen.") -> Diagnosis:
    return Diagnosis(
        misconception=misconception,
        title=f"About {misconception}",
        function="f",
        seen=seen,
        question="What does depth 0 free?",
    )


def grade(
    verdicts: str | tuple[Outcome, ...] = "++-",
    *,
    exercise: str = SLUG,
    diagnoses: tuple[Diagnosis, ...] = (),
    ending: Ending = Ending.FINISHED,
    crash: Crash | None = None,
    seconds: float = 1.0,
    peak_mb: float = 100.0,
    wall: str = "A",
    version: str = "2026.1",
    console: str = "",
    next_step: str = "Start with `backbone_blocks`.",
) -> Grade:
    """Make a grade; a text has one check for each of its marks: + passed, - failed, 0 blocked."""
    outcomes = verdicts
    if isinstance(outcomes, str):
        outcomes = tuple(outcome(chr(ord("a") + place), mark) for place, mark in enumerate(outcomes))
    broken = () if ending is Ending.FINISHED else (Interruption(part="f", ending=ending, seconds=seconds),)
    return Grade(
        exercise=exercise,
        title=f"About {exercise}",
        learner="learner-00",
        path=f"learner-00/{exercise}.py",
        earned=sum(each.points for each in outcomes if each.verdict is Verdict.PASSED),
        possible=sum(each.points for each in outcomes),
        standing=Standing.RECORD,
        outcomes=outcomes,
        diagnoses=diagnoses,
        next_step=next_step,
        figures=(),
        set_aside=(),
        evidence=Run(
            ending=ending,
            seconds=seconds,
            peak_mb=peak_mb,
            wall=Wall(level=wall, summary="kernel-isolated"),
            crash=crash,
            interruptions=broken,
            console=console,
        ),
        provenance=Provenance(source_sha256="0" * 64, seed=7, versions={"course": version}, fixtures={}),
    )


def row(
    result: Grade | Ungraded | Refused | None,
    learner: str = "learner-01",
    *,
    exercise: str = SLUG,
    number: str = "",
    deducted: int = 0,
    days: int = 0,
    free_days: int = 0,
) -> Row:
    late = Lateness(deadline=MOMENT, days=days, free_days=free_days, deducted=deducted) if days else None
    return Row(
        learner=learner,
        exercise=result.exercise if isinstance(result, Grade) else exercise,
        path=f"{learner}/{exercise}.py",
        number=number,
        arrived=MOMENT,
        clock=Clock.FILE,
        key="" if isinstance(result, Refused) else "key",
        result=result,
        late=late,
    )
