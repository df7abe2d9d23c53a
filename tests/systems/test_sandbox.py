"""The weaker sandbox, and what is said about it, on systems that this test does not run on: they are stood in for."""

from __future__ import annotations

import errno
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from rich.console import Console

from grader import course
from grader.discover import discover
from grader.inside.walls import Policy, confine, kernel, landlock, limits, seccomp
from grader.inside.walls.numbers import NUMBERS
from grader.isolate import open_sandbox
from grader.isolate.attempt import environment, judge_ending, read_console
from grader.isolate.reading import Reader
from grader.isolate.spawned import Spawned
from grader.isolate.warm import why_no_zygote
from grader.pipeline import observe
from grader.records import Ending, Exercise
from grader.report import show_wall
from grader.wire.ending import End
from grader.wire.names import PROCESSORS
from tests.forking import is_open

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.skipif(sys.platform != "linux", reason="other systems are stood in for on Linux"),
]
Pretend = Callable[..., None]
RISCV = SimpleNamespace(machine="riscv64")
UNKNOWN = "the system call filter is not known for this processor (riscv64)"


def test_the_sandbox_knows_the_processors_whose_system_calls_are_known() -> None:
    assert set(PROCESSORS) == NUMBERS.keys()


def on_macos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(platform, "system", lambda: "Darwin")


def on_riscv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "uname", lambda: RISCV)


def with_32_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "maxsize", (1 << 31) - 1)


def without_pidfd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")


def with_an_old_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(os, "pidfd_open", refuse)


@pytest.mark.parametrize(
    ("system", "why"),
    [
        (on_macos, "walls around a process are known for Linux only, and this is Darwin"),
        (on_riscv, UNKNOWN),
        (with_32_bits, "the system call filter is not known for a Python of 32 bits"),
        (without_pidfd, "this Python was built without os.pidfd_open, through which a worker is watched"),
        (
            with_an_old_kernel,
            "the kernel gives no handle through which a worker is watched (pidfd_open: Function not implemented)",
        ),
    ],
)
def test_a_system_without_walls_says_why(system: Pretend, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_no_zygote() == ""
    with monkeypatch.context() as elsewhere:
        system(elsewhere)
        sandbox = open_sandbox(list(course.exercises().values()))
    assert isinstance(sandbox, Spawned)
    assert sandbox.wall().level == "C"
    assert sandbox.twin().wall().missing[0] == why
    console = Console(record=True, width=200)
    show_wall(console, sandbox.wall())
    assert f"missing: {why}" in console.export_text()


def test_a_wall_that_was_asked_for_by_name_needs_no_reason() -> None:
    with open_sandbox(list(course.exercises().values()), fallback=True) as sandbox:
        assert sandbox.wall().missing[0].startswith("it can read and write")


@pytest.fixture
def missing(forked: Callable[..., list[str]]) -> Callable[[Callable[[], object]], list[str]]:
    """Confine a process after some preparation; return what its wall misses."""

    def run(prepare: Callable[[], object], **switches: object) -> list[str]:
        def work() -> list[str]:
            prepare()
            return [*confine(Policy(readable=(), keep_fds=tuple(range(100)), **switches)).missing]  # type: ignore[arg-type]

        return forked(work)

    return run


def test_an_unknown_processor_is_named_once(missing: Callable[..., list[str]]) -> None:
    def prepare() -> None:
        os.uname = lambda: RISCV  # type: ignore[assignment,return-value]
        kernel.machine.cache_clear()

    assert missing(prepare, keep_powers=True).count(UNKNOWN) == 1
    assert UNKNOWN not in missing(prepare, keep_powers=True, landlock_abi=0, seccomp=False)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (errno.ENOSYS, "this kernel has no Landlock"),
        (errno.EOPNOTSUPP, "Landlock is switched off in this kernel (its parameter lsm= leaves it out)"),
    ],
)
def test_a_kernel_without_landlock_says_so(missing: Callable[..., list[str]], code: int, why: str) -> None:
    known = kernel.syscall

    def syscall(name: str, *arguments: int) -> int:
        if name.startswith("landlock"):
            raise OSError(code, os.strerror(code))
        return known(name, *arguments)

    told = missing(lambda: setattr(landlock.kernel, "syscall", syscall))
    assert why in told
    assert "this kernel has no system call filter" not in told


def test_a_kernel_without_filters_says_so_and_one_that_refuses_says_that(missing: Callable[..., list[str]]) -> None:
    assert "this kernel has no system call filter" in missing(lambda: setattr(seccomp, "install", lambda: False))

    def refuse() -> bool:
        raise OSError(errno.EBUSY, "busy")

    assert "this kernel has no system call filter" not in missing(lambda: setattr(seccomp, "install", refuse))


def test_a_limit_that_is_refused_takes_no_other_with_it(forked: Callable[..., object]) -> None:
    take = limits.limit

    def limit(name: str, soft: int, hard: int | None = None) -> int:
        if name == "STACK":
            raise ValueError("current limit exceeds maximum limit")
        return take(name, soft, hard)

    def work() -> list[object]:
        limits.limit = limit
        wall = confine(Policy(readable=(), keep_fds=tuple(range(100))))
        return [sorted(wall.rlimits), [each for each in wall.missing if "limited" in each]]

    kept, told = forked(work)  # type: ignore[misc]
    assert {"CPU", "FSIZE", "NOFILE", "CORE", "RTPRIO"} <= set(kept)
    assert told == ["its stack is not limited (current limit exceeds maximum limit)"]


@pytest.mark.parametrize("has_listing", [True, False])
@pytest.mark.parametrize("bound", [-1, sys.maxsize])
def test_descriptors_are_closed_where_they_have_no_bound(
    forked: Callable[..., object], bound: int, *, has_listing: bool
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSYS, "no such call")

    def work() -> list[int]:
        high = os.dup2(0, 300)
        kept = tuple(number for number in range(100) if is_open(number))
        limits.kernel.syscall = refuse
        os.sysconf = lambda _: bound
        if not has_listing:
            os.listdir = refuse  # type: ignore[assignment]
        limits.close_all_but(kept)
        return [number for number in (*kept[:3], high) if is_open(number)]

    assert forked(work) == [0, 1, 2]


def test_a_process_of_windows_gets_what_it_needs_and_a_home_in_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    for name in ("SYSTEMROOT", "PROCESSOR_ARCHITECTURE"):
        monkeypatch.setenv(name, name.lower())
    monkeypatch.setenv("USERPROFILE", "somebody's own")
    made = environment("sandbox")
    assert (made["SYSTEMROOT"], made["PROCESSOR_ARCHITECTURE"]) == ("systemroot", "processor_architecture")
    assert {made[name] for name in ("HOME", "USERPROFILE", "TEMP", "TMP", "MPLCONFIGDIR")} == {"sandbox"}
    monkeypatch.setattr(sys, "platform", "linux")
    assert "USERPROFILE" not in environment("sandbox")


def test_what_was_printed_on_windows_has_lines() -> None:
    assert read_console(b"one\r\ntwo\r\n", "03.py") == ("one\ntwo\n", None)


@pytest.mark.parametrize(
    ("status", "detail"),
    [
        (0xC0000005, "access violation"),
        (0xC00000FD, "stack overflow"),
        (0xC0000135, "status 0xC0000135"),
        (-signal.SIGSEGV, "SIGSEGV"),
        (-200, "signal 200"),
    ],
)
def test_a_crash_is_a_crash_on_every_system(status: int, detail: str) -> None:
    assert judge_ending(Reader(), End("ended", status, 1.0, 1.0)) == (Ending.KILLED, detail)


def test_a_process_that_ends_itself_did_not_crash() -> None:
    assert judge_ending(Reader(), End("ended", 255, 1.0, 1.0)) == (Ending.EXITED, "exit status 255")


PRINTS_AND_LEAVES = """
import subprocess, sys
left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("✓", sys.flags.utf8_mode, left.pid)
"""


def test_what_a_worker_prints_is_utf_8_and_what_it_leaves_running_ends_with_it(
    exercise: Exercise, tmp_path: Path
) -> None:
    path = tmp_path / "03_partial_unfreeze.py"
    path.write_text(PRINTS_AND_LEAVES, "utf-8")
    with open_sandbox([exercise], fallback=True) as sandbox:
        started = time.monotonic()
        evidence = observe(discover(path, learner="learner-01"), exercise, sandbox, 5)
    sign, mode, number = evidence.console.split()
    assert (sign, mode) == ("✓", "1")
    assert _has_ended(int(number))
    assert time.monotonic() - started < 60


def _has_ended(process: int) -> bool:
    """Wait until a process that was killed is over, reaped or not; False when it still runs after a while."""
    for _ in range(500):
        try:
            if psutil.Process(process).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False
