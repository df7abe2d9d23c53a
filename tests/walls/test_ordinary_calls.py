"""The filter in force: every call of the tables, and what Python offers, tried behind it."""

from __future__ import annotations

import ctypes
import errno
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from grader.inside.walls import kernel, rules
from grader.inside.walls.numbers import NUMBERS

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.skipif(not kernel.machine(), reason="no system call filter for this machine"),
]

HERE = NUMBERS.get(kernel.machine(), {})
FILE, FOLDER = __file__, str(Path(__file__).parent)
NO_RETURN = {"exit", "exit_group", "rt_sigreturn"}
UNFILTERED = {335, 336} if kernel.machine() == "x86_64" else set[int]()
"""uretprobe and uprobe: newer kernels show them to no filter; they end whoever calls them unasked."""


def failure(nr: int, argument: int) -> str:
    """Make a call with *argument* six times over; the name of its error, or nothing."""
    libc = ctypes.CDLL(None, use_errno=True)
    arguments = [ctypes.c_long(each) for each in (nr, *[argument] * 6)]
    return errno.errorcode[ctypes.get_errno()] if libc.syscall(*arguments) == -1 else ""


def failures(names: Iterable[str], argument: int) -> dict[str, str]:
    return {name: failure(HERE[name], argument) for name in sorted(names) if name in HERE}


def test_every_refused_call_fails_with_eperm(confined: Callable[..., Any]) -> None:
    found = confined(lambda: failures(rules.REFUSED, 0), landlock_abi=0)
    assert found
    assert {name: error for name, error in found.items() if error != "EPERM"} == {}


def test_every_allowed_call_reaches_the_kernel(confined: Callable[..., Any], forked: Callable[..., Any]) -> None:
    def work() -> list[str]:
        # -1 is no descriptor, address or size: a call that the kernel hears fails for that, if it fails.
        found = failures(rules.ALLOWED - NO_RETURN, -1)
        return sorted(name for name, error in found.items() if error in {"EPERM", "ENOSYS"})

    assert confined(work, landlock_abi=0) == forked(work)


def test_every_other_number_is_unknown(confined: Callable[..., Any]) -> None:
    listed = rules.ALLOWED | rules.REFUSED | rules.argument_rules(1).keys()
    others = sorted({*range(600)} - {HERE[name] for name in listed & HERE.keys()} - UNFILTERED)

    def work() -> dict[int, str]:
        return {nr: error for nr in others if (error := failure(nr, 0)) != "ENOSYS"}

    assert confined(work, landlock_abi=0) == {}


def harmless() -> dict[str, Callable[[], Any]]:
    """Everyday things that must work; most have one call behind them."""
    import fcntl
    import resource

    reader, writer = os.pipe()
    file, epoll = os.open(FILE, os.O_RDONLY), select.epoll()
    return {
        "pipe": lambda: (os.write(writer, b"x"), os.read(reader, 1), os.close(os.pipe()[0])),
        "vectors": lambda: (os.writev(writer, [b"x"]), os.readv(reader, [bytearray(1)])),
        "pread": lambda: (os.pread(file, 1, 0), os.lseek(file, 0, os.SEEK_END)),
        "folder": lambda: (list(Path(FOLDER).iterdir()), Path.cwd()),
        "stat": lambda: (Path(FILE).stat(), Path(FILE).lstat(), os.fstat(file)),
        "access": lambda: 1 / os.access(FILE, os.R_OK),
        "link": lambda: Path("/proc/self").readlink(),
        "dup": lambda: (os.close(os.dup(file)), os.close(os.dup2(file, 60))),
        "eventfd": lambda: os.close(os.eventfd(0)),
        "fcntl": lambda: fcntl.fcntl(file, fcntl.F_GETFL),
        "select": lambda: (select.select([reader], [], [], 0), select.poll().poll(0)),
        "epoll": lambda: (epoll.register(reader), epoll.poll(0), select.epoll().close()),
        "memory": lambda: len(bytearray(64 << 20)),
        "scheduling": lambda: (os.sched_getscheduler(0), os.sched_getparam(0), os.sched_getaffinity(0)),
        "priorities": lambda: (os.sched_get_priority_max(0), os.sched_get_priority_min(0), os.sched_yield()),
        "handlers": lambda: (signal.signal(signal.SIGUSR1, signal.SIG_IGN), signal.raise_signal(signal.SIGUSR1)),
        "waiting": lambda: (signal.pthread_sigmask(signal.SIG_BLOCK, ()), signal.sigtimedwait([signal.SIGUSR2], 0)),
        "pending": signal.sigpending,
        "clocks": lambda: [(time.clock_gettime(each), time.clock_getres(each)) for each in range(4)],
        "sleep": lambda: (time.sleep(0.0001), os.times()),
        "ids": lambda: (os.getresuid(), os.getresgid(), os.getgroups(), os.getuid(), os.geteuid(), os.getgid()),
        "processes": lambda: (os.getpid(), os.getppid(), os.getpgid(0), os.getpgrp(), os.getsid(0), os.getegid()),
        "usage": lambda: (resource.getrusage(resource.RUSAGE_SELF), resource.getrlimit(resource.RLIMIT_AS)),
        "machine": lambda: (os.uname(), os.sysconf("SC_PHYS_PAGES"), os.urandom(4), os.getrandom(4)),
    }


def harmful() -> dict[str, Callable[[], Any]]:
    """What must be a PermissionError, and not a call nobody knows."""
    import fcntl

    file, folder, own = os.open(FILE, os.O_RDONLY), os.open(FOLDER, os.O_RDONLY), os.getuid()
    scheduling = os.sched_param(0)
    return {
        "fork": os.fork,
        "execv": lambda: os.execv(sys.executable, [sys.executable]),
        "setsid": os.setsid,
        "setpgid": lambda: os.setpgid(0, 0),
        "signal": lambda: os.kill(os.getppid(), 0),
        "socket": socket.socket,
        "socketpair": socket.socketpair,
        "memory file": lambda: os.memfd_create("x"),
        "pidfd": lambda: os.pidfd_open(os.getppid()),
        "lock": lambda: fcntl.flock(file, fcntl.LOCK_SH),
        "lockf": lambda: fcntl.lockf(file, fcntl.LOCK_SH),
        "chmod": lambda: Path(FILE).chmod(0o600),
        "fchmod": lambda: os.fchmod(file, 0o600),
        "chown": lambda: os.chown(FILE, own, -1),
        "fchown": lambda: os.fchown(file, own, -1),
        "lchown": lambda: os.lchown(FILE, own, -1),
        "utime": lambda: os.utime(FILE),
        "truncate": lambda: os.truncate(f"{FILE}.none", 0),
        "ftruncate": lambda: os.ftruncate(file, 0),
        "mkdir": lambda: Path(f"{FILE}.none").mkdir(),
        "rmdir": lambda: Path(f"{FILE}.none").rmdir(),
        "unlink": lambda: Path(f"{FILE}.none").unlink(),
        "rename": lambda: Path(f"{FILE}.none").rename(FILE),
        "link": lambda: os.link(f"{FILE}.none", f"{FILE}.link"),
        "symlink": lambda: Path(f"{FILE}.none").symlink_to(FILE),
        "fifo": lambda: os.mkfifo(f"{FILE}.none"),
        "fsync": lambda: os.fsync(file),
        "fdatasync": lambda: os.fdatasync(file),
        "chdir": lambda: os.chdir(FOLDER),
        "fchdir": lambda: os.fchdir(folder),
        "priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, 1),
        "cores": lambda: os.sched_setaffinity(0, {0}),
        "scheduler": lambda: os.sched_setscheduler(0, os.SCHED_OTHER, scheduling),
        "parameter": lambda: os.sched_setparam(0, scheduling),
        "setuid": lambda: os.setuid(own),
        "setgid": lambda: os.setgid(os.getgid()),
        "setreuid": lambda: os.setreuid(-1, -1),
        "setregid": lambda: os.setregid(-1, -1),
        "setresuid": lambda: os.setresuid(-1, -1, -1),
        "setresgid": lambda: os.setresgid(-1, -1, -1),
        "setgroups": lambda: os.setgroups([]),
        "chroot": lambda: os.chroot("/"),
    }


def outcomes(offered: Callable[[], dict[str, Callable[[], Any]]], expected: str) -> dict[str, str]:
    """Try each thing; those that end otherwise than expected."""
    return {name: end for name, tried in offered().items() if (end := outcome(tried)) != expected}


def outcome(tried: Callable[[], Any]) -> str:
    try:
        tried()
    except PermissionError:
        return "PermissionError"
    except (OSError, ArithmeticError) as error:
        return str(error)
    return "works"


def test_harmless_python_works(confined: Callable[..., Any]) -> None:
    assert confined(lambda: outcomes(harmless, "works"), landlock_abi=0, memory=256 << 20) == {}


def test_harmful_python_is_a_permission_error(confined: Callable[..., Any]) -> None:
    assert confined(lambda: outcomes(harmful, "PermissionError"), landlock_abi=0) == {}
