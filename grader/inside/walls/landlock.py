"""Landlock: which files a process may still open, and which abstract sockets and processes it may reach.

A rule set takes everything of its ABI away and gives back reading below some paths. Nothing ever gives back
running a program; loading a shared library needs no such right. What Landlock does not cover in any ABI:
asking about a file whose name is known (stat), chmod, utime, fork, limits and priorities of other
processes, and descriptors that are already open. The system call filter sees to those.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from . import kernel

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3

_FILES_SINCE = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15, 9: 1 << 16}
"""What there was from the start; linking across folders, truncation, device ioctl, sockets that have a path."""
_NETWORK_SINCE = {4: 0b0011, 10: 0b1100}
"""Binding and connecting: TCP, then UDP."""
_SCOPES_SINCE = {6: 0b11}
"""Abstract sockets and signals that lead out of the domain."""

NEWEST = 10
"""The newest ABI whose rights are known here; a newer kernel is asked for these."""

_ASK_VERSION = 1
_PATH_BENEATH = 1


def supported() -> int:
    """Ask the kernel which ABI it has, by system call (the files under /sys may be missing); 0 for none."""
    try:
        return kernel.syscall("landlock_create_ruleset", 0, 0, _ASK_VERSION)
    except OSError:
        return 0


def why_none() -> str:
    """Say why there is no Landlock: a kernel can be without it, or have it switched off."""
    try:
        kernel.syscall("landlock_create_ruleset", 0, 0, _ASK_VERSION)
    except OSError as error:
        if error.errno == errno.EOPNOTSUPP:
            return "Landlock is switched off in this kernel (its parameter lsm= leaves it out)"
    return "this kernel has no Landlock"


def restrict(readable: Sequence[str], writable_files: Sequence[str] = (), abi: int | None = None) -> int:
    """Confine the calling thread, for good, to reading below *readable* and writing to *writable_files*.

    Returns the ABI in force, 0 when the kernel has none; *abi* asks for an older one than there is or is known. Paths
    that do not exist are skipped and symbolic links followed. OSError when the kernel has Landlock and
    refuses all the same; without no_new_privs it does.
    """
    version = min(supported(), NEWEST, NEWEST if abi is None else abi)
    if version < 1:
        return 0
    with _ruleset(version) as ruleset:
        for path in readable:
            _grant(ruleset, path, READ_FILE | READ_DIR)
        for path in writable_files:
            _grant(ruleset, path, READ_FILE | WRITE_FILE)
        kernel.syscall("landlock_restrict_self", ruleset, 0)
    return version


def handled(version: int) -> tuple[int, int, int]:
    """Give what ABI *version* can take away, as bits: of files, of the network, of what leads out."""
    files, network, scopes = (_rights(since, version) for since in (_FILES_SINCE, _NETWORK_SINCE, _SCOPES_SINCE))
    return files, network, scopes


def _rights(since: dict[int, int], version: int) -> int:
    return sum(rights for first, rights in since.items() if first <= version)


@contextmanager
def _ruleset(version: int) -> Iterator[int]:
    """Open a rule set that takes away all that ABI *version* can."""
    taken = struct.pack("QQQ", *handled(version))
    # An older kernel accepts a longer structure so long as what it does not know is zero.
    attributes = ctypes.create_string_buffer(taken, len(taken))
    ruleset = kernel.syscall("landlock_create_ruleset", ctypes.addressof(attributes), len(taken), 0)
    try:
        yield ruleset
    finally:
        os.close(ruleset)


def _grant(ruleset: int, path: str, rights: int) -> None:
    """Give *rights* back below *path*, as far as they mean anything there; skip what cannot be reached."""
    try:
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(target).st_mode):
            rights &= ~READ_DIR
        rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, target), 12)
        kernel.syscall("landlock_add_rule", ruleset, _PATH_BENEATH, ctypes.addressof(rule), 0)
    finally:
        os.close(target)
