"""The weaker sandbox: a fresh process per attempt, for systems without a safe fork (macOS, Windows).

It has limits on time and memory and a clean environment, and nothing that keeps the learner's code from
the user's files or the network. Every evidence it brings says so.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import IO, Self, cast

import msgspec
import psutil

from grader.errors import SandboxFault
from grader.records import Wall
from grader.wire import messages
from grader.wire.ending import End, Verdict
from grader.wire.job import Setting

from .attempt import CONSOLE_CAP, Attempt, Question, environment, read_console
from .reading import Reader
from .wall import SEPARATE_MISSING, separate

_IMPORT_SECONDS = 180
_TICK_SECONDS = 0.05
_READ_ENOUGH_SECONDS = 5


class Spawned:
    """Start one process per attempt; nothing is shared between two of them."""

    def __init__(self, setting: Setting, why: str = "") -> None:
        """Remember what the workers import; nothing starts before the first attempt.

        ``why`` says what keeps this system from having better walls; empty where these were asked for.
        """
        self._setting = setting
        self._why = why

    def attempt(self, task: Question) -> Attempt:
        """Run one worker to its end; raise SandboxFault when it did not start."""
        reader, tail = Reader(task.door), bytearray()
        # The command line can be read by whom the names of hidden files are no business.
        setting = messages.encode(msgspec.structs.replace(self._setting, readable=(), hidden=(), closed=())).decode()
        folder = tempfile.TemporaryDirectory(prefix="grade-home-", ignore_cleanup_errors=True)
        with folder as home, tempfile.TemporaryFile() as job:
            job.write(task.encode())
            job.seek(0)
            process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [sys.executable, "-I", "-B", "-X", "utf8", "-m", "grader.inside", "once", setting],
                stdin=job,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(home),
                cwd=home,
                start_new_session=sys.platform != "win32",
            )
            out, err = cast("IO[bytes]", process.stdout), cast("IO[bytes]", process.stderr)
            pumps = [_pump(out, reader.feed), _pump(err, _keep_tail(tail))]
            end = _watch(process, reader, task.seconds, self._setting.memory_mb)
            for pump in pumps:
                pump.join(_READ_ENOUGH_SECONDS)
        said = read_console(bytes(tail), task.filename)
        told = reader.facts.get("@wall")
        if told is None:
            raise SandboxFault(f"The sandboxed process did not start. Its last words: {said[0][-2000:] or 'none'}")
        return Attempt.of(reader, end, separate(told["wall"], self._why), told["versions"], said)

    def twin(self) -> Spawned:
        """Return another one; nothing is shared anyway."""
        return Spawned(self._setting, self._why)

    def wall(self) -> Wall:
        """Return what a separate process is worth, without starting one."""
        return separate({"missing": SEPARATE_MISSING}, self._why)

    def close(self) -> None:
        """Nothing outlives an attempt."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _watch(process: subprocess.Popen[bytes], reader: Reader, seconds: float, memory_mb: int) -> End:
    """Wait for a worker's end, or bring it about at the deadline or above the memory limit.

    Its clock starts, and its memory is counted, when its imports are done.
    """
    verdict: Verdict = "ended"
    limit, baseline, peak, started = float(_IMPORT_SECONDS), math.inf, 0, time.monotonic()
    try:
        handle = psutil.Process(process.pid)
    except psutil.NoSuchProcess:
        handle = None
    while process.poll() is None:
        resident = _resident(handle)
        peak = max(peak, resident)
        if baseline == math.inf and "@wall" in reader.facts:
            baseline, started, limit = resident, time.monotonic(), seconds
        if time.monotonic() - started > limit:
            verdict = "timed-out"
        elif resident - baseline > memory_mb * 1.25 * 2**20:
            verdict = "out-of-memory"
        if verdict != "ended":
            break
        time.sleep(_TICK_SECONDS)
    took = time.monotonic() - started
    _end_tree(process, handle)
    return End(verdict, process.wait(), seconds=round(took, 4), peak_mb=round(peak / 2**20, 1))


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
    if hasattr(os, "killpg"):  # what it left running after its own end is in its group, and nobody's child any more
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
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
