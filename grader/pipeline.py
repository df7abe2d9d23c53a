"""The life of one submission."""

from __future__ import annotations

import secrets
from pathlib import PurePath

from . import course, fixtures
from .check import check
from .diagnose import diagnose
from .isolate import Sandbox, Task, run
from .records import Evidence, Exercise, Grade, Submission
from .score import score


def grade(submission: Submission, sandbox: Sandbox, seed: int | None = None) -> Grade:
    """Run the learner's code once, write down what it did, and judge only what was written."""
    exercise = course.exercises()[submission.exercise]
    evidence = observe(submission, exercise, sandbox, secrets.randbits(31) if seed is None else seed)
    return judge(submission, exercise, evidence)


def observe(submission: Submission, exercise: Exercise, sandbox: Sandbox, seed: int) -> Evidence:
    """Ask the exercise's probe about the submission; the only step that runs anything."""
    plan, arrays = course.draw(exercise, seed)
    task = Task(
        filename=PurePath(submission.path).name,
        source=submission.source,
        probe=str(course.probe_path(exercise)),
        parts=exercise.parts,
        seconds=exercise.limits.seconds,
        plan=plan,
        fixtures={name: str(f.file) for name, f in fixtures.for_sandbox(exercise.fixtures).items()},
        arrays=arrays,
    )
    return run(sandbox, submission, exercise, task, seed)


def judge(submission: Submission, exercise: Exercise, evidence: Evidence) -> Grade:
    """Turn evidence into a grade; pure, so that last year's evidence can be judged again."""
    (outcomes,) = check(exercise, [evidence])
    diagnoses = diagnose(exercise, evidence, outcomes)
    figures = course.part(exercise, "figures").draw(evidence)
    used = {name: fixtures.manifest()[name].sha256 for name in exercise.fixtures}
    return score(submission, exercise, evidence, outcomes, diagnoses, figures, used)
