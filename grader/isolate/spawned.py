"""The weaker sandbox: a fresh process per attempt, for systems without a safe fork (macOS, Windows).

It has limits on time and memory and a clean environment, and nothing that keeps the learner's code from
the user's files or the network. Every evidence it brings says so.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import IO, Self, cast

import psutil

from grader.errors import SandboxFault
from grader.records import Wall

from .attempt import CONSOLE_CAP, Attempt, Setting, Task, environment, judge_ending, read_console
from .reading import Reader
from .wall import SEPARATE_MISSING, separate

_IMPORT_SECONDS = 180
_TICK_SECONDS = 0.05
_READ_ENOUGH_SECONDS = 5


class Spawned:
    """Start one process per attempt; nothing is shared between two of them."""

    def __init__(self, setting: Setting) -> None:
        """Remember what the workers import; nothing starts before the first attempt."""
        self._setting = setting

    def attempt(self, task: Task) -> Attempt:
        """Run one worker to its end."""
        reader, tail = Reader(), bytearray()
        told = {name: getattr(self._setting, name) for name in ("imports", "memory_mb", "seconds")}
        with tempfile.TemporaryDirectory(prefix="grade-home-") as home, tempfile.TemporaryFile() as job:
            job.write(task.encode())
            job.seek(0)
            process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, "-I", "-B", "-m", "grader.inside", "once", json.dumps(told)],
                stdin=job,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(home),
                cwd=home,
                start_new_session=sys.platform != "win32",
            )
            out, err = cast("IO[bytes]", process.stdout), cast("IO[bytes]", process.stderr)
            watched = _Watched(process, task, self._setting.memory_mb)
            pumps = [_pump(out, reader.feed), _pump(err, _keep_tail(tail))]
            verdict = watched.wait(reader)
            for pump in pumps:
                pump.join(_READ_ENOUGH_SECONDS)
        return self._report(reader, read_console(bytes(tail), task.filename), watched, verdict)

    def twin(self) -> Spawned:
        """Return another one; nothing is shared anyway."""
        return Spawned(self._setting)

    def wall(self) -> Wall:
        """Return what a separate process is worth, without starting one."""
        return separate({"missing": SEPARATE_MISSING})

    def close(self) -> None:
        """Nothing outlives an attempt."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _report(self, reader: Reader, said: tuple[str, int | None], watched: _Watched, verdict: str) -> Attempt:
        console, line = said
        told = reader.facts.get("@wall")
        if told is None:
            raise SandboxFault(f"The sandboxed process did not start. Its last words: {console[-2000:] or 'none'}")
        ending, detail = judge_ending(reader, verdict, watched.status)
        return Attempt(
            facts=reader.facts,
            arrays=reader.arrays,
            part=reader.part,
            ending=ending,
            detail=detail,
            console=console,
            line=line,
            seconds=round(watched.seconds, 4),
            peak_mb=round(watched.peak / 2**20, 1),
            wall=separate(told["wall"]),
            versions=told["versions"],
        )


class _Watched:
    """A running worker: its clock starts when its imports are done."""

    def __init__(self, process: subprocess.Popen[bytes], task: Task, memory_mb: int) -> None:
        self.status = 0
        self.seconds = 0.0
        self.peak = 0
        self._process = process
        self._task = task
        self._memory = memory_mb * 1.25 * 2**20

    def wait(self, reader: Reader) -> str:
        """Wait for the end, or bring it about at the deadline or above the memory limit."""
        verdict, baseline, started = "ended", None, time.monotonic()
        try:
            handle = psutil.Process(self._process.pid)
        except psutil.NoSuchProcess:
            handle = None
        limit: float = _IMPORT_SECONDS
        while self._process.poll() is None:
            resident = _resident(handle)
            self.peak = max(self.peak, resident)
            if baseline is None and "@wall" in reader.facts:
                baseline, started, limit = resident, time.monotonic(), self._task.seconds
            if time.monotonic() - started > limit:
                verdict = "timed-out"
            elif baseline is not None and resident - baseline > self._memory:
                verdict = "out-of-memory"
            if verdict != "ended":
                break
            time.sleep(_TICK_SECONDS)
        self.seconds = time.monotonic() - started
        _end_tree(self._process, handle)
        self.status = self._process.wait()
        return verdict


def _resident(handle: psutil.Process | None) -> int:
    if handle is None:
        return 0
    try:
        return int(handle.memory_info().rss)
    except psutil.Error:
        return 0


def _end_tree(process: subprocess.Popen[bytes], handle: psutil.Process | None) -> None:
    """Kill the worker with everything it started that can still be found."""
    family: list[psutil.Process] = []
    if handle is not None:
        with contextlib.suppress(psutil.Error):
            family = handle.children(recursive=True)
    with contextlib.suppress(OSError):
        process.kill()
    for member in family:
        with contextlib.suppress(psutil.Error):
            member.kill()


def _pump(stream: IO[bytes], take: Callable[[bytes], object]) -> threading.Thread:
    """Read a pipe to its end in a thread: Windows cannot wait for two pipes at once."""

    def read() -> None:
        with stream:
            while data := os.read(stream.fileno(), 1 << 18):
                take(data)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def _keep_tail(tail: bytearray) -> Callable[[bytes], None]:
    def keep(data: bytes) -> None:
        tail.extend(data)
        del tail[:-CONSOLE_CAP]

    return keep
