"""Namespaces and mounts: the system calls that hide parts of the machine.

Every OSError here names the call that was refused as its ``filename``, for people to read.
"""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path

from . import kernel

NEWNS, NEWUSER, NEWPID = 0x20000, 0x10000000, 0x20000000
RDONLY, NOSUID, NODEV, NOEXEC = 1, 2, 4, 8
"""The same numbers for mount and for mount_setattr."""
_BIND, _RECURSIVE, _PRIVATE, _SLAVE = 1 << 12, 1 << 14, 1 << 18, 1 << 19
_DETACH = 2
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000


def separate(more: int = 0) -> None:
    """Leave for mounts of this process's own, and for the other namespaces of *more*.

    An ordinary user may do that in a user namespace only, in which there is nobody but this user. What is mounted
    outside still arrives, nothing gets out. OSError when the kernel refuses.
    """
    user, group = os.geteuid(), os.getegid()
    _call("unshare", NEWNS | more | (NEWUSER if user else 0))
    if user:
        Path("/proc/self/setgroups").write_bytes(b"deny")
        Path("/proc/self/uid_map").write_bytes(b"%d %d 1" % (user, user))
        Path("/proc/self/gid_map").write_bytes(b"%d %d 1" % (group, group))
    _call("mount", "none", "/", "", _RECURSIVE | _SLAVE, "")


def join(descriptor: int, kind: int) -> None:
    """Enter the namespace behind *descriptor*; OSError when the kernel refuses."""
    _call("setns", descriptor, kind)


def mount(kind: str, target: str, flags: int, options: str = "") -> None:
    """Mount a new file system of *kind*; OSError when the kernel refuses."""
    _call("mount", kind, target, kind, flags, options)


def bind(source: str, target: str) -> None:
    """Let *source*, with all that is mounted below it, be seen at *target*; OSError when the kernel refuses."""
    _call("mount", source, target, "", _BIND | _RECURSIVE, "")


def keep_to_itself() -> None:
    """Have no mount go in or out any more; OSError when the kernel refuses."""
    _call("mount", "none", "/", "", _RECURSIVE | _PRIVATE, "")


def restrict(target: str, attributes: int) -> None:
    """Add *attributes* to what is mounted at *target* and below; OSError when the kernel refuses."""
    wanted = struct.pack("QQQQ", attributes, 0, 0, 0)
    structure = ctypes.create_string_buffer(wanted, len(wanted))
    _call("mount_setattr", _AT_FDCWD, target, _AT_RECURSIVE, ctypes.addressof(structure), len(wanted))


def turn_root(new: str, old: str) -> None:
    """Let *new*, which must be mounted, be the root, and the old root be seen at *old*; OSError if refused."""
    _call("pivot_root", new, old)


def drop(target: str) -> None:
    """Take away what is mounted at *target* and below; OSError when the kernel refuses."""
    _call("umount2", target, _DETACH)


def reason(error: OSError) -> str:
    """Say in a few words what was refused."""
    return f"{error.filename or 'the system'}: {error.strerror or error}"


def _call(name: str, *arguments: int | str) -> None:
    texts = [ctypes.create_string_buffer(os.fsencode(each)) for each in arguments if isinstance(each, str)]
    addresses = map(ctypes.addressof, texts)
    try:
        kernel.syscall(name, *(next(addresses) if isinstance(each, str) else each for each in arguments))
    except OSError as error:
        raise OSError(error.errno, error.strerror, name) from error
