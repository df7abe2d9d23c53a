"""The checks of an exercise as instructors usually run them: pytest, torch and the learner's code in one process.

Same models, same questions, same training runs, same judgement; only the wall is missing. For isolate.py and batch.py.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader import course, fixtures
from grader.inside.observe import Submitted
from grader.inside.work import import_submission, load_probe
from grader.records import Evidence, Wall
from grader.wire.job import Job

EXERCISE = course.exercises()[os.environ.get("GRADE_EXERCISE", "03_partial_unfreeze")]
SEED = int(os.environ.get("GRADE_SEED", "5"))


@pytest.fixture(scope="session")
def seen() -> Any:
    """Run the probe in this very process."""
    plan, arrays = course.draw(EXERCISE, SEED)
    files = {name: str(fixture.file) for name, fixture in fixtures.for_sandbox(EXERCISE.fixtures).items()}
    source = Path(os.environ["GRADE_SUBMISSION"]).read_bytes()
    job = Job(
        filename="submission.py",
        source=source,
        probe="",
        parts=EXERCISE.parts,
        seconds=60,
        plan=plan,
        fixtures=files,
        arrays=arrays,
    )
    probe = load_probe(str(course.probe_path(EXERCISE)))
    prepared = probe.prepare(job)
    learner = Submitted(import_submission(job), job.filename)
    found = [fact for part in EXERCISE.parts for fact in getattr(probe, part)(learner, prepared)]
    return course.part(EXERCISE, "seen").read(
        Evidence(
            submission_sha256="",
            exercise=EXERCISE.slug,
            seed=SEED,
            plan=plan,
            facts={fact.name: msgspec.to_builtins(fact.value) for fact in found},
            arrays={f"{fact.name}/{name}": array for fact in found for name, array in fact.arrays.items()},
            crash=None,
            interruptions=(),
            console="",
            seconds=0,
            peak_mb=0,
            wall=Wall(level="C", summary=""),
            versions={},
        )
    )


for _name, _check in vars(course.part(EXERCISE, "checks")).items():
    if _name.startswith("test_"):
        globals()[_name] = _check
