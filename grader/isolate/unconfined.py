"""No sandbox at all: for a learner who looks into their own code with a debugger. Nothing of it counts."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self

import msgspec

from grader.errors import SandboxFault
from grader.records import Exercise, Wall
from grader.wire import messages
from grader.wire.ending import LEFT_STATUS, End
from grader.wire.job import Look
from grader.wire.wall import Level

from .attempt import Attempt, Question
from .reading import START, Reader

_PATIENT_SECONDS = 1e6
"""Nobody waits for a learner who thinks."""


class Unconfined:
    """A process of its own with the user's environment, files and terminal."""

    def __init__(self, exercise: Exercise, path: Path) -> None:
        """Remember what the worker imports and which file it is about; nothing starts before the first attempt."""
        self._imports = exercise.imports
        self._path = str(path.resolve())

    def attempt(self, task: Question) -> Attempt:
        """Run one worker in the user's terminal; raise SandboxFault when it ended before any of the learner's code ran.

        KeyboardInterrupt when the user leaves the debugger.
        """
        reader, started = Reader(task.door), time.monotonic()
        with tempfile.TemporaryDirectory(prefix="grade-debug-", ignore_cleanup_errors=True) as folder:
            job, evidence = Path(folder, "job"), Path(folder, "evidence")
            patient = msgspec.structs.replace(task, filename=self._path, seconds=_PATIENT_SECONDS)
            job.write_bytes(patient.encode())
            evidence.touch()
            look = Look(job=str(job), evidence=str(evidence), imports=tuple(self._imports))
            status = subprocess.run(  # noqa: S603  our own interpreter and module
                [sys.executable, "-P", "-m", "grader.inside", "debug", messages.encode(look).decode()], check=False
            ).returncode
            reader.feed(evidence.read_bytes())
        if status == LEFT_STATUS:
            raise KeyboardInterrupt
        if reader.part == START:
            raise SandboxFault("The debugging run ended before any of the learner's code ran.")
        end = End("ended", status, seconds=round(time.monotonic() - started, 4), peak_mb=0.0)
        return Attempt.of(reader, end, self.wall(), reader.facts["@versions"])

    def twin(self) -> Self:
        """Return this one: there is only one terminal."""
        return self

    def wall(self) -> Wall:
        """Return that there is none."""
        return Wall(level=Level.D, summary="no walls at all: a debugging run, which does not count")

    def close(self) -> None:
        """Nothing outlives an attempt."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
