"""What a command costs: seconds of the clock and of the processor, and memory, of its whole tree of processes."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import psutil

_PR_SET_CHILD_SUBREAPER = 36
_TICK = 0.05
_REST = 4
"""Looking takes at most a fifth of a core: the kernel adds up every page of every process for it."""


class Watch(NamedTuple):
    """What is looked at while a command runs; looking costs a little, so timed runs go without."""

    seconds: float = float("inf")
    """When all of it is killed."""
    cap_mb: float = float("inf")
    """When its largest process is killed, as a kernel short of memory would."""


class Cost(NamedTuple):
    """What one run cost."""

    wall: float
    cpu: float
    """User and system seconds of every process in the tree."""
    largest_mb: float
    """The most that one process held, shared pages counted in full."""
    tree_mb: float
    """The most that all held together, shared pages counted once; 0 where nobody looked."""
    killed: tuple[str, ...]
    """What was killed here."""
    left: int
    """Processes that outlived the command, killed here as well."""


def adopt_orphans() -> None:
    """Have processes that lose their parent come to this one, so that none escapes the account. Linux only."""
    if sys.platform != "linux" or ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise SystemExit("The tree of a command can only be followed on Linux.")


def measure(command: list[str], *, cwd: Path, env: Mapping[str, str], output: Path, watch: Watch | None = None) -> Cost:
    """Run a command to its end, its output going to a file, and return what it cost; call ``adopt_orphans`` before."""
    account = _Account()
    with output.open("ab") as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        looking = _Looking(watch, started)
        try:
            while account.wait(blocking=watch is None) != process.pid:
                if watch is not None:
                    time.sleep(max(_TICK, _REST * looking.look()))
            wall = time.perf_counter() - started
            process.returncode = 0
        finally:
            left = _kill(_family())
    while account.wait(blocking=True):
        pass
    return Cost(wall, account.cpu, account.largest_mb, looking.tree_mb, tuple(looking.killed), left)


class _Account:
    """Adds up what ended processes used, together with those that they had waited for."""

    def __init__(self) -> None:
        self.cpu = 0.0
        self.largest_mb = 0.0

    def wait(self, *, blocking: bool) -> int:
        """Wait for any child and return its number, 0 when none has ended or none is left."""
        try:
            pid, _, usage = os.wait4(-1, 0 if blocking else os.WNOHANG)
        except ChildProcessError:
            return 0
        if pid:
            self.cpu += usage.ru_utime + usage.ru_stime
            self.largest_mb = max(self.largest_mb, usage.ru_maxrss / 1024)
        return pid


class _Looking:
    """Samples the tree's memory, and kills what passes a limit."""

    def __init__(self, watch: Watch | None, started: float) -> None:
        self.tree_mb = 0.0
        self.killed: list[str] = []
        self._watch = watch or Watch()
        self._started = started

    def look(self) -> float:
        """Look once, and return the seconds that it took."""
        began, family = time.perf_counter(), _family()
        if began - self._started > self._watch.seconds:
            self.killed.append("time")
            _kill(family)
            return 0.0
        sizes = {process: _pss(process) / 2**20 for process in family}
        self.tree_mb = max(self.tree_mb, sum(sizes.values()))
        if sum(sizes.values()) > self._watch.cap_mb:
            self.killed.append("memory")
            _kill([max(sizes, key=lambda process: sizes[process])])
        return time.perf_counter() - began


def _family() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _pss(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _kill(family: list[psutil.Process]) -> int:
    """Kill processes, and return how many of them were alive."""
    alive = 0
    for process in family:
        with suppress(psutil.Error):
            alive += process.status() != psutil.STATUS_ZOMBIE
            process.send_signal(signal.SIGKILL)
    return alive
