"""Drop root's capabilities before a line of learner code runs.

Best is another user. Where the interpreter lies in a folder that nobody else may enter (root's home, often),
the user stays and every capability goes, with the bounding set that could bring one back. What is left is a
user like any other who happens to own the system's files: the walls decide which of them can be opened.
"""

from __future__ import annotations

import ctypes
import functools
import os
import stat
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.wire.wall import Capabilities

from . import kernel

NOBODY = 65534
"""User and group without files or rights."""


_VERSION_3 = 0x20080522
_READ_SEARCH = 1 << 2
"""CAP_DAC_READ_SEARCH: read files and enter folders whatever their mode says; Landlock says which."""
_LAST_POSSIBLE = 63
_CLEAR_AMBIENT = 4
_LOCKED_SECUREBITS = 0b1110_1111
"""User 0 means nothing, nothing is kept or raised across a change of user, and all of it is locked."""


@dataclass(frozen=True)
class Powers:
    """What the process is left with."""

    uid_is_root: bool
    capabilities: Capabilities


def give_up(readable: Sequence[str], *, reads_all: bool = False) -> Powers:
    """Give up, for good, whatever sets this process above an ordinary user.

    As root, become :data:`NOBODY` if all of *readable* stays readable, else stay without capabilities; with
    *reads_all*, stay with the one of reading others' files. As anyone else, clear what could be inherited. OSError
    when the kernel refuses.
    """
    successor = None if reads_all else stranger(readable)
    _close_ways_back()
    if successor is not None:
        _become(successor)
    _set_capabilities(_READ_SEARCH if reads_all and os.geteuid() == 0 else 0)
    kernel.prctl(kernel.PR_CAP_AMBIENT, _CLEAR_AMBIENT)
    return powers()


def powers() -> Powers:
    """Look at what this process may do now; without a kernel that says so, root counts as all-powerful."""
    root = hasattr(os, "getuid") and 0 in {os.getuid(), os.geteuid()}
    try:
        effective, permitted, inheritable = _held()
    except OSError:
        return Powers(root, "all" if root else "none")
    if not effective | permitted | inheritable:
        return Powers(root, "none")
    return Powers(root, "all" if _without_gap(effective) else "some")


def stranger(readable: Sequence[str]) -> int | None:
    """Name the user that root should become, or None to stay: not root, or *readable* would be lost."""
    return _stranger(tuple(readable), os.geteuid())


@functools.cache
def _stranger(readable: tuple[str, ...], user: int) -> int | None:
    """Decide once for all forks: looking at some two hundred paths takes 10 ms."""
    if user != 0 or not open_to_strangers(readable):
        return None
    return NOBODY if _tried(NOBODY, readable) else None


def open_to_strangers(readable: Sequence[str]) -> bool:
    """Tell from mode bits whether one who owns nothing could read all paths; a missing one is no loss."""
    paths = {os.path.realpath(path) for path in readable}
    folders = {str(folder) for path in paths for folder in Path(path).parents}
    return all(_grants(path, stat.S_IROTH) for path in paths) and all(_grants(folder, 0) for folder in folders)


def _grants(path: str, wanted: int) -> bool:
    """Tell whether others have the rights *wanted*, and on a folder that of passing through."""
    try:
        mode = Path(path).stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return True
    if stat.S_ISDIR(mode):
        wanted |= stat.S_IXOTH
    return mode & wanted == wanted


def _tried(user: int, readable: Sequence[str]) -> bool:
    """Put *user* on for a moment and see whether *readable* really can be read."""
    group = os.getegid()
    try:
        os.setegid(user)
        os.seteuid(user)
        return all(os.access(path, os.R_OK, effective_ids=True) for path in readable if Path(path).exists())
    except OSError:
        return False
    finally:
        os.seteuid(0)
        os.setegid(group)


def _become(user: int) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def _close_ways_back() -> None:
    """Empty the bounding set and lock the secure bits, as far as this process may.

    Either refusal is harmless: both only matter to a program that is run later, and no_new_privs covers that.
    """
    with suppress(OSError):
        kernel.prctl(kernel.PR_SET_SECUREBITS, _LOCKED_SECUREBITS)
    with suppress(OSError):
        for capability in range(_LAST_POSSIBLE + 1):
            kernel.prctl(kernel.PR_CAPBSET_DROP, capability)


def _without_gap(effective: int) -> bool:
    """Tell a full set: ones up to the last capability, of which there were never fewer than 32."""
    return effective >> 32 > 0 and not effective & (effective + 1)


def _held() -> tuple[int, int, int]:
    """Read the effective, permitted and inheritable set, each as bits."""
    header, data = _capability_buffers()
    kernel.syscall("capget", ctypes.addressof(header), ctypes.addressof(data))
    low = struct.unpack("6I", data.raw)
    effective, permitted, inheritable = (low[i] | low[i + 3] << 32 for i in range(3))
    return effective, permitted, inheritable


def _set_capabilities(kept: int) -> None:
    """Have these capabilities, among the first 32, effective and permitted, and none that could be inherited."""
    header, data = _capability_buffers(kept)
    kernel.syscall("capset", ctypes.addressof(header), ctypes.addressof(data))


def _capability_buffers(kept: int = 0) -> tuple[ctypes.Array[ctypes.c_char], ctypes.Array[ctypes.c_char]]:
    """Make the header that asks about this process, and the three sets with *kept* in the first two."""
    sets = struct.pack("6I", kept, kept, 0, 0, 0, 0)
    return ctypes.create_string_buffer(struct.pack("Ii", _VERSION_3, 0), 8), ctypes.create_string_buffer(sets, 24)
