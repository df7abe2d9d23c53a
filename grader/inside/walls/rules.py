"""The system calls that a confined process may use, as readable rules.

Three tables. A call that is in none of them gets ``ENOSYS``, as on a kernel which has never heard of it, so
that libraries fall back to something older and plainer. ``clone3`` is left out on purpose: its flags lie
behind a pointer, which a filter cannot follow; the C library then uses ``clone``.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass

from . import kernel

CLONE_THREAD = 0x10000
MAP_SHARED, MAP_ANONYMOUS, MAP_GROWSDOWN = 0x01, 0x20, 0x100
F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW = 6, 7, 37, 38
F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY = 8, 10, 15, 1024, 1026
TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX = 0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451

_ARGUMENTS, _BITS = range(6), 0xFFFFFFFF
"""What a filter sees of a call."""


@dataclass(frozen=True)
class Test:
    """A question about 32 bits of an argument: whether, under *mask*, they are one of *values*.

    The lower half is what the kernel reads of flags, commands and process ids; ``upper`` asks of the rest.
    ValueError for a question whose answer is always the same.
    """

    argument: int
    values: tuple[int, ...]
    mask: int = 0xFFFFFFFF
    wanted: bool = True
    upper: bool = False

    def __post_init__(self) -> None:
        seen = {value & self.mask & _BITS for value in self.values}
        if self.argument not in _ARGUMENTS or not self.mask or not self.values or seen != {*self.values}:
            raise ValueError(f"nothing hangs on {self}")


@dataclass(frozen=True)
class Rule:
    """A call which is allowed when every test holds, and otherwise fails with errno ``otherwise``."""

    tests: tuple[Test, ...]
    otherwise: int


def one_of(argument: int, *values: int) -> Test:
    """Ask that the argument be one of *values*."""
    return Test(argument, values)


def none_of(argument: int, *values: int) -> Test:
    """Ask that the argument be none of *values*."""
    return Test(argument, values, wanted=False)


def has(argument: int, bits: int) -> Test:
    """Ask that all of *bits* be set."""
    return Test(argument, (bits,), mask=bits)


def lacks(argument: int, bits: int) -> Test:
    """Ask that *bits* be not all set together."""
    return Test(argument, (bits,), mask=bits, wanted=False)


def null(argument: int) -> tuple[Test, Test]:
    """Ask that the argument be a null pointer, in both halves."""
    return Test(argument, (0,)), Test(argument, (0,), upper=True)


def only(*tests: Test, otherwise: int = errno.EPERM) -> Rule:
    """Allow a call only when all *tests* hold."""
    return Rule(tests, otherwise)


def argument_rules(own: int) -> Mapping[str, Rule]:
    """List the calls that are allowed for some arguments only, for the process whose id is *own*.

    A shared anonymous mapping is memory that RLIMIT_DATA does not count; so is one that grows downwards.
    """
    return {
        "mmap": only(lacks(3, MAP_SHARED | MAP_ANONYMOUS), lacks(3, MAP_GROWSDOWN)),
        "clone": only(has(0, CLONE_THREAD)),
        "kill": only(one_of(0, own)),
        "tgkill": only(one_of(0, own)),
        "prlimit64": only(one_of(0, 0, own), *null(2)),
        "fcntl": only(
            none_of(1, F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW),
            none_of(1, F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY),
        ),
        "ioctl": only(one_of(1, TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX), otherwise=errno.ENOTTY),
        "prctl": only(one_of(0, kernel.PR_SET_NAME, kernel.PR_GET_NAME, kernel.PR_SET_VMA, kernel.PR_GET_DUMPABLE)),
    }


def _words(table: Mapping[str, str]) -> frozenset[str]:
    return frozenset(" ".join(table.values()).split())


ALLOWED = _words(
    {
        "bytes": "read write pread64 pwrite64 readv writev lseek close close_range",
        "opening": "open openat access faccessat faccessat2 readlink readlinkat getdents getdents64 getcwd",
        "asking about files": "stat fstat lstat newfstatat statx",
        "descriptors": "dup dup2 dup3 pipe pipe2 eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime",
        "waiting": "poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait "
        "epoll_pwait2",
        "memory": "mprotect munmap mremap madvise brk mincore msync get_mempolicy membarrier",
        "threads": "futex set_robust_list rseq set_tid_address arch_prctl getcpu sched_yield "
        "sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min",
        "signals": "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend "
        "sigaltstack restart_syscall",
        "time": "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times",
        "who and where": "getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getpgid "
        "getpgrp getsid getgroups getrusage getrlimit sysinfo uname getrandom",
        "the end": "exit exit_group",
    }
)
"""Calls that are allowed whatever their arguments."""

REFUSED = _words(
    {
        "processes": "fork vfork execve execveat unshare setns setsid setpgid personality",
        "network": "socket socketpair connect bind listen accept accept4 sendto sendmsg sendmmsg recvfrom "
        "recvmsg recvmmsg",
        "other processes": "ptrace process_vm_readv process_vm_writev process_madvise pidfd_open pidfd_getfd "
        "pidfd_send_signal tkill rt_sigqueueinfo rt_tgsigqueueinfo",
        "shared memory": "memfd_create memfd_secret shmget shmat shmctl shmdt semget msgget mq_open",
        "keys of memory": "pkey_alloc",
        "channels": "flock keyctl add_key request_key",
        "files": "chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat "
        "futimesat truncate ftruncate creat mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 "
        "link linkat symlink symlinkat mknod mknodat fsync fdatasync chdir fchdir umask",
        "limits": "setpriority sched_setaffinity sched_setparam sched_setscheduler sched_setattr ioprio_set setrlimit",
        "powers": "setuid setgid setreuid setregid setresuid setresgid setgroups capset chroot mount umount2 "
        "pivot_root move_mount fsopen fsmount open_tree mount_setattr",
        "depths of the kernel": "io_uring_setup io_uring_enter io_uring_register bpf perf_event_open userfaultfd",
    }
)
"""Calls that fail with EPERM, which Python reports as a plain PermissionError."""

LEFT_OUT = frozenset({"clone3"})
"""Calls that are in none of the three tables and have to stay out, as the reason above says."""
