"""The filter, run by an interpreter of its own for both machines, and the one in force here."""

from __future__ import annotations

import ctypes
import errno
import itertools
import os
import struct
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.inside.walls import kernel, rules, seccomp
from grader.inside.walls.numbers import NUMBERS
from grader.inside.walls.rules import argument_rules

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

OWN = 4321
MACHINES = sorted(NUMBERS)
I386 = 0x40000003
CALLS = [(machine, name) for machine in MACHINES for name in sorted(NUMBERS[machine])]
JUDGED = [(machine, name) for machine in MACHINES for name in argument_rules(OWN)]

# What an honest worker needs at the very least, written down apart from the rules.
NEEDED = [
    "read",
    "write",
    "openat",
    "newfstatat",
    "lseek",
    "close",
    "mprotect",
    "munmap",
    "futex",
    "rt_sigaction",
    "getdents64",
    "brk",
    "getrandom",
]
FORBIDDEN = [
    "accept",
    "accept4",
    "add_key",
    "bind",
    "bpf",
    "capset",
    "chdir",
    "chmod",
    "chown",
    "chroot",
    "connect",
    "creat",
    "execve",
    "execveat",
    "fchdir",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "fchown",
    "fchownat",
    "fdatasync",
    "flock",
    "fork",
    "fsmount",
    "fsopen",
    "fsync",
    "ftruncate",
    "futimesat",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    "ioprio_set",
    "keyctl",
    "lchown",
    "link",
    "linkat",
    "listen",
    "memfd_create",
    "memfd_secret",
    "mkdir",
    "mkdirat",
    "mknod",
    "mknodat",
    "mount",
    "mount_setattr",
    "move_mount",
    "mq_open",
    "msgget",
    "open_tree",
    "perf_event_open",
    "personality",
    "pidfd_getfd",
    "pidfd_open",
    "pidfd_send_signal",
    "pivot_root",
    "pkey_alloc",
    "process_madvise",
    "process_vm_readv",
    "process_vm_writev",
    "ptrace",
    "recvfrom",
    "recvmmsg",
    "recvmsg",
    "rename",
    "renameat",
    "renameat2",
    "request_key",
    "rmdir",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "sched_setaffinity",
    "sched_setattr",
    "sched_setparam",
    "sched_setscheduler",
    "semget",
    "sendmmsg",
    "sendmsg",
    "sendto",
    "setgid",
    "setgroups",
    "setns",
    "setpgid",
    "setpriority",
    "setregid",
    "setresgid",
    "setresuid",
    "setreuid",
    "setrlimit",
    "setsid",
    "setuid",
    "shmat",
    "shmctl",
    "shmdt",
    "shmget",
    "socket",
    "socketpair",
    "symlink",
    "symlinkat",
    "tkill",
    "truncate",
    "umask",
    "umount2",
    "unlink",
    "unlinkat",
    "unshare",
    "userfaultfd",
    "utime",
    "utimensat",
    "utimes",
    "vfork",
]


def run(program: list[seccomp.Instruction], nr: int, arch: int, *arguments: int) -> int:
    """Interpret the filter as the kernel would, on the packed data the kernel would show it."""
    data = struct.pack("IIQ6Q", nr & 0xFFFFFFFF, arch, 0, *(a & (1 << 64) - 1 for a in (*arguments, *[0] * 6)[:6]))
    accumulator = at = 0
    while True:
        code, yes, no, value = program[at]
        at += 1
        if code == 0x06:
            return value
        if code == 0x20:
            (accumulator,) = struct.unpack_from("I", data, value)
        elif code == 0x54:
            accumulator &= value
        elif code == 0x15:
            at += yes if accumulator == value else no
        elif code == 0x35:
            at += yes if accumulator >= value else no
        else:
            raise AssertionError(f"unknown instruction {code:#x}")


PROGRAMS = {machine: seccomp.build(machine, OWN) for machine in MACHINES}


def verdict(machine: str, name: str, *arguments: int) -> str:
    action = run(PROGRAMS[machine], NUMBERS[machine][name], seccomp.AUDIT_ARCH[machine], *arguments)
    return "allow" if action == seccomp.ALLOW else errno.errorcode[action & ~seccomp.ERRNO]


def may(name: str, arguments: tuple[int, ...]) -> bool:  # noqa: PLR0911  one return a rule
    """Decide once more, by the words of the design, whether a call with argument rules may pass."""
    low = [argument & 0xFFFFFFFF for argument in arguments]
    match name:
        case "mmap":
            return not (low[3] & 1 and low[3] & 0x20) and not low[3] & 0x100
        case "clone":
            return bool(low[0] & 0x10000)
        case "kill" | "tgkill":
            return low[0] == OWN
        case "prlimit64":
            return low[0] in {0, OWN} and arguments[2] == 0
        case "fcntl":
            return low[1] not in {6, 7, 8, 10, 15, 37, 38, 1024, 1026}
        case "ioctl":
            return low[1] in {0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451}
        case "prctl":
            return low[0] in {3, 15, 16, 0x53564D41}
        case _:
            return name in seccomp.ALLOWED


interesting = st.sampled_from([0, 1, 3, 6, 15, OWN, 0x21, 0x22, 0x23, 0x121, 0x10011, 0x5401, 0x5412, 0x53564D41])
argument = st.one_of(interesting, interesting.map(lambda low: low | 1 << 32), st.integers(0, (1 << 64) - 1))


@pytest.mark.parametrize("machine", MACHINES)
@given(nr=st.one_of(st.integers(0, 600), st.integers(0, (1 << 32) - 1)), arguments=st.tuples(*[argument] * 6))
def test_nothing_outside_the_allowlist_is_ever_allowed(machine: str, nr: int, arguments: tuple[int, ...]) -> None:
    name = {number: name for name, number in NUMBERS[machine].items()}.get(nr, "")
    action = run(PROGRAMS[machine], nr, seccomp.AUDIT_ARCH[machine], *arguments)
    assert (action == seccomp.ALLOW) == may(name, arguments)


@settings(max_examples=1500, deadline=None)
@given(call=st.sampled_from(CALLS + JUDGED * 20), arguments=st.tuples(*[argument] * 6))
def test_every_known_call_is_judged_by_its_rule(call: tuple[str, str], arguments: tuple[int, ...]) -> None:
    machine, name = call
    assert (verdict(machine, name, *arguments) == "allow") == may(name, arguments)


@pytest.mark.parametrize("machine", MACHINES)
@given(arch=st.integers(0, (1 << 32) - 1) | st.just(I386), nr=st.integers(0, 600))
def test_a_call_for_another_machine_kills(machine: str, arch: int, nr: int) -> None:
    if arch != seccomp.AUDIT_ARCH[machine]:
        assert run(PROGRAMS[machine], nr, arch) == seccomp.KILL_PROCESS


@pytest.mark.parametrize("machine", MACHINES)
@given(nr=st.integers(0x40000000, (1 << 32) - 1))
def test_the_x32_kind_of_call_is_unknown(machine: str, nr: int) -> None:
    action = run(PROGRAMS[machine], nr, seccomp.AUDIT_ARCH[machine], OWN, 0x10000)
    assert action == seccomp.ERRNO | errno.ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_what_honest_code_needs_is_allowed(machine: str) -> None:
    assert {verdict(machine, name) for name in NEEDED} == {"allow"}


@pytest.mark.parametrize(
    ("machine", "name"), [pair for pair in itertools.product(MACHINES, FORBIDDEN) if pair[1] in NUMBERS[pair[0]]]
)
def test_what_is_known_to_be_bad_is_not_permitted(machine: str, name: str) -> None:
    assert verdict(machine, name) == "EPERM"


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("call", "arguments", "expected"),
    [
        ("clone3", (), "ENOSYS"),
        ("clone", (17,), "EPERM"),
        ("clone", (0x3D0F00,), "allow"),
        ("mmap", (0, 4096, 3, 0x22), "allow"),
        ("mmap", (0, 4096, 3, 0x21), "EPERM"),
        ("mmap", (0, 4096, 3, 0x23), "EPERM"),
        ("mmap", (0, 4096, 3, 0x1 << 32 | 0x21), "EPERM"),
        ("mmap", (0, 4096, 1, 0x1, 3), "allow"),
        ("mmap", (0, 4096, 3, 0x122), "EPERM"),
        ("kill", (OWN, 9), "allow"),
        ("kill", (0, 9), "EPERM"),
        ("kill", (-1, 9), "EPERM"),
        ("kill", (OWN - 1, 0), "EPERM"),
        ("tgkill", (OWN, 77, 6), "allow"),
        ("tgkill", (1, 1, 9), "EPERM"),
        ("prlimit64", (0, 7, 0, 1), "allow"),
        ("prlimit64", (OWN, 7, 0, 1), "allow"),
        ("prlimit64", (1, 7, 0, 1), "EPERM"),
        ("prlimit64", (0, 7, 1 << 40, 0), "EPERM"),
        ("fcntl", (0, 1030), "allow"),
        ("fcntl", (0, 6), "EPERM"),
        ("fcntl", (0, 8), "EPERM"),
        ("ioctl", (0, 0x5413), "allow"),
        ("ioctl", (0, 0x5412), "ENOTTY"),
        ("prctl", (15,), "allow"),
        ("prctl", (4, 1), "EPERM"),
        ("prctl", (1, 0), "EPERM"),
    ],
)
def test_arguments_decide(machine: str, call: str, arguments: tuple[int, ...], expected: str) -> None:
    assert verdict(machine, call, *arguments) == expected


@pytest.mark.parametrize(
    "question",
    [(6, (0,)), (0, ()), (0, (1,), 0), (0, (3,), 1), (0, (1 << 32,)), (0, (-1,)), (0, (1 << 40,), 1 << 40)],
)
def test_a_question_about_arguments_on_which_nothing_hangs_is_an_error(question: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="nothing hangs on"):
        rules.Test(*question)


@pytest.mark.parametrize("module", ["mmap", "fcntl", "termios"])
def test_flags_and_commands_are_those_of_this_system(module: str) -> None:
    theirs = vars(pytest.importorskip(module))
    ours = {name: value for name, value in vars(rules).items() if name.isupper() and isinstance(value, int)}
    shared = ours.keys() & theirs.keys()
    assert shared
    if sys.platform == "linux":
        assert {name: ours[name] for name in shared} == {name: theirs[name] for name in shared}


@pytest.mark.parametrize("machine", MACHINES)
def test_every_number_is_allowed_refused_or_unknown_as_the_tables_say(machine: str) -> None:
    """So that no case of the filter is shadowed by another, or lost."""
    names = {number: name for name, number in NUMBERS[machine].items()}
    for nr in set(range(600)) - {NUMBERS[machine][name] for name in argument_rules(OWN)}:
        name = names.get(nr, "")
        action = run(PROGRAMS[machine], nr, seccomp.AUDIT_ARCH[machine])
        refusal = seccomp.ERRNO | (errno.EPERM if name in rules.REFUSED else errno.ENOSYS)
        assert action == (seccomp.ALLOW if name in rules.ALLOWED else refusal), (nr, name)


def test_every_refused_call_is_tried_by_a_list_of_its_own() -> None:
    assert sorted(rules.REFUSED - set(FORBIDDEN)) == [], "add them to FORBIDDEN in this file"


@pytest.mark.parametrize("machine", MACHINES)
def test_every_jump_stays_inside(machine: str) -> None:
    program = PROGRAMS[machine]
    assert len(program) <= 4096
    assert all(at + 1 + max(step.yes, step.no) < len(program) for at, step in enumerate(program[:-1]))


linux = pytest.mark.skipif(not kernel.machine(), reason="no system call filter for this machine")


@linux
def test_the_filter_in_force_refuses_by_name_and_forgets_the_rest(confined: Callable[..., Any]) -> None:
    def work() -> list[int]:
        def failure(*call: int) -> int:
            libc = ctypes.CDLL(None, use_errno=True)
            return ctypes.get_errno() if libc.syscall(*map(ctypes.c_long, call)) == -1 else 0

        return [failure(kernel.number(name), 0, 0) for name in ("socket", "execve", "clone3")] + [failure(9999)]

    assert confined(work, landlock_abi=0) == [errno.EPERM, errno.EPERM, errno.ENOSYS, errno.ENOSYS]


@linux
def test_a_kernel_with_filters_is_told_from_one_without(monkeypatch: pytest.MonkeyPatch) -> None:
    assert seccomp._has_filters()

    def refuse(name: str, *arguments: int) -> int:
        raise OSError(errno.EINVAL, f"{name} {arguments}")

    monkeypatch.setattr(kernel, "syscall", refuse)
    assert not seccomp.install()
    monkeypatch.setattr(seccomp, "_has_filters", lambda: True)
    with pytest.raises(OSError, match="seccomp"):
        seccomp.install()


@linux
@pytest.mark.skipif(sys.maxsize < 1 << 32, reason="needs a 64-bit process")
def test_threads_live_and_processes_do_not(confined: Callable[..., Any]) -> None:
    def work() -> list[object]:
        seen: list[int] = []
        threads = [threading.Thread(target=seen.append, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        try:
            os.fork()
        except PermissionError:
            return [sorted(seen), "refused"]
        os._exit(1)

    assert confined(work) == [[0, 1, 2, 3], "refused"]


@linux
def test_a_second_filter_cannot_be_put_on_top(confined: Callable[..., Any]) -> None:
    def work() -> str:
        try:
            return str(seccomp.install())
        except OSError as error:
            return type(error).__name__

    assert confined(work) == "False"
