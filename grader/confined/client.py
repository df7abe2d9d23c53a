"""Ask a process of our own, and start it anew when it is gone."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import IO, Self, cast

import msgspec
import psutil

from grader.courses import VARIABLE, current
from grader.errors import GraderFault
from grader.isolate.attempt import environment

from .frames import Reply, Request, receive, send

FORKS = sys.platform == "linux"
"""Elsewhere a fork may inherit locks of the system's own libraries."""
_START_SECONDS = 120.0
_GRACE_SECONDS = 15.0
_TICK_SECONDS = 0.05


class Unanswered(Exception):
    """A request that has no answer; the message says why, as the end of a sentence."""


class Confined:
    """The way to a process that answers requests, one at a time; any thread may ask."""

    def __init__(self, modules: Sequence[str], *, forks: bool = FORKS) -> None:
        """Start it; its imports of ``modules`` go on while the caller does something else.

        ``forks`` says whether each request gets a process that is forked for it.
        """
        self._start = partial(_Process, tuple(modules), forks=forks)
        self._lock = threading.Lock()
        self._process: _Process | None = self._start()
        self.missing: tuple[str, ...] = ()
        """Promises of the walls that did not hold for the last answer."""

    def ask(self, request: Request) -> bytes:
        """Return the answer to a request; raise Unanswered when there is none, and GraderFault when nobody answers."""
        with self._lock:
            self._process = self._process or self._start()
            reply = None
            try:
                reply = self._process.ask(request)
            finally:  # also after Ctrl-C: what it would answer then is nobody's
                if reply is None or self._process.is_gone:
                    self._drop()
        reply = reply or Reply(end="died")
        if reply.end == "fault":
            raise GraderFault(f"What was handed in could not be looked at: {reply.detail}.")
        self.missing = reply.missing or self.missing
        if reply.end == "answered":
            return reply.answer
        raise Unanswered(_why(reply, request))

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _drop(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None


def _why(reply: Reply, request: Request) -> str:
    match reply.end:
        case "timed-out":
            return f"it took longer than {request.seconds:.0f} seconds"
        case "out-of-memory":
            return f"it took more than {request.memory_mb:,} MB of memory"
        case "raised":
            return reply.detail
        case _:
            return f"the process that did it ended{f' ({reply.detail})' if reply.detail else ''}"


class _Process:
    """One process, until it is lost."""

    def __init__(self, modules: Sequence[str], *, forks: bool) -> None:
        self._forks = forks
        self._home = tempfile.TemporaryDirectory(prefix="grade-home-", ignore_cleanup_errors=True)
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  closed in close()
        kept = {VARIABLE: str(current().folder)} | ({"TZ": os.environ["TZ"]} if "TZ" in os.environ else {})
        self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, "-I", "-X", "utf8", "-m", "grader.confined", "fork" if forks else "here", *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment(self._home.name) | kept,
            cwd=self._home.name,
            start_new_session=sys.platform != "win32",
        )
        self._is_ready = False
        self._frames: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def is_gone(self) -> bool:
        return self._process.poll() is not None

    def ask(self, request: Request) -> Reply | None:
        """Return the reply; None when the process ended instead. Raise GraderFault when it never began to answer."""
        with contextlib.suppress(OSError):  # it is gone then, which the silence tells as well
            send(self._stdin.write, request)
            self._stdin.flush()
        reply = self._wait(request)
        if reply is None and not self._is_ready:
            raise GraderFault(f"The process that reads learners' files did not start. Its last words: {self._words()}")
        self._is_ready = True
        return reply

    @property
    def _stdin(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdin)

    def _listen(self) -> None:
        """Hand on every frame: Windows cannot wait for a pipe with a deadline, and a thread can."""
        with cast("IO[bytes]", self._process.stdout) as stream:
            while (frame := receive(stream.read)) is not None:
                self._frames.put(frame)
        self._frames.put(None)

    def _wait(self, request: Request) -> Reply | None:
        """Wait for a reply. A process that forks keeps the limits itself; for one that does not, they are kept here."""
        watched = self._is_ready and not self._forks
        limit = request.seconds + (0 if watched else _GRACE_SECONDS if self._is_ready else _START_SECONDS)
        deadline, ceiling = time.monotonic() + limit, self._resident() + (request.memory_mb << 20)
        while time.monotonic() < deadline:
            try:
                frame = self._frames.get(timeout=_TICK_SECONDS if watched else limit)
            except queue.Empty:
                if watched and self._resident() > ceiling:
                    return self._ended(Reply(end="out-of-memory"))
                continue
            return None if frame is None else msgspec.msgpack.decode(frame, type=Reply)
        return self._ended(Reply(end="timed-out"))

    def _ended(self, reply: Reply) -> Reply:
        self._process.kill()
        self._process.wait()
        return reply

    def _resident(self) -> int:
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def _words(self) -> str:
        self._log.seek(0)
        return self._log.read()[-2000:].decode("utf-8", "replace").strip() or "none"

    def close(self) -> None:
        """End the process, and take away what it had."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):  # what was not written yet goes nowhere
            self._stdin.close()
        self._listener.join()
        self._log.close()
        self._home.cleanup()
