"""Twins of a warm zygote: they work side by side, share its memory, and neither end nor disturb each other."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from grader import course
from grader.errors import SandboxFault
from grader.isolate import Question, Sandbox, Zygote, open_sandbox
from grader.records import Ending, Exercise, Grade
from tests.forking import forking

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the zygote is for Linux")
PROBE = """
def prepare(job): return None
"""


def task(folder: Path, source: str) -> Question:
    probe = folder / "empty_probe.py"
    probe.write_text(PROBE)
    return Question(
        filename="nothing.py", source=source.encode(), probe=str(probe), parts=(), seconds=20, plan={}, fixtures={},
        arrays={},
    )  # fmt: skip


@pytest.fixture
def mother(sandbox: Sandbox) -> Iterator[Zygote]:
    """The session's zygote: every test here leaves it usable."""
    assert isinstance(sandbox, Zygote)
    yield sandbox
    assert sandbox.ready()


def has_ended(process: psutil.Process) -> bool:
    """Wait until a process is over, reaped or not; False when it is still there after a while."""
    for _ in range(500):
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def children(process: int) -> list[psutil.Process]:
    return psutil.Process(forking(process)).children()


def test_twins_work_at_the_same_time(mother: Zygote, tmp_path: Path) -> None:
    meet = "import time; start = time.time(); time.sleep(2); print(start, time.time())"
    twins = [mother.twin(), mother.twin()]
    with ThreadPoolExecutor(2) as pool:
        attempts = list(pool.map(lambda twin: twin.attempt(task(tmp_path, meet)), twins))
    assert [attempt.ending for attempt in attempts] == [Ending.FINISHED] * 2
    (start_1, end_1), (start_2, end_2) = (map(float, attempt.console.split()) for attempt in attempts)
    assert max(start_1, start_2) < min(end_1, end_2)
    for twin in twins:
        twin.close()


def test_a_twin_has_the_walls_that_were_examined(mother: Zygote) -> None:
    twin = mother.twin()
    assert twin.wall() == mother.wall()
    twin.close()


def test_the_sweep_after_an_attempt_spares_twins(mother: Zygote, tmp_path: Path) -> None:
    twin = mother.twin()
    assert mother.attempt(task(tmp_path, "")).ending is Ending.FINISHED
    assert twin.attempt(task(tmp_path, "")).ending is Ending.FINISHED
    twin.close()


def test_a_killed_twin_is_a_fault_and_the_next_one_works(mother: Zygote, tmp_path: Path) -> None:
    before = children(mother._process.pid)
    twin = mother.twin()
    (process,) = set(children(mother._process.pid)) - set(before)
    with ThreadPoolExecutor(1) as pool:
        attempt = pool.submit(twin.attempt, task(tmp_path, "import time; time.sleep(20)"))
        while not process.children():
            time.sleep(0.01)
        (worker,) = process.children()
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(SandboxFault):
            attempt.result()
    replacement = mother.twin()
    assert replacement.attempt(task(tmp_path, "")).ending is Ending.FINISHED
    assert has_ended(worker)
    assert not process.is_running(), "the next request for a twin reaps the dead one"
    replacement.close()
    twin.close()


def test_twins_end_with_what_they_were_forked_from() -> None:
    with open_sandbox([course.exercises()["08_choose_depth"]]) as own:
        assert isinstance(own, Zygote)
        twin = own.twin()
        (process,) = children(own._process.pid)
    assert has_ended(process)
    twin.close()


def test_a_closed_twin_ends(mother: Zygote) -> None:
    before = children(mother._process.pid)
    twin = mother.twin()
    (process,) = set(children(mother._process.pid)) - set(before)
    twin.close()
    assert has_ended(process)


def test_imports_leave_bytecode_so_that_an_uncompiled_installation_is_compiled_once(
    solution: str, graded: Callable[..., Grade]
) -> None:
    told = graded(f"import sys\nprint('dont_write_bytecode', sys.flags.dont_write_bytecode)\n{solution}")
    assert "dont_write_bytecode 0" in told.evidence.console


def test_a_sandbox_that_was_killed_says_by_what(exercise: Exercise) -> None:
    with open_sandbox([exercise], imports=False) as opened:
        assert isinstance(opened, Zygote)
        os.kill(opened._process.pid, signal.SIGKILL)
        with pytest.raises(SandboxFault, match=r"not there any more \(.+; SIGKILL\)"):
            opened.wall()
