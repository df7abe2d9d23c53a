"""The zygote among its own: what a learner's code can still see, and that nobody is left behind."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.errors import SandboxFault
from grader.inside.walls.private_root import FOLDER
from grader.isolate import Question, Zygote, open_sandbox
from grader.isolate.wall import SUMMARIES
from grader.records import Exercise
from grader.wire.job import Setting
from tests.forking import forking

from .conftest import REPOSITORY

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")


@pytest.fixture(scope="module")
def private_zygote(exercise: Exercise) -> Iterator[Zygote]:
    with open_sandbox([exercise], imports=False) as opened:
        if not isinstance(opened, Zygote):
            pytest.skip("no zygote here")
        if without := opened.wall().details["without"]:
            pytest.skip(f"refused here: {', '.join(without)}")
        yield opened


def task(folder: Path, source: str) -> Question:
    probe = folder / "empty_probe.py"
    probe.write_text("def prepare(job): return None\n")
    nothing: dict[str, Any] = {"parts": (), "plan": {}, "fixtures": {}, "arrays": {}}
    return Question(filename="nothing.py", source=source.encode(), probe=str(probe), seconds=20, **nothing)


LOOK = """
import os
paths = {paths}
print([path for path in paths if os.path.exists(path)], os.path.exists("/proc/self"), os.getcwd(), end=" ")
seen = []
for number in range(1, 5000):
    try:
        os.getsid(number)
        seen.append(number)
    except ProcessLookupError:
        pass
# The third is a thread of this process, which watches its deadline.
print(seen[:2] == [os.getppid(), os.getpid()] and len(seen) <= 3)
"""


def test_a_learners_code_sees_no_file_and_no_process_of_others(private_zygote: Zygote, tmp_path: Path) -> None:
    paths = [str(REPOSITORY / "pyproject.toml"), __file__, str(tmp_path), "/etc/passwd", "/bin/sh"]
    attempt = private_zygote.attempt(task(tmp_path, LOOK.format(paths=paths)))
    assert attempt.console.strip() == f"[] False {FOLDER} True"
    assert attempt.wall.details["private_root"]


def test_it_ends_with_whoever_it_was_started_as(exercise: Exercise, private_zygote: Zygote) -> None:
    assert private_zygote.ready()
    with open_sandbox([exercise], imports=False) as opened:
        assert isinstance(opened, Zygote)
        opened.ready()
        started = opened._process.pid
        first = psutil.Process(forking(started))
        assert first.pid != started
        targets = {str(each.readlink()) for each in Path(f"/proc/{started}/fd").iterdir()}
        assert not any(target.startswith("socket") for target in targets), "whoever waits holds no line"
        os.kill(started, signal.SIGKILL)
        psutil.wait_procs([first], timeout=10)
        assert not first.is_running()
        with pytest.raises(SandboxFault, match="SIGKILL"):
            opened.attempt(task(Path(opened._home.name), ""))


def test_when_it_dies_so_does_whoever_it_was_started_as(exercise: Exercise, private_zygote: Zygote) -> None:
    assert private_zygote.ready()
    with open_sandbox([exercise], imports=False) as opened:
        assert isinstance(opened, Zygote)
        opened.ready()
        os.kill(forking(opened._process.pid), signal.SIGKILL)
        with pytest.raises(SandboxFault, match="SIGKILL"):
            opened.attempt(task(Path(opened._home.name), ""))


def test_nothing_of_it_happens_where_it_is_not_asked_for(tmp_path: Path, exercise: Exercise) -> None:
    setting = Setting(
        imports=(),
        memory_mb=exercise.limits.memory_mb,
        seconds=20,
        readable=(),
        hidden=(str(REPOSITORY / "README.md"),),
    )
    with Zygote(setting, private=False) as opened:
        assert opened.wall().summary == SUMMARIES[opened.wall().level]
        assert len(opened.wall().details["without"]) == 2
        assert forking(opened._process.pid) == opened._process.pid
        attempt = opened.attempt(task(tmp_path, LOOK.format(paths=["/etc/passwd"])))
        assert attempt.console.strip() == f"['/etc/passwd'] True {opened._home.name} False"
