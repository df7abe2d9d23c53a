"""Processes are killed at random moments; afterwards everybody has exactly one result, that of a quiet run.

``KILLS=50 python -m pytest tests/batch/test_chaos.py`` kills as often as that; without it a handful.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader.batch.journal import Journal
from grader.records import Grade

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the zygote is for Linux"),
    pytest.mark.timeout(3600),
]
LIGHT = "08_choose_depth"
ROLES = ("worker", "twin", "zygote", "coordinator")
KILLS = int(os.environ.get("KILLS", "5"))
ENOUGH = 200
"""Starts of the batch after which something is wrong."""


def command(root: Path, results: Path, *more: str) -> list[str]:
    words = ["batch", str(root), "--out", str(results), "--exercises", "08", "--jobs", "2", "--seed", "5"]
    return [sys.executable, "-c", "from grader.cli import main; main()", *words, *more]


def processes(coordinator: int) -> dict[str, list[psutil.Process]]:
    """Return the processes of a batch by what they do."""
    found: dict[str, list[psutil.Process]] = {"coordinator": [psutil.Process(coordinator)]}
    for role, above in (("zygote", "coordinator"), ("twin", "zygote"), ("worker", "twin")):
        found[role] = [child for parent in found[above] for child in parent.children()]
    return found


def kill_one(batch: subprocess.Popen[bytes], role: str, draw: random.Random) -> bool:
    """Kill a process of this role, as soon as there is one and some chance has passed; False when the batch ended."""
    time.sleep(draw.uniform(0.0, 1.0))
    while batch.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess):
            there = processes(batch.pid)
            if there[role] and there["twin"]:
                draw.choice(there[role]).kill()
                return True
        time.sleep(0.01)
    return False


def marks(results: Path) -> dict[tuple[str, str], Any]:
    """Return everything that a result says but for seconds and memory."""
    with Journal.read(results) as journal:
        rows = list(journal.rows())
        (count,) = journal._connection.execute("SELECT count(*) FROM grades").fetchone()
    assert count == len({row.key for row in rows})
    grades = {(row.learner, row.exercise): row.result for row in rows}
    assert all(isinstance(grade, Grade) for grade in grades.values()), grades
    return {
        who: (grade.outcomes, grade.diagnoses, grade.evidence.ending, grade.evidence.crash, grade.provenance.seed)
        for who, grade in grades.items()
        if isinstance(grade, Grade)
    }


def disturb(root: Path, results: Path, draw: random.Random) -> int:
    """Run the batch until it comes to its end, and kill on the way; return how often something was killed."""
    roles = itertools.chain(ROLES, (draw.choice(ROLES) for _ in itertools.count()))
    killed = 0
    for start in itertools.count():
        assert start < ENOUGH
        more = ["--retry-ungraded"] if start else []
        running = subprocess.Popen(command(root, results, *more), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        while killed < KILLS and kill_one(running, next(roles), draw):
            killed += 1
        said, _ = running.communicate(timeout=300)
        assert running.returncode in (0, 3, -signal.SIGKILL), said
        if running.returncode == 0:
            return killed
    raise AssertionError("it never ended")


@pytest.fixture
def cohort(folders: Callable[..., Path], right: str, stub: str) -> Callable[[int], Path]:
    """Write slow submissions of several kinds: right, empty, crashing at import, ending their process."""
    slow = "import time\ntime.sleep(0.4)\n"
    kinds = (right, stub, "raise RuntimeError('not today')\n", "import os\nos._exit(3)\n")
    return lambda count: folders({
        f"learner-{n:03}/{LIGHT}.py": f"# {n}\n{slow}{kinds[n % len(kinds)]}" for n in range(count)
    })  # fmt: skip


def test_whatever_is_killed_everybody_gets_their_one_result(cohort: Callable[[int], Path], tmp_path: Path) -> None:
    draw = random.Random(os.environ.get("CHAOS_SEED"))
    root = cohort(8 + 3 * KILLS)
    subprocess.run(command(root, tmp_path / "quiet"), check=True, capture_output=True, timeout=1200)
    assert disturb(root, tmp_path / "disturbed", draw) == KILLS
    assert marks(tmp_path / "disturbed") == marks(tmp_path / "quiet")
