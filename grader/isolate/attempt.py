"""One attempt at a probe: what a worker is asked, and what came back."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, Self

import msgspec

from grader.errors import SandboxFault
from grader.programs import system_variables
from grader.records import Crash, Door, Ending, Interruption, Record, TurnedAway, Wall
from grader.text import clean_text
from grader.wire.ending import FAULT_STATUS, End
from grader.wire.job import Job

if TYPE_CHECKING:
    import numpy as np

    from .reading import Reader

TEXT_CAP = 500
"""Characters of one text that a learner's exception brought along."""
CONSOLE_CAP = 16_000
"""Bytes of console output that are kept, from the end."""


class Question(Job, frozen=True, kw_only=True):
    """A job, and what may come back of it."""

    door: Door | None = None
    """None where all may come back that the reader takes at all. It does not go in."""

    def only(self, parts: tuple[str, ...]) -> Question:
        """Return the same task for some of the probe's parts."""
        return msgspec.structs.replace(self, parts=parts)


class Attempt(Record, frozen=True, kw_only=True):
    """What one worker said before its end, and how it ended."""

    facts: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray[Any, Any]]
    part: str
    ending: Ending
    detail: str
    console: str
    line: int | None
    """The learner's line that was running shortly before the deadline, where it came so far."""
    seconds: float
    peak_mb: float
    wall: Wall
    versions: Mapping[str, str]
    turned_away: TurnedAway = TurnedAway()

    @classmethod
    def of(
        cls,
        reader: Reader,
        end: End,
        wall: Wall,
        versions: Mapping[str, str],
        said: tuple[str, int | None] = ("", None),
    ) -> Self:
        """Put together what came out and how it ended; ``said`` is what ``read_console`` made of the rest.

        Raise SandboxFault when our own code failed in the worker.
        """
        ending, detail = judge_ending(reader, end)
        return cls(
            facts=reader.facts,
            arrays=reader.arrays,
            part=reader.part,
            ending=ending,
            detail=detail,
            console=said[0],
            line=said[1],
            seconds=end.seconds,
            peak_mb=end.peak_mb,
            wall=wall,
            versions=versions,
            turned_away=reader.turned_away,
        )

    def interruption(self) -> Interruption:
        """Say where the worker was when it ended."""
        return Interruption(
            part=self.part,
            ending=self.ending,
            seconds=round(self.seconds, 1),
            line=self.line,
            detail=self.detail,
        )

    def broken_parts(self) -> list[Interruption]:
        """Name the parts in which the probe could not use what the learner's code had left behind."""
        told = {
            name.removeprefix("@broken "): value for name, value in self.facts.items() if name.startswith("@broken ")
        }
        return [
            Interruption(
                part=part, ending=Ending.BROKEN, seconds=0.0, line=crash.line, detail=f"{crash.type}: {crash.message}"
            )
            for part, crash in ((part, read_crash(value)) for part, value in told.items())
        ]


def read_crash(told: Any) -> Crash:
    """Read a crash as the worker told it; one that no worker of ours would tell is still a crash."""
    try:
        crash = msgspec.convert(told, Crash)
        texts = {name: getattr(crash, name)[:TEXT_CAP] for name in ("type", "message", "text", "function")}
        return msgspec.structs.replace(crash, frames=crash.shortened(), beyond=crash.beyond[:TEXT_CAP], **texts)
    except msgspec.ValidationError:
        return Crash(type="unknown", message="what was raised could not be read")


class Sandbox(Protocol):
    """A place where a probe may be tried."""

    def attempt(self, task: Question) -> Attempt:
        """Run one worker to its end; raise SandboxFault when none could be had."""

    def twin(self) -> Sandbox:
        """Return another one like this, that can be used at the same time and does not outlive it."""

    def wall(self) -> Wall:
        """Return the walls that every worker of this sandbox gets."""

    def close(self) -> None:
        """End every process that belongs to the sandbox."""

    def __enter__(self) -> Self:
        """Use the sandbox in a with statement."""

    def __exit__(self, *_: object) -> None:
        """Close it."""


def environment(home: str) -> dict[str, str]:
    """Build the environment of a sandboxed process from scratch: nothing of ours is inherited."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {
        **system_variables(),
        **(dict.fromkeys(_OWN_ON_WINDOWS, home) | {"USERNAME": "learner"} if sys.platform == "win32" else {}),
        **threads,
        "PATH": os.defpath,
        "HOME": home,
        "LANG": "C.UTF-8",
        "PYTHONIOENCODING": "utf-8:backslashreplace",
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "CUDA_VISIBLE_DEVICES": "",
    }


_OWN_ON_WINDOWS = ("USERPROFILE", "TEMP", "TMP", "MPLCONFIGDIR", "TORCHINDUCTOR_CACHE_DIR")
"""Where programs of Windows, and libraries that find no home there, put what they write."""


def read_console(tail: bytes, filename: str) -> tuple[str, int | None]:
    """Split the worker's output into what the learner's code printed and the line that was running at the end.

    Shortly before its deadline a worker dumps its stack; that dump is ours and not shown.
    """
    text = tail.decode("utf-8", "replace").replace("\r\n", "\n")  # so a line ends where Python prints on Windows
    lines = [re.search(rf'File "{re.escape(filename)}", line (\d+) in', dump[0]) for dump in _DUMP.finditer(text)]
    found = [int(line[1]) for line in lines if line]
    return clean_text(_DUMP.sub("", text)), found[-1] if found else None


_DUMP = re.compile(r"Timeout \([\d:.]+\)!\n(?:(?:Thread|Current thread|Stack) [^\n]*\n|  File [^\n]*\n|\n)*")
"""What faulthandler writes when a worker comes near its deadline."""


def judge_ending(reader: Reader, end: End) -> tuple[Ending, str]:
    """Say how a worker ended and a detail of it; raise SandboxFault when our code failed in it."""
    if end.verdict == "timed-out":
        return Ending.TIMED_OUT, ""
    if end.verdict == "out-of-memory":
        return Ending.OUT_OF_MEMORY, ""
    if reader.trouble:
        return Ending.UNREADABLE, reader.trouble
    if end.status == FAULT_STATUS and reader.part == "start":
        raise SandboxFault("The probe failed before any of the learner's code ran.")
    if end.status < 0 or end.status >= _FIRST_CRASH:
        return Ending.KILLED, killer(end.status)
    if reader.done:
        return Ending.FINISHED, ""
    return Ending.EXITED, f"exit status {end.status}"


def killer(status: int) -> str:
    """Name a signal, or what Windows has instead."""
    if status >= _FIRST_CRASH:
        return _CRASHES.get(status, f"status 0x{status:X}")
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


_FIRST_CRASH = 0xC0000000
"""Windows has no signals: a process that crashed ends with such a number for its exit status."""
_CRASHES = {0xC0000005: "access violation", 0xC00000FD: "stack overflow", 0xC0000409: "abort"}
