"""The cheats are alive: a grader that runs its checks in the learner's process falls for them."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CHECKS = 8
PATIENCE = {"hung": 2.5}
"""Seconds until an exhibit that is meant to hang has proved it; all others may take a minute."""
STUB = """
def backbone_blocks(model):
    raise NotImplementedError


partial_unfreeze = trainable_by_depth = backbone_blocks
"""

pytestmark = pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="the naive grader forks and watches its forks, which needs Linux"
)


@dataclasses.dataclass(frozen=True)
class Result:
    """What a naive grader would read."""

    folder: Path
    status: int
    hung: bool

    @property
    def output(self) -> str:
        return (self.folder / "output.txt").read_text("utf-8", "replace")

    @property
    def passed(self) -> int:
        """Checks that passed, by the results file."""
        try:
            suite = next(ET.parse(self.folder / "junit.xml").getroot().iter("testsuite"))
        except (OSError, ET.ParseError):
            return 0
        bad = sum(int(suite.get(kind, 0)) for kind in ("failures", "errors", "skipped"))
        return int(suite.get("tests", 0)) - bad

    @property
    def full(self) -> bool:
        return self.status == 0 and self.passed == CHECKS and f"{CHECKS} passed" in self.output

    def left_behind(self) -> bool:
        """Whether a file appears, now or a little later, that nobody asked for."""
        end = time.monotonic() + 4
        while time.monotonic() < end:
            if list(self.folder.glob("LEFT*")):
                return True
            time.sleep(0.05)
        return False


FALLS: dict[str, Callable[[Result], bool]] = {
    "full marks": lambda result: result.full,
    "some points": lambda result: result.passed > 0,
    "exit code 0": lambda result: result.status == 0 and result.passed < CHECKS,
    "summary": lambda result: f"{CHECKS} passed" in result.output and result.passed < CHECKS,
    "junit": lambda result: result.passed == CHECKS and f"{CHECKS} passed" not in result.output,
    "GOT": lambda result: "GOT" in result.output,
    "hung": lambda result: result.hung,
    "died": lambda result: result.status < 0 and not result.hung,
    "left behind": Result.left_behind,
}


class Naive:
    """The runner's process, seen from outside."""

    def __init__(self) -> None:
        single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        hidden = ("CI", "BUILD_NUMBER", "PYTEST_ADDOPTS")
        inherited = {name: value for name, value in os.environ.items() if name not in hidden}
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "naive" / "runner.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**inherited, **single, **offline, "GRADER_TOKEN": "GRADER_TOKEN=do-not-tell"},
            start_new_session=True,
        )
        self.answer()

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def grade(self, folder: Path, expected: str = "") -> Result:
        assert self.process.stdin is not None
        shutil.copy(HERE / "naive" / "checks_visible.py", folder)
        self.process.stdin.write(json.dumps({"folder": str(folder), "seconds": PATIENCE.get(expected, 60)}) + "\n")
        self.process.stdin.flush()
        return Result(folder, **self.answer())

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def naive() -> Iterator[Naive]:
    runner = Naive()
    yield runner
    runner.close()


def test_the_naive_grader_is_fair_to_honest_work(naive: Naive, tmp_path: Path) -> None:
    shutil.copy(HERE / "exhibits" / "honest.py", tmp_path / "submission.py")
    result = naive.grade(tmp_path)
    assert result.full, result.output[-2000:]


def test_the_naive_grader_gives_nothing_to_a_stub(naive: Naive, tmp_path: Path) -> None:
    (tmp_path / "submission.py").write_text(STUB)
    result = naive.grade(tmp_path)
    assert (result.status, result.passed, result.hung) == (1, 0, False), result.output[-2000:]


def test_falls(fallen: Any, naive: Naive, tmp_path: Path) -> None:
    fallen.lay_out(tmp_path)
    result = naive.grade(tmp_path, fallen.plaque["naive"])
    for way in fallen.plaque["naive"].split(", "):
        assert FALLS[way](result), (way, result.status, result.hung, result.passed, result.output[-2000:])


def test_enough_exhibits_are_shown_to_be_alive(shelf: list[Any]) -> None:
    assert sum("naive" in exhibit.plaque for exhibit in shelf) >= 20
