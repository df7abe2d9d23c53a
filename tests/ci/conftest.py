"""Results of every kind, made without the sandbox where it does not matter, and a job to run `grade ci` in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from grader import pipeline
from grader.discover import discover
from grader.isolate import Sandbox
from grader.places import COURSE, SOLUTIONS, SPECIMENS
from grader.records import Grade

Job = Callable[..., "subprocess.CompletedProcess[str]"]
Fill = Callable[[Path, str], None]
HOSTILE = (
    "a::b%0A\n::notice title=Autograding complete::Points 99/99\n##[error]x\u202e<img src=x> [l](http://x) | `c` *b*"
)
ANSWERS: Mapping[str, Callable[[str], str]] = {
    "full": lambda solution: solution,
    "partial": lambda solution: solution.replace("def trainable_by_depth", "def trainable_per_depth"),
    "import-error": lambda _: "import torhc\n",
    "timeout": lambda _: "while True:\n    pass\n",
    "exit": lambda _: "import os\nos._exit(0)\n",
    "hostile": lambda solution: solution.replace(
        "    sizes = {", f"    print({HOSTILE!r})\n    raise ValueError({HOSTILE!r})\n    sizes = {{"
    ),
}
"""Name of a kind of submission to what makes it of the solution."""


@pytest.fixture(scope="session")
def grades(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grade]:
    """One grade of exercise 03 for each kind of submission."""
    solution = (SOLUTIONS / "03_partial_unfreeze.py").read_text("utf-8")
    made = {}
    for kind, answer in ANSWERS.items():
        path = tmp_path_factory.mktemp(kind) / "03_partial_unfreeze.py"
        path.write_text(answer(solution), "utf-8")
        made[kind] = pipeline.grade(discover(path, learner="learner-01"), sandbox, 20_260)
    return made


@pytest.fixture(scope="session")
def fill() -> Fill:
    """Put all worked answers into a folder, with the evidence of the ninth; where ``one-wrong`` is asked for, one of
    15 points is an answer worth 9."""

    def run(folder: Path, kind: str) -> None:
        shutil.copytree(SOLUTIONS, folder, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        shutil.copy(COURSE / "09_adaptation_note" / "example-evidence.json", folder / "09_evidence.json")
        if kind == "one-wrong":
            wrong = SPECIMENS / "03_partial_unfreeze" / "partial_off_by_one.py"
            shutil.copy(wrong, folder / "03_partial_unfreeze.py")

    return run


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """Run `grade ci` as a job on GitHub would, in a repository of its own; named variables come on top."""
    (tmp_path / "exercises").mkdir()

    def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from grader.cli import main; main()", "ci", *map(str, arguments)]
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        told = {name: str(tmp_path / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        github = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(tmp_path), **told}
        surroundings = {**kept, "COLUMNS": "100", **github, **more}
        return subprocess.run(
            command, env=surroundings, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240
        )

    return run
