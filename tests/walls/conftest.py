"""Ways to run something behind the walls and hear how it went."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.inside.walls import Policy, confine, default_readable_roots
from tests.forking import Work, in_a_fork

REPOSITORY = Path(__file__).parents[2]
ORDINARY = 65534


BOOTSTRAP = """
import json, sys, types
for name in ("grader", "grader.inside"):
    module = types.ModuleType(name)
    module.__path__ = ["/".join([sys.argv[1], *name.split(".")])]
    sys.modules[name] = module
from grader.inside.walls import Policy, default_readable_roots
from grader.inside.walls.doctor import examine
found = examine(Policy(readable=default_readable_roots(), **json.loads(sys.argv[2])))
print(json.dumps([found.level, found.wall.as_dict(), dict(found.results)]))
"""
"""The doctor by itself: the walls need nothing of grader but their own folder and the wire."""


@pytest.fixture(scope="session")
def roots() -> tuple[str, ...]:
    return default_readable_roots()


@pytest.fixture
def forked() -> Callable[[Work], Any]:
    return in_a_fork


def open_descriptors() -> set[int]:
    return {int(entry.name) for entry in Path("/proc/self/fd").iterdir()}


@pytest.fixture
def confined(roots: tuple[str, ...]) -> Callable[..., Any]:
    """Run work in a confined process: ``confined(work, memory=…)``."""

    def run(work: Work, **switches: Any) -> Any:
        before = open_descriptors()

        def behind_walls() -> Any:
            # The pipe that in_a_fork reports through is the one descriptor that is new.
            kept = tuple(open_descriptors() - before)
            confine(Policy(**{"readable": roots, "keep_fds": kept} | switches))
            return work()

        return in_a_fork(behind_walls)

    return run


def _runs(python: str, user: int) -> bool:
    code = "import sys, ctypes; sys.exit(sys.version_info < (3, 11))"
    try:
        subprocess.run([python, "-I", "-c", code], user=user, group=user, extra_groups=[], check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


@pytest.fixture(scope="session")
def public_python() -> str:
    """Find an interpreter that any user may run, and make sure that any user may read the walls."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can become another user")
    if not (REPOSITORY / "grader/inside/walls").stat().st_mode & 0o005:
        pytest.skip("the repository cannot be read by other users")
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        if Path(python).exists() and _runs(python, ORDINARY):
            return python
    pytest.skip("no Python 3.11 or newer that an ordinary user can run")


@pytest.fixture
def examined(public_python: str) -> Callable[..., Any]:
    """Have the doctor run in another process: ``examined(user, seccomp=…)`` gives level, wall, results."""

    def run(user: int, **switches: Any) -> Any:
        command = [public_python, "-I", "-B", "-c", BOOTSTRAP, str(REPOSITORY), json.dumps(switches)]
        who = {"user": user, "group": user, "extra_groups": []} if user else {}
        answer = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **who)
        assert not answer.returncode, answer.stderr
        return json.loads(answer.stdout)

    return run
