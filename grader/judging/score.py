"""Build the grade from outcomes and diagnoses."""

from __future__ import annotations

from collections.abc import Sequence

from grader.authoring import why_not_reached
from grader.records import (
    Diagnosis,
    Ending,
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
    if evidence.crash or evidence.ending is not Ending.FINISHED:
        return why_not_reached(evidence, "")
    if diagnoses:
        return f"Start with `{diagnoses[0].function}`. {diagnoses[0].question}"
    failed = [outcome for outcome in open_ if outcome.verdict is Verdict.FAILED] or open_
    first = min(failed, key=lambda outcome: exercise.functions.index(outcome.function))
    nudge = f" {exercise.hints[0]}" if len(open_) == len(outcomes) else ""
    return f"Start with `{first.function}`: {first.message}{nudge}"
