"""Targets of the doctor's attempts: files, sockets and a process that would give way without a wall."""

from __future__ import annotations

import ctypes
import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from . import privileges
from .policy import Policy

_SECRET = b"not for learners"


@dataclass(frozen=True)
class Targets:
    """Where they are, made ready outside before the walls go up."""

    hidden: tuple[str, ...]
    """Files that must not be readable."""
    folder: str
    """Folder that the confined user could write to and list."""
    own_file: str
    """File that belongs to the confined user."""
    program: str
    """Executable file that is no program: running it fails late, with ENOEXEC, when nothing forbids it."""
    tcp: int
    """Port of a listener on 127.0.0.1."""
    udp: int
    """Port of a socket on 127.0.0.1."""
    abstract: str
    """Name of a listening abstract socket."""
    path: str
    """Path of a listening socket."""
    parent: int
    """Process to attack: the one that forked."""
    address: int
    """Address in the parent where :attr:`length` bytes can be read."""
    length: int
    priority: int
    """The parent's priority."""
    memory: int
    """Budget in bytes."""
    kept: frozenset[int]
    """Descriptors that may be open."""
    proc: bool
    """Whether there is a /proc outside."""
    private_root: bool
    """Whether a target that is there may be said not to exist."""


@contextmanager
def targets(policy: Policy, hidden: Sequence[str], kept: int) -> Iterator[Targets]:
    """Make something to attack for each attempt, in this process, and take it away at the end.

    FileNotFoundError for a *hidden* file that is not there, where that could be taken for the work of a wall.
    """
    if policy.private_root:
        _expect_there(hidden)
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
            proc=Path("/proc/self").exists(),
            private_root=policy.private_root is not None,
        )


def _expect_there(hidden: Sequence[str]) -> None:
    for path in hidden:
        with suppress(PermissionError):
            Path(path).stat()


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
    names = f"\0walls-{os.urandom(8).hex()}", str(folder / "socket")
    for listener, address in ((tcp, ("127.0.0.1", 0)), (abstract, names[0]), (path, names[1])):
        listener.bind(address)
        listener.listen()
    udp.bind(("127.0.0.1", 0))
    Path(names[1]).chmod(0o777)
    return tcp.getsockname()[1], udp.getsockname()[1], *names
