"""Build the grade from outcomes and diagnoses."""

from __future__ import annotations

from collections.abc import Sequence

from grader.authoring import how_it_ended
from grader.records import (
    Diagnosis,
    Evidence,
    Exercise,
    Figure,
    Grade,
    Outcome,
    Provenance,
    Run,
    Standing,
    Submission,
    Verdict,
)
from grader.wire.answer import UNDEFINED, spaced


def score(
    submission: Submission,
    exercise: Exercise,
    evidence: Evidence,
    outcomes: Sequence[Outcome],
    diagnoses: Sequence[Diagnosis],
    figures: Sequence[Figure],
    provenance: Provenance,
) -> Grade:
    """Return the grade: the points of the checks that passed, and what to do next."""
    passed = [outcome for outcome in outcomes if outcome.verdict is Verdict.PASSED]
    return Grade(
        exercise=exercise.slug,
        title=exercise.title,
        learner=submission.learner,
        path=submission.path,
        earned=sum(outcome.points for outcome in passed),
        possible=sum(outcome.points for outcome in outcomes),
        standing=Standing.PRACTICE,
        outcomes=tuple(outcomes),
        diagnoses=tuple(diagnoses),
        next_step=_next_step(exercise, evidence, outcomes, diagnoses),
        figures=tuple(figures),
        set_aside=submission.set_aside,
        evidence=Run.of(evidence),
        provenance=provenance,
    )


def _next_step(
    exercise: Exercise, evidence: Evidence, outcomes: Sequence[Outcome], diagnoses: Sequence[Diagnosis]
) -> str:
    """Say what to do first, in one or two sentences."""
    open_ = [outcome for outcome in outcomes if outcome.verdict is not Verdict.PASSED]
    if not open_:
        return f"All points. {exercise.afterwards}"
    ended = how_it_ended(evidence, goes_on=bool(evidence.facts))
    if evidence.interruptions or (evidence.crash and _is_behind_it(open_)):
        return ended
    return spaced(_start(exercise, outcomes, open_, diagnoses), ended)


def _is_behind_it(open_: Sequence[Outcome]) -> bool:
    """Whether a line that raised may be why points are missing: without it, something is not defined."""
    missing = any(UNDEFINED in each.message or "NameError" in each.message for each in open_)
    return missing or all(each.verdict is Verdict.BLOCKED for each in open_)


def _start(
    exercise: Exercise, outcomes: Sequence[Outcome], open_: Sequence[Outcome], diagnoses: Sequence[Diagnosis]
) -> str:
    """Say with which function to begin."""
    if diagnoses:
        return f"Start with `{diagnoses[0].function}`. {diagnoses[0].question}"
    failed = [outcome for outcome in open_ if outcome.verdict is Verdict.FAILED] or open_
    first = min(failed, key=lambda outcome: exercise.functions.index(outcome.function))
    nudge = f" {exercise.hints[0]}" if len(open_) == len(outcomes) else ""
    return f"Start with `{first.function}`: {first.message}{nudge}"
