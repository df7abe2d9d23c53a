"""System calls and prctl by number.

Everything here raises :class:`OSError`, with errno ``ENOSYS`` wherever there is no such kernel, so that a
caller on macOS or Windows takes the same path as one on an old Linux.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import sys

from .numbers import NUMBERS, find

PR_SET_PDEATHSIG = 1
PR_GET_DUMPABLE = 3
PR_SET_DUMPABLE = 4
PR_SET_NAME = 15
PR_GET_NAME = 16
PR_CAPBSET_DROP = 24
PR_SET_SECUREBITS = 28
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_SET_VMA = 0x53564D41


@functools.cache
def machine() -> str:
    """Name the machine whose system calls this process makes: x86_64, aarch64, or nothing for others."""
    if sys.platform != "linux" or sys.maxsize < 1 << 32:
        return ""
    name = os.uname().machine
    return name if name in NUMBERS else ""


def why_unknown() -> str:
    """Say why the system calls of this process are not known; empty where they are."""
    if sys.platform != "linux":
        return f"walls around a process are known for Linux only, and this is {sys.platform}"
    if sys.maxsize < 1 << 32:
        return "the system call filter is not known for a Python of 32 bits"
    return "" if machine() else f"the system call filter is not known for this processor ({os.uname().machine})"


def number(name: str) -> int:
    """Give the number of system call *name* on this machine; OSError ENOSYS where it has none.

    UnknownCallError, on every machine, for a name that is not in the table.
    """
    found = find(machine(), name)
    if found is None:
        raise _failure(errno.ENOSYS)
    return found


def syscall(name: str, *arguments: int) -> int:
    """Make system call *name* with integer arguments (addresses included); OSError when it fails."""
    called = number(name)
    result = int(_libc().syscall(ctypes.c_long(called), *map(ctypes.c_long, arguments)))
    # errno is only meaningful after a failure: what an earlier call left there must not count.
    if result == -1:
        raise _failure(ctypes.get_errno())
    return result


def prctl(option: int, *arguments: int) -> int:
    """Call prctl with *option* and up to four integers; OSError when it fails."""
    return syscall("prctl", option, *arguments, *[0] * (4 - len(arguments)))


def _failure(code: int) -> OSError:
    return OSError(code, os.strerror(code))


@functools.cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc
