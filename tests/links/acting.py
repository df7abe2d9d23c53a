"""Commands in this process, with nothing that runs: every submission has the same mark."""

from __future__ import annotations

import sys
from collections.abc import Callable

import msgspec

from grader.cli import main
from grader.records import Account, Grade, Submission, Wall
from tests.cohort import pretend

MARK = "2 of 3 points"


class Sandbox:
    """Runs nothing, behind walls that hold."""

    def wall(self) -> Wall:
        return Wall(level="A", summary="kernel-isolated")


def examine(submission: Submission, _: object, seed: int | None = None) -> Grade | Account:  # noqa: ARG001
    made = pretend.grade(exercise=submission.exercise)
    known = msgspec.structs.replace(made.provenance, source_sha256=submission.sha256)
    return msgspec.structs.replace(made, provenance=known)


def typed(*words: str) -> Callable[[], object]:
    def run() -> object:
        sys.argv = ["grade", *words]
        try:
            main()
        except SystemExit as end:
            return end.code
        return 0

    return run
