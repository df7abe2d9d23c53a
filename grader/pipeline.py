"""The life of one submission."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

import msgspec

from . import course, fixtures, note
from .courses import remembered
from .errors import SandboxFault
from .isolate import Question, Sandbox, run
from .judging.account import account
from .judging.check import check
from .judging.diagnose import diagnose
from .judging.score import score
from .notebook import locate, pieces
from .records import Account, Crash, Evidence, Exercise, Grade, Provenance, Submission, Wall
from .wire.wall import Level


def grade(submission: Submission, sandbox: Sandbox | None, seed: int | None = None) -> Grade:
    """Run the learner's code once, write down what it did, and judge only what was written.

    A note is read and never run: it needs no sandbox.
    """
    exercise = course.exercises()[submission.exercise]
    return judge(submission, exercise, observe(submission, exercise, sandbox, course.seed(exercise, seed)))


def examine(submission: Submission, sandbox: Sandbox | None, seed: int | None = None) -> Grade | Account:
    """Grade a submission; where the hidden checks are not, only tell what its code did."""
    exercise = course.exercises()[submission.exercise]
    return conclude(submission, exercise, observe(submission, exercise, sandbox, course.seed(exercise, seed)))


def refused(exercise: Exercise, path: Path, why: str) -> tuple[Submission, Grade | Account]:
    """Return what a missing file, or one that cannot be graded, gets: every check is blocked, and nothing was run."""
    submission = Submission(
        learner="", exercise=exercise.slug, path=str(path), source=b"", sha256=hashlib.sha256(b"").hexdigest()
    )
    seed = course.seed(exercise, None)
    evidence = Evidence(
        submission_sha256=submission.sha256,
        exercise=exercise.slug,
        seed=seed,
        plan=_question(exercise, seed).plan,
        facts={},
        arrays={},
        crash=Crash(type="", message=why),
        interruptions=(),
        console="",
        seconds=0.0,
        peak_mb=0.0,
        wall=Wall(level=Level.NONE, summary="nothing was run"),
        versions={},
    )
    return submission, conclude(submission, exercise, evidence)


def observe(submission: Submission, exercise: Exercise, sandbox: Sandbox | None, seed: int) -> Evidence:
    """Ask the exercise's probe about the submission, the only step that runs anything; or read the note.

    Raise SandboxFault when the probe cannot be asked.
    """
    if exercise.is_note:
        return note.read(submission, exercise)
    if sandbox is None:
        raise SandboxFault("There is no sandbox, and code runs nowhere else.")
    task = msgspec.structs.replace(
        _question(exercise, seed),
        filename=PurePath(submission.path).name,
        source=submission.source,
        pieces=pieces(submission.cells),
    )
    return locate(run(sandbox, submission, exercise, task, seed), submission.cells)


@remembered(16)
def _question(exercise: Exercise, seed: int) -> Question:
    """Return what is asked, of nobody yet; a batch asks everybody the same."""
    plan, arrays = course.draw(exercise, seed)
    return Question(
        filename="",
        source=b"",
        probe=str(course.probe_path(exercise)),
        parts=exercise.parts,
        seconds=exercise.limits.seconds,
        plan=plan,
        fixtures={name: str(f.file) for name, f in fixtures.for_sandbox(exercise.fixtures).items()},
        arrays=arrays,
        door=course.door(exercise, plan),
    )


def judge(submission: Submission, exercise: Exercise, evidence: Evidence) -> Grade:
    """Turn evidence into a grade; pure, so that last year's evidence can be judged again."""
    (graded,) = judge_all(exercise, [(submission, evidence)])
    return graded


def judge_all(exercise: Exercise, seen: Sequence[tuple[Submission, Evidence]]) -> list[Grade]:
    """Judge many at once, which is quicker: the checks are set up once. One fault of ours is the fault of all.

    Learners' arrays may hold anything, so what cannot be added up is infinite or NaN, and no warning is given.
    """
    import numpy as np

    with np.errstate(all="ignore"):
        return list(_judged(exercise, seen))


def _judged(exercise: Exercise, seen: Sequence[tuple[Submission, Evidence]]) -> Iterator[Grade]:
    for (submission, evidence), outcomes in zip(seen, check(exercise, [each for _, each in seen]), strict=True):
        diagnoses = diagnose(exercise, evidence, outcomes)
        figures = course.part(exercise, "figures").draw(evidence) if course.has(exercise, "figures") else ()
        provenance = _provenance(exercise, evidence)
        yield score(submission, exercise, evidence, outcomes, diagnoses, figures, provenance)


def tell(submission: Submission, exercise: Exercise, evidence: Evidence) -> Account:
    """Say what the evidence holds without judging it."""
    return account(submission, exercise, evidence, _provenance(exercise, evidence))


def conclude(submission: Submission, exercise: Exercise, evidence: Evidence) -> Grade | Account:
    """Judge the evidence; where the hidden checks are not, only tell it."""
    return (judge if course.judges() else tell)(submission, exercise, evidence)


def _provenance(exercise: Exercise, evidence: Evidence) -> Provenance:
    return Provenance(
        source_sha256=evidence.submission_sha256,
        seed=evidence.seed,
        versions={**evidence.versions, "course": course.version()},
        fixtures={name: fixtures.manifest()[name].sha256 for name in exercise.fixtures},
    )
