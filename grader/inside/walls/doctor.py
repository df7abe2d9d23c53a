"""The doctor: confine one process, have it attempt everything, and say what the walls are worth here."""

from __future__ import annotations

import ctypes
import dataclasses
import json
import os
import select
import signal
import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal, NoReturn

from . import Policy, Wall, confine, privileges
from .attempts import ATTEMPTS, Result, Targets, attempt_all
from .promises import promised

Level = Literal["A", "B", "C", "D"]

_PATIENCE = 10.0
"""Seconds after which the examined process is given up; it needs some hundredths."""
_SECRET = b"not for learners"


@dataclasses.dataclass(frozen=True)
class Examination:
    """What was found: the level, the wall it was given to, and every attempt with its result."""

    level: Level
    wall: Wall
    results: Mapping[str, Result]


def examine(policy: Policy, hidden: Sequence[str] = ()) -> Examination:
    """Fork a process, confine it by *policy* and let it attempt everything; also try to read *hidden* files.

    Takes some hundredths of a second. Call it where the workers will be forked. ChildProcessError when the
    process dies without a report. The kept descriptors and the output of *policy* are left aside.
    """
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as pipe, targets(policy, hidden, writer) as made:
        child = os.fork()
        if child == 0:
            _report(policy, made, writer)
        os.close(writer)
        ready, _, _ = select.select([pipe], [], [], _PATIENCE)
        if not ready:
            os.kill(child, signal.SIGKILL)
        written = pipe.read()
        _, status = os.waitpid(child, 0)
    if not written:
        raise ChildProcessError(f"the examined process ended with status {status} and without a report")
    return _examination(json.loads(written))


def level(wall: Wall, results: Mapping[str, Result]) -> Level:
    """Grade *wall* after *results*: A isolated by the kernel, B partly, C a separate process, D refused.

    D is a wall that does not do what it says, an examination that is not complete, or user 0 without both
    walls. User 0 behind both, without capabilities and unable to gain any, earns A like anyone else: for
    every check the kernel makes on files it is the owner of many, no more, just as a worker of an ordinary
    user owns that user's files; in both cases it is Landlock that keeps it from opening them, and the filter
    from changing their mode. What user 0 keeps over others, no limit on processes and the right to write
    system settings, needs a fork or an open file, which are refused. Nothing of this holds with one wall.

    LookupError for a promise that no attempt puts to the test.
    """
    both = wall.landlock_abi > 0 and wall.seccomp
    powerful = wall.uid_is_root or wall.capabilities != "none"
    claims = promised(wall)
    if untried := claims - ATTEMPTS.keys():
        raise LookupError(f"promised, and never attempted: {', '.join(sorted(untried))}")
    if results.keys() != ATTEMPTS.keys() or any(results[name] == "allowed" for name in claims):
        return "D"
    if powerful and not (both and wall.capabilities == "none"):
        return "D"
    whole = wall.no_new_privs and wall.memory == "data+as" and not wall.missing
    if both and whole and "allowed" not in results.values() and results["read-hidden-file"] == "blocked":
        return "A"
    return "B" if wall.landlock_abi or wall.seccomp else "C"


@contextmanager
def targets(policy: Policy, hidden: Sequence[str], kept: int) -> Iterator[Targets]:
    """Make something to attack for each attempt, in this process, and take it away at the end."""
    secret = ctypes.create_string_buffer(_SECRET)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        tcp, udp, abstract, path = _sockets(stack, folder)
        yield Targets(
            hidden=(_file(folder / "hidden", 0o644), *hidden),
            folder=_folder(folder / "open"),
            own_file=_owned(_file(folder / "own", 0o600), policy),
            program=_file(folder / "program", 0o755),
            tcp=tcp,
            udp=udp,
            abstract=abstract,
            path=path,
            parent=os.getpid(),
            address=ctypes.addressof(secret),
            length=len(_SECRET),
            priority=os.getpriority(os.PRIO_PROCESS, 0),
            memory=policy.memory,
            kept=frozenset({0, 1, 2, kept}),
        )


def _file(path: Path, mode: int) -> str:
    path.write_bytes(_SECRET)
    path.chmod(mode)
    return str(path)


def _folder(path: Path) -> str:
    path.mkdir()
    path.chmod(0o777)
    path.parent.chmod(0o755)
    return str(path)


def _owned(path: str, policy: Policy) -> str:
    """Give *path* to the user that a worker of this process will be."""
    user = None if policy.keep_powers else privileges.stranger((*policy.readable, policy.folder))
    if user is not None:
        os.chown(path, user, user)
    return path


def _sockets(stack: ExitStack, folder: Path) -> tuple[int, int, str, str]:
    """Listen in the four ways that a process could be reached."""
    tcp, udp, abstract, path = (
        stack.enter_context(socket.socket(family, kind))
        for family, kind in (
            (socket.AF_INET, socket.SOCK_STREAM),
            (socket.AF_INET, socket.SOCK_DGRAM),
            (socket.AF_UNIX, socket.SOCK_STREAM),
            (socket.AF_UNIX, socket.SOCK_STREAM),
        )
    )
    names = f"\0walls-{os.getpid()}", str(folder / "socket")
    for listener, address in ((tcp, ("127.0.0.1", 0)), (abstract, names[0]), (path, names[1])):
        listener.bind(address)
        listener.listen()
    udp.bind(("127.0.0.1", 0))
    Path(names[1]).chmod(0o777)
    return tcp.getsockname()[1], udp.getsockname()[1], *names


def _report(policy: Policy, made: Targets, writer: int) -> NoReturn:
    """Be the examined process: confine, attempt, report, end."""
    try:
        wall = confine(dataclasses.replace(policy, keep_fds=(writer,), output=None, parent=made.parent))
        report = {"wall": wall.as_dict(), "results": attempt_all(made)}
        os.write(writer, json.dumps(report).encode())
    finally:
        os._exit(0)


def _examination(report: dict[str, Any]) -> Examination:
    wall = Wall(**report["wall"] | {"missing": tuple(report["wall"]["missing"])})
    return Examination(level(wall, report["results"]), wall, report["results"])
