"""A process namespace of our own, in which there is only this process and its forks.

By its number a process can be asked about in more ways than a filter can know. Where the number means nothing, there
is nobody to ask about.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import NoReturn

from . import limits, namespaces
from .namespaces import NEWPID, NODEV, NOEXEC, NOSUID

_MOVED = b"moved"


def move() -> str:
    """Go on in a fork that is the first process of a namespace; give why not where the kernel forbids it.

    On success this process never returns: it waits for the fork and ends as it does, and the fork ends with it. Where
    it is forbidden, this process is as it was. Call it while this process is small and has one thread.
    """
    reader, writer = os.pipe()
    between = os.fork()
    if between == 0:
        os.close(reader)
        _be_between(writer)
        return ""
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        told = pipe.read()
    if told == _MOVED:
        limits.die_with_parent()
        _end_like(between)
    os.waitpid(between, 0)
    return told.decode("utf-8", "replace") or "the process in between ended without a word"


def _be_between(writer: int) -> None:
    """Open the namespace and fork its first process, the only one in which this returns."""
    try:
        namespaces.separate(NEWPID)
        limits.die_with_parent()
        first = os.fork()
        if first == 0:
            limits.die_with_parent()
            namespaces.mount("proc", "/proc", NOSUID | NODEV | NOEXEC)
            os.write(writer, _MOVED)
            os.close(writer)
            return
    except OSError as error:
        os.write(writer, namespaces.reason(error).encode())
        os._exit(1)
    os.close(writer)
    _end_like(first)


def _end_like(child: int) -> NoReturn:
    """Hold nothing open, wait for *child* and end with its status or by its signal."""
    limits.close_all_but({0, 1, 2})
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        with suppress(OSError):
            signal.signal(-code, signal.SIG_DFL)
        limits.limit("CORE", 0)
        os.kill(os.getpid(), -code)
    os._exit(code if code >= 0 else 1)
