"""Resource limits of a confined process, what it inherits, and how it ends.

Memory is limited relative to what the process already has, because a warm process starts with gigabytes of
address space and some hundred megabytes of data.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from . import kernel

if sys.platform != "win32":
    import resource

OPEN_FILES = 64
STACK = 8 << 20
BACKSTOP = 4
"""Address space is limited to so many times the memory budget: threads reserve what they never use."""

IN_WORDS = {
    "CPU": "its time",
    "FSIZE": "the size of its files",
    "NOFILE": "the number of its open files",
    "STACK": "its stack",
}
"""What the most important limits are about."""
MOST_FILES = 1 << 16
"""Descriptors to be closed one by one where nothing tells which are open, and no bound is known either."""

_KILOBYTES = re.compile(r"^(Vm\w+):\s+(\d+) kB$", re.MULTILINE)


def memory_in_use() -> Mapping[str, int]:
    """Read what the kernel counts for this process, in bytes: VmData, VmSize …; OSError without /proc."""
    status = Path("/proc/self/status").read_text()
    return {name: int(kilobytes) << 10 for name, kilobytes in _KILOBYTES.findall(status)}


def resident(process: int) -> int:
    """Return the bytes that a process holds in memory, 0 when it is gone or nothing tells."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def memory_limits(budget: int, now: Mapping[str, int] | None = None) -> dict[str, int]:
    """Limit the data to what is there *now* plus *budget* bytes, and the address space more loosely.

    *now* is what :func:`memory_in_use` gave, for a process that cannot look any more.

    Returns ``{"DATA": bytes, "AS": bytes}``; OSError where the kernel does not say what is in use.
    """
    now = now or memory_in_use()
    wanted = {"DATA": now["VmData"] + budget, "AS": now["VmSize"] + BACKSTOP * budget}
    return {name: limit(name, value) for name, value in wanted.items()}


def plain_limits(cpu: int, file_size: int) -> dict[str, tuple[int, int]]:
    """List what to limit besides memory and processes, soft and hard; *cpu* in seconds, *file_size* in bytes.

    One second over the time the kernel sends SIGXCPU, and a second later SIGKILL. A limit this system does not
    know is left out. Each is to be taken for itself: a Python for macOS is built with a stack that no limit
    may touch, and time is limited there all the same.
    """
    wanted = {"FSIZE": file_size, "NOFILE": OPEN_FILES, "STACK": STACK}
    wanted |= dict.fromkeys(("CORE", "MEMLOCK", "MSGQUEUE", "NICE", "RTPRIO"), 0)
    known = {name: (value, value) for name, value in wanted.items() if hasattr(resource, f"RLIMIT_{name}")}
    return {"CPU": (cpu + 1, cpu + 2)} | known


def limit(name: str, soft: int, hard: int | None = None) -> int:
    """Lower RLIMIT_*name* to *soft* and *hard* (the same when None), never above what holds now."""
    which = getattr(resource, f"RLIMIT_{name}")
    _, ceiling = resource.getrlimit(which)
    infinite = ceiling == resource.RLIM_INFINITY
    soft, hard = (value if infinite else min(value, ceiling) for value in (soft, soft if hard is None else hard))
    resource.setrlimit(which, (soft, hard))
    return soft


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that forked it ends; OSError where it cannot.

    Changing user or group forgets this: call it afterwards.
    """
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def hide_memory() -> None:
    """Close /proc/PID/{mem,environ,maps} and ptrace to other processes of this user; or OSError."""
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)


def forbid_new_privileges() -> None:
    """Make set-user-id programs and the like powerless for this process and its children, for good."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose parent ends, so that they can be found and killed."""
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)


def close_all_but(kept: Collection[int]) -> None:
    """Close every file descriptor that is not in *kept*."""
    start = 0
    for descriptor in sorted(set(kept)):
        # CPython turns the empty range that ends at 0 into "everything".
        if start < descriptor:
            os.closerange(start, descriptor)
        start = descriptor + 1
    try:
        kernel.syscall("close_range", start, (1 << 32) - 1, 0)
    except OSError:
        for descriptor in _perhaps_open(start):
            with suppress(OSError):
                os.close(descriptor)


def _perhaps_open(start: int) -> Sequence[int]:
    """List what may be open from *start* on; macOS knows no bound (-1, or more than can be tried one by one)."""
    try:
        return sorted(number for number in map(int, os.listdir("/dev/fd")) if number >= start)  # noqa: PTH208
    except (OSError, ValueError):
        most = os.sysconf("SC_OPEN_MAX")
        return range(start, min(most, MOST_FILES) if most > 0 else MOST_FILES)


def reset_signals() -> None:
    """Give every signal its default action and unblock it; ignore SIGPIPE and SIGXFSZ.

    Those two would kill a worker that prints too much; ignored, they become an error of the write.
    """
    ignored = {signal.SIGPIPE, signal.SIGXFSZ}
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def redirect(output: int | None) -> None:
    """Let standard input be empty, and standard output and error go to descriptor *output* (None: stay)."""
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    if output is not None:
        os.dup2(output, 1)
        os.dup2(output, 2)
    if empty:
        os.close(empty)


def environment(variables: Mapping[str, str]) -> None:
    """Replace the environment; what the process was started with stays in its memory all the same."""
    os.environ.clear()
    os.environ.update(variables)
