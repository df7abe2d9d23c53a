"""The supervisor's side of the warm zygote: orders go in, attempts come out. Linux only."""

from __future__ import annotations

import contextlib
import os
import platform
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Self, TypeVar

import msgspec

from grader.errors import SandboxFault
from grader.records import Wall
from grader.wire import messages
from grader.wire.ending import End
from grader.wire.job import Order, Setting
from grader.wire.names import PROCESSORS
from grader.wire.wall import Ready

from .attempt import CONSOLE_CAP, Attempt, Question, environment, killer, read_console
from .wall import examined

_START_SECONDS = 180
_GRACE_SECONDS = 15
_CHUNK = 1 << 18
_Answer = TypeVar("_Answer")


def why_no_zygote() -> str:
    """Say what keeps this system from forking workers that can be walled in and watched; empty where nothing does."""
    if sys.platform != "linux":
        return f"walls around a process are known for Linux only, and this is {platform.system() or sys.platform}"
    if sys.maxsize < 1 << 32:
        return "the system call filter is not known for a Python of 32 bits"
    if (processor := os.uname().machine) not in PROCESSORS:
        return f"the system call filter is not known for this processor ({processor})"
    if not hasattr(os, "pidfd_open") or not hasattr(signal, "pidfd_send_signal"):
        return "this Python was built without os.pidfd_open, through which a worker is watched"
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError as error:
        return f"the kernel gives no handle through which a worker is watched (pidfd_open: {error.strerror})"
    return ""


class Forker:
    """The line to a process that forks one confined worker per attempt; one attempt at a time."""

    def __init__(self, control: socket.socket, log: IO[bytes], ready: Ready | None = None) -> None:
        self._control = control
        self._log = log
        self._ready = ready

    def attempt(self, task: Question) -> Attempt:
        """Have one worker forked for ``task`` and follow it to its end."""
        from .reading import Reader

        ready, reader = self.ready(), Reader(task.door)
        with tempfile.TemporaryFile() as job, _pipe() as evidence, _pipe() as console:
            job.write(task.encode())
            job.flush()
            order = Order(probe=task.probe, seconds=task.seconds)
            self._send(messages.encode(order), [job.fileno(), evidence[1], console[1]])
            os.close(evidence.pop())
            os.close(console.pop())
            tail, end = self._follow(reader.feed, evidence[0], console[0], task.seconds + _GRACE_SECONDS)
        wall = examined(ready.examination, reader.facts.get("@wall"))
        return Attempt.of(reader, end, wall, ready.versions, read_console(tail, task.filename))

    def wall(self) -> Wall:
        """Return the walls as they were examined at the start."""
        examination = self.ready().examination
        return examined(examination, examination.wall.as_dict())

    def twin(self) -> Forker:
        """Have a fork of that process made, which shares its memory and can be used beside it at the same time.

        It ends when it is closed, and at the latest with the process that it was forked from.
        """
        ready = self.ready()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._send(messages.encode(Order(probe="", seconds=0)), [theirs.fileno()])
            self._receive(time.monotonic() + _GRACE_SECONDS, dict)
        return Forker(ours, self._log, ready)

    def close(self) -> None:
        """Hang up; the process ends by itself."""
        self._control.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ready(self) -> Ready:
        """Wait until the imports are done and the walls examined; return the examination and the versions."""
        if self._ready is None:
            self._ready = self._receive(time.monotonic() + _START_SECONDS, Ready)
        return self._ready

    def _send(self, message: bytes, descriptors: list[int]) -> None:
        try:
            socket.send_fds(self._control, [message], descriptors)
        except OSError as error:
            raise self._lost(str(error)) from error

    def _receive(self, deadline: float, kind: type[_Answer]) -> _Answer:
        self._control.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            message = self._control.recv(1 << 16)
        except OSError as error:
            raise self._lost(f"no answer: {error}") from error
        if not message:
            raise self._lost("it ended")
        return messages.decode(message, kind)

    def _lost(self, why: str) -> SandboxFault:
        self._log.seek(0)
        tail = self._log.read()[-2000:].decode("utf-8", "replace").strip()
        return SandboxFault(f"The sandbox process is not there any more ({why}). Its last words: {tail or 'none'}")

    def _follow(self, feed: Callable[[bytes], None], evidence: int, console: int, seconds: float) -> tuple[bytes, End]:
        """Read both pipes until the worker, their only writer, is gone; then hear how it ended."""
        deadline = time.monotonic() + seconds
        tail = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(evidence, selectors.EVENT_READ, feed)
            selector.register(console, selectors.EVENT_READ, tail.extend)
            while selector.get_map():
                events = selector.select(max(0.0, deadline - time.monotonic()))
                if not events:
                    raise self._lost("it missed the worker's deadline")
                for key, _ in events:
                    data = os.read(key.fd, _CHUNK)
                    if data:
                        key.data(data)
                        del tail[:-CONSOLE_CAP]
                    else:
                        selector.unregister(key.fd)
        return bytes(tail), self._receive(deadline, End)


class Zygote(Forker):
    """A warm process of our own, with the imports of some exercises in it."""

    def __init__(self, setting: Setting, *, warm: bool = False, private: bool = True) -> None:
        """Start it; its imports go on while the caller does something else.

        Without ``private``, which is for tests, it asks for no namespaces.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(ours, tempfile.TemporaryFile())  # noqa: SIM115  closed in close()
        self._home = tempfile.TemporaryDirectory(prefix="grade-home-")
        Path(self._home.name).chmod(0o755)  # a worker of root's becomes another user, and starts there
        told = msgspec.structs.replace(setting, warm=warm, private=private)
        with theirs:
            command = [sys.executable, "-I", "-m", "grader.inside", "zygote", str(theirs.fileno())]
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                command,
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                env=environment(self._home.name),
                pass_fds=[theirs.fileno()],
                cwd=self._home.name,
                start_new_session=True,
            )
        self._send(messages.encode(told), [])

    def _lost(self, why: str) -> SandboxFault:
        """Say as well how it ended, if it did: a signal has no last words."""
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return super()._lost(why)
        return super()._lost(f"{why}; {killer(status) if status < 0 else f'exit status {status}'}")

    def close(self) -> None:
        """End it and its twins, by force when they do not end by themselves."""
        super().close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()
        self._home.cleanup()


@contextlib.contextmanager
def _pipe() -> Iterator[list[int]]:
    """Open a pipe as ``[read end, write end]``; whoever closes an end early removes it from the list."""
    ends = list(os.pipe())
    try:
        yield ends
    finally:
        for descriptor in ends:
            os.close(descriptor)
