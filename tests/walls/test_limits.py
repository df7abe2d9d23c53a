from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from grader.inside.walls import Policy, confine, limits
from tests.forking import is_open

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.skipif(sys.platform != "linux", reason="limits are measured on Linux"),
]

MEGABYTE = 1 << 20


def soft(name: str) -> int:
    return resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0]


def test_every_limit_is_in_force_as_reported(confined: Callable[..., Any]) -> None:
    def work() -> dict[str, int]:
        names = ("CPU", "FSIZE", "NOFILE", "STACK", "CORE", "MEMLOCK", "MSGQUEUE", "NICE", "RTPRIO")
        return {name: soft(name) for name in names}

    assert confined(work, cpu=7, file_size=5000) == {
        "CPU": 8,
        "FSIZE": 5000,
        "NOFILE": 64,
        "STACK": 8 * MEGABYTE,
        **dict.fromkeys(("CORE", "MEMLOCK", "MSGQUEUE", "NICE", "RTPRIO"), 0),
    }


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere some limits are missing, and left out")
def test_no_limit_is_left_out_for_its_name(forked: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    class Looking:
        """Notes what is asked of the module."""

        asked: ClassVar[list[str]] = []

        def __getattr__(self, name: str) -> Any:
            self.asked.append(name)
            return getattr(resource, name)

    def work() -> list[str]:
        limits.plain_limits(10, 1 << 20)
        return sorted({name for name in Looking.asked if not hasattr(resource, name)})

    monkeypatch.setattr(limits, "resource", Looking())
    assert forked(work) == []


def test_memory_is_limited_relative_to_what_is_there(confined: Callable[..., Any]) -> None:
    def work() -> list[object]:
        kept = bytearray(32 * MEGABYTE)
        try:
            return [len(bytearray(96 * MEGABYTE))]
        except MemoryError:
            return ["refused", len(bytearray(16 * MEGABYTE)) + len(kept)]

    assert confined(work, memory=64 * MEGABYTE) == ["refused", 48 * MEGABYTE]


def test_address_space_is_the_looser_limit(forked: Callable[..., Any]) -> None:
    def work() -> bool:
        before = limits.memory_in_use()
        in_force = limits.memory_limits(64 * MEGABYTE)
        return (
            in_force["DATA"] - before["VmData"] == 64 * MEGABYTE and in_force["AS"] - before["VmSize"] == 256 * MEGABYTE
        )

    assert forked(work) is True


def test_a_limit_is_never_raised(forked: Callable[..., Any]) -> None:
    def work() -> list[int]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
        return [limits.limit("NOFILE", 64), soft("NOFILE")]

    assert forked(work) == [20, 20]


def test_too_much_output_is_an_error_of_the_write(confined: Callable[..., Any], tmp_path: Path) -> None:
    output = os.open(tmp_path / "output", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def work() -> str:
        try:
            while True:
                os.write(1, b"x" * 1000)
        except OSError as error:
            return errno.errorcode[error.errno]

    assert confined(work, output=output, file_size=10_000) == "EFBIG"
    os.close(output)
    assert (tmp_path / "output").stat().st_size == 10_000


def test_an_endless_loop_is_ended_by_the_kernel(confined: Callable[..., Any]) -> None:
    def work() -> None:
        while True:
            pass

    assert confined(work, cpu=0) == f"died with status {signal.SIGXCPU.value}"


def test_a_loop_that_ignores_the_warning_is_ended_too(confined: Callable[..., Any]) -> None:
    def work() -> None:
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        while True:
            pass

    assert confined(work, cpu=0) == f"died with status {signal.SIGKILL.value}"


def test_only_named_descriptors_stay_open(confined: Callable[..., Any]) -> None:
    high = os.dup2(0, 700)
    kept = os.dup(0)

    def work() -> list[bool]:
        return [is_open(descriptor) for descriptor in (0, 1, 2, high)]

    assert confined(work) == [True, True, True, False]
    os.close(high)
    os.close(kept)


def test_closing_leaves_gaps_alone(forked: Callable[..., Any]) -> None:
    def work() -> list[int]:
        reader, writer = os.pipe()
        for descriptor in range(writer + 1, writer + 6):
            os.dup2(reader, descriptor)
        kept = {0, 2, *range(reader - 2, reader), writer + 3}
        limits.close_all_but(kept)
        os.dup2(writer + 3, 60)
        return sorted(set(filter(is_open, range(100))) - kept)

    code = forked(work)
    # The pipe that reports was among the kept or the closed: either way nothing else stayed open.
    assert code in ([60], "died with status 256") or set(code) == {60}


def test_signals_are_back_to_their_defaults(confined: Callable[..., Any]) -> None:
    def work() -> list[bool]:
        return [
            signal.getsignal(signal.SIGTERM) is signal.SIG_DFL,
            signal.getsignal(signal.SIGINT) is signal.SIG_DFL,
            signal.getsignal(signal.SIGPIPE) is signal.SIG_IGN,
            signal.getsignal(signal.SIGXFSZ) is signal.SIG_IGN,
            not signal.pthread_sigmask(signal.SIG_BLOCK, ()),
        ]

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    assert all(confined(work))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})


def test_a_worker_dies_with_its_parent(roots: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    parent = os.fork()
    if parent == 0:
        if os.fork() == 0:
            confine(Policy(readable=roots, keep_fds=(writer,)))
            os.write(writer, b"up")
            time.sleep(60)
        time.sleep(60)
        os._exit(0)
    os.close(writer)
    assert os.read(reader, 2) == b"up"
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    start = time.monotonic()
    assert os.read(reader, 2) == b""
    assert time.monotonic() - start < 10
    os.close(reader)


def test_orphans_come_to_the_one_who_adopts() -> None:
    code = (
        "import os, time\n"
        "from grader.inside.walls import limits\n"
        "limits.adopt_orphans()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    if os.fork() == 0:\n"
        "        time.sleep(0.2)\n"
        "        os._exit(7)\n"
        "    os._exit(0)\n"
        "os.waitpid(child, 0)\n"
        "print(os.waitstatus_to_exitcode(os.wait()[1]))"
    )
    repository = Path(__file__).parents[2]
    answer = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=repository,
        timeout=30,
        check=False,
    )
    assert answer.stdout == "7\n", answer.stderr
