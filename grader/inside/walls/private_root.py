"""A private root file system that holds only what a worker may read.

Landlock keeps files from being opened; whether a path exists, how long a file is and when it was changed, it tells
everyone. Here such a path is not there at all. The root is made once, by a process of its own that ends; what stays
are handles to its namespaces, and for a worker to enter takes two calls. The one that forks the workers never does.
"""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from . import namespaces
from .namespaces import NEWNS, NEWUSER, NODEV, NOEXEC, NOSUID, RDONLY
from .tree import Tree, draw

FOLDER = "/empty"
"""A folder in there that anyone could write to, if it had room for anything.

Libraries look whether they may write to their home before they use it, and do without if that fails later.
"""
_OLD, _NEW = "/old", "/new"
_MESSAGE_CAP = 4096
_MADE = b"made"


@dataclass(frozen=True)
class PrivateRoot:
    """Descriptors that lead into a private root."""

    mounts: int
    user: int | None
    """The user namespace that the mounts belong to; None where they are root's."""

    def enter(self) -> None:
        """Move this process there, for good, into the folder ``/``; OSError when the kernel refuses.

        In the user namespace it has all powers, over nothing: they are to be given up.
        """
        if self.user is not None:
            namespaces.join(self.user, NEWUSER)
        namespaces.join(self.mounts, NEWNS)


def make(readable: Iterable[str], names: Iterable[str] = ()) -> tuple[PrivateRoot | None, str]:
    """Make a private root in which *readable* is found, and *names* lead where they lead now.

    Where the kernel forbids that, give None and why; nothing is left of the trial. Takes a fork and some hundred
    mounts: call it once, early.
    """
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            maker = os.fork()
            if maker == 0:
                _make(theirs, readable, names)
        message, descriptors, _, _ = socket.recv_fds(ours, _MESSAGE_CAP, 2)
        os.waitpid(maker, 0)
    if message != _MADE:
        return None, message.decode("utf-8", "replace") or "the process that makes it ended without a word"
    return PrivateRoot(*descriptors, *(() if len(descriptors) > 1 else (None,))), ""


def _make(answer: socket.socket, readable: Iterable[str], names: Iterable[str]) -> NoReturn:
    """Be the process that makes it, and hand out the way in."""
    try:
        tree = draw(readable, names)
        namespaces.separate()
        kinds = ("mnt", "user") if os.geteuid() else ("mnt",)
        descriptors = [os.open(f"/proc/self/ns/{kind}", os.O_RDONLY | os.O_CLOEXEC) for kind in kinds]
        _plant(tree)
        socket.send_fds(answer, [_MADE], descriptors)
    except OSError as error:
        answer.send(namespaces.reason(error).encode())
    finally:
        os._exit(0)


def _plant(tree: Tree) -> None:
    """Build *tree* and make it the root of these mounts; the old root is gone afterwards."""
    namespaces.keep_to_itself()
    place = tempfile.gettempdir()
    namespaces.mount("tmpfs", place, NOSUID | NODEV, "mode=0755")
    for name in (_OLD, _NEW):
        Path(f"{place}{name}").mkdir()
    namespaces.mount("tmpfs", f"{place}{_NEW}", NOSUID | NODEV | NOEXEC, "mode=0755")
    # What is to be seen may lie in this place: from here on it is found below the old root.
    namespaces.turn_root(place, f"{place}{_OLD}")
    os.chdir("/")
    _lay_out(tree)
    devices = {path for path in tree.paths if stat.S_ISCHR(Path(f"{_OLD}{path}").stat().st_mode)}
    for path in tree.paths:
        if path not in devices:
            namespaces.bind(f"{_OLD}{path}", f"{_NEW}{path}")
    namespaces.restrict(_NEW, RDONLY | NOSUID | NODEV)
    for path in devices:
        namespaces.bind(f"{_OLD}{path}", f"{_NEW}{path}")
        namespaces.restrict(f"{_NEW}{path}", RDONLY | NOSUID | NOEXEC)
    # The one file that fits is the folder itself: it stays empty without Landlock as well.
    namespaces.mount("tmpfs", f"{_NEW}{FOLDER}", NOSUID | NODEV | NOEXEC, "mode=1777,size=4k,nr_inodes=1")
    os.chdir(_NEW)
    namespaces.turn_root(".", ".")
    namespaces.drop(".")
    os.chdir("/")


def _lay_out(tree: Tree) -> None:
    """Make whatever something is to be mounted on, and the links; folders keep their time of change.

    By that time the import system knows that a folder holds what it remembers of it.
    """
    for folder in tree.folders():
        Path(f"{_NEW}{folder}").mkdir()
    for path in tree.paths:
        if Path(f"{_OLD}{path}").is_dir():
            Path(f"{_NEW}{path}").mkdir()
        else:
            Path(f"{_NEW}{path}").touch()
    Path(f"{_NEW}{FOLDER}").mkdir()
    for link, says in tree.links.items():
        Path(f"{_NEW}{link}").symlink_to(says)
    for folder in tree.folders():
        times = Path(f"{_OLD}{folder}").stat()
        os.utime(f"{_NEW}{folder}", ns=(times.st_atime_ns, times.st_mtime_ns))
