"""The process that answers requests: one confined fork for each, where that is safe."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import msgspec

from grader.courses import current
from grader.inside.walls import Policy, confine, limits, remember_packages
from grader.inside.walls.roots import SYSTEM
from grader.places import PACKAGE
from grader.text import clean_line

from .frames import ANSWER_CAP, Reply, Request, receive, send

_DETAIL_CAP = 2_000
_OUTPUT_BYTES = 64 << 10
"""What a fork may write into the log that it shares with all others."""
_TICK_SECONDS = 0.05
_CHUNK = 1 << 18


class _Fork(NamedTuple):
    """A process under way, and its end of the pipe."""

    pid: int
    pipe: int


def serve(modules: Sequence[str], *, forks: bool) -> None:
    """Import the modules, then answer every request that comes on standard input with a reply on standard output."""
    source, sink = os.dup(0), os.dup(1)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    for name in modules:
        importlib.import_module(name)
    if forks:
        remember_packages()
        with contextlib.suppress(OSError):
            limits.hide_memory()
        gc.collect()
        gc.freeze()
    while (told := receive(lambda size: os.read(source, min(size, _CHUNK)))) is not None:
        request = msgspec.msgpack.decode(told, type=Request)
        send(lambda view: os.write(sink, view), _answer_apart(request) if forks else _answer_here(request))


def _answer_apart(request: Request) -> Reply:
    """Answer in a confined fork, and say how it ended where it gave no answer."""
    try:
        module = importlib.import_module(request.module)
        prepare: Callable[[bytes], Sequence[int]] = getattr(module, "prepare", lambda _: ())
        kept = prepare(request.payload)
    except Exception as error:  # noqa: BLE001  nothing of what is asked about was looked at yet
        return Reply(end="fault", detail=_told(error))
    fork = _fork(request, module, kept)
    reply = _follow(fork, request)
    os.close(fork.pipe)
    return reply


def _fork(request: Request, module: Any, kept: Sequence[int]) -> _Fork:
    reader, writer = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _be_fork(request, module, _policy(request, (writer, *kept), parent), writer)
    os.close(writer)
    return _Fork(child, reader)


def _policy(request: Request, kept: Sequence[int], parent: int) -> Policy:
    course = current()
    own = (*_roots(), *map(str, (PACKAGE, course.hidden, course.stubs, course.fixtures)))
    return Policy(
        readable=(*own, *map(os.fsdecode, request.readable)),
        memory=request.memory_mb << 20,
        cpu=int(request.seconds) + 1,
        file_size=_OUTPUT_BYTES,
        keep_fds=tuple(kept),
        environment={name: os.environ[name] for name in ("LANG", "TZ") if name in os.environ},
        parent=parent,
        supervised=True,
        reads_all=True,
    )


def _roots() -> tuple[str, ...]:
    """Return where the interpreter and its libraries are; nothing of the grader is kept from its own code."""
    folders = [Path(sys.base_prefix, "lib"), Path("/usr/lib"), Path(os.__file__).parent]
    packages = [Path(path) for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    return (*map(str, (*folders, *packages)), *SYSTEM)


def _be_fork(request: Request, module: Any, policy: Policy, writer: int) -> NoReturn:
    """Answer and end; never return to the server's code."""
    try:
        reply = _answer(request, module, confine(policy).missing)
    except BaseException as error:  # noqa: BLE001  it is told, and nothing unwinds into the server
        reply = Reply(end="fault", detail=_told(error))
    try:
        send(lambda view: os.write(writer, view), reply)
    finally:
        os._exit(0)


def _told(error: BaseException) -> str:
    return clean_line(f"{type(error).__name__}: {error}")[:_DETAIL_CAP]


def _follow(fork: _Fork, request: Request) -> Reply:
    """Read the answer of a fork to its end, and end it at the deadline or above its memory."""
    parts = bytearray()
    deadline = time.monotonic() + request.seconds
    ceiling = limits.resident(os.getpid()) + (request.memory_mb << 20) * 1.25
    verdict = ""
    while not verdict:
        ready, _, _ = select.select([fork.pipe], [], [], _TICK_SECONDS)
        if ready:
            part = os.read(fork.pipe, _CHUNK)
            if not part:
                break
            parts += part
        if len(parts) > ANSWER_CAP:
            verdict = "died"
        elif time.monotonic() > deadline:
            verdict = "timed-out"
        elif not ready and limits.resident(fork.pid) > ceiling:
            verdict = "out-of-memory"
    if verdict:
        os.kill(fork.pid, signal.SIGKILL)
    _, status = os.waitpid(fork.pid, 0)
    return _reply(bytes(parts), verdict, os.waitstatus_to_exitcode(status))


def _reply(told: bytes, verdict: str, status: int) -> Reply:
    """Decode what a fork said; what cannot be decoded is no answer."""
    if verdict in ("timed-out", "out-of-memory"):
        return Reply(end="timed-out" if verdict == "timed-out" else "out-of-memory")
    if status == -signal.SIGXCPU:
        return Reply(end="timed-out")
    stream = memoryview(told)

    def read(size: int) -> bytes:
        nonlocal stream
        part, stream = stream[:size], stream[size:]
        return bytes(part)

    try:
        frame = receive(read)
        if frame is not None:
            return msgspec.msgpack.decode(frame, type=Reply)
    except (msgspec.DecodeError, OverflowError, MemoryError):
        pass
    return Reply(end="died", detail=f"status {status}")


def _answer_here(request: Request) -> Reply:
    """Answer in this process; the client ends it where that takes too long or too much."""
    try:
        module = importlib.import_module(request.module)
    except Exception as error:  # noqa: BLE001  nothing of what is asked about was looked at yet
        return Reply(end="fault", detail=_told(error))
    return _answer(request, module, WITHOUT_WALLS)


def _answer(request: Request, module: Any, missing: tuple[str, ...]) -> Reply:
    try:
        return Reply(end="answered", answer=module.handle(request.payload), missing=missing)
    except BaseException as error:  # noqa: BLE001  whatever it is, it belongs to this request alone
        return Reply(end="raised", detail=_told(error), missing=missing)


WITHOUT_WALLS = ("it can read and write whatever files this user can",)
