"""What is handed in beside, around or instead of a submission; and names that act on whoever prints them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from grader import course, pipeline, report
from grader.discover import discover
from grader.errors import UsageError
from grader.isolate import Sandbox
from grader.records import Grade

HERE = Path(__file__).parent
NAME = "03_partial_unfreeze.py"
SEED = 99
COMMAND = Path(sys.executable).with_name("grade")
SHADOWS = ("34_conftest", "35_start_up_files", "36_shadow_modules")


def graded(path: Path, sandbox: Sandbox, learner: str = "learner-01") -> Grade:
    exercise = course.exercises()["03_partial_unfreeze"]
    short = msgspec.structs.replace(exercise, limits=msgspec.structs.replace(exercise.limits, seconds=2))
    handed_in = discover(path, exercise="03", learner=learner)
    return pipeline.judge(handed_in, short, pipeline.observe(handed_in, short, sandbox, SEED))


def test_a_link_to_somebody_elses_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text("def backbone_blocks(model): ...")
    (tmp_path / NAME).symlink_to(tmp_path / "solution.py")
    with pytest.raises(UsageError):
        discover(tmp_path / NAME, learner="learner-01")


def test_pipes_folders_and_devices_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    (tmp_path / "folder" / NAME).mkdir(parents=True)
    for path in (tmp_path / NAME, tmp_path / "folder" / NAME, Path(os.devnull), Path("a\0b.py")):
        with pytest.raises(UsageError):
            discover(path, exercise="03", learner="learner-01")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"#" * (5 << 20))
    with pytest.raises(UsageError, match="5,242,880 bytes"):
        discover(tmp_path / NAME, learner="learner-01")


SOURCES = {
    "parentheses": b"x = " + b"(" * 10_000 + b"1" + b")" * 10_000,
    "minuses": b"x = " + b"-" * 200_000 + b"1",
    "attributes": b"x = a" + b".b" * 200_000,
    "null-byte": b"x = 1\n\0\n",
    "null-bytes-everywhere": b"\0" * 1000,
    "no-text": bytes(range(128, 256)) * 10,
    "a-megabyte-in-one-line": b"x = '" + b"y" * 1_000_000 + b"'",
    "unknown-coding": b"# -*- coding: rot13 -*-\nx = 1\n",
    "constant-that-explodes": b"x = 9 ** 9 ** 9\n",
    "folded-power": b"x = (((9**9)**9)**9)**9\n" * 50,
}


@pytest.mark.parametrize("kind", SOURCES)
def test_source_that_hurts_a_compiler_hurts_only_its_own_process(kind: str, sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(SOURCES[kind])
    grade = graded(tmp_path / NAME, sandbox)
    assert grade.earned == 0
    assert grade.next_step


def test_files_beside_the_submission_are_never_run(shelf: list[Any], tmp_path: Path) -> None:
    if not COMMAND.exists():
        pytest.skip("the grade command is not installed beside this Python")
    for exhibit in shelf:
        if exhibit.name in SHADOWS:
            exhibit.lay_out(tmp_path)
    (tmp_path / "submission.py").rename(tmp_path / NAME)
    run = subprocess.run(
        [str(COMMAND), NAME, "--format", "json", "--learner", "learner-01"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert run.returncode == 1, run.stderr
    assert json.loads(run.stdout)["earned"] == 0
    assert "GOT" not in run.stdout + run.stderr


NAMES = {
    "escape": "\x1b]0;full marks\x07\x1b[2J_03_partial_unfreeze.py",
    "line": "x\n::error::y_03_partial_unfreeze.py",
    "bidi": "\u202e_03_partial_unfreeze.py",
    "surrogate": os.fsdecode(b"\xff_03_partial_unfreeze.py"),
}


@pytest.mark.parametrize("kind", NAMES)
def test_a_files_name_is_shown_harmlessly(kind: str, sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / NAMES[kind]
    path.write_text("def backbone_blocks(model): ...")
    grade = graded(path, sandbox)
    paper = io.StringIO()
    console = Console(file=paper, width=200)
    with report.checking(console, grade.path):
        report.show(console, grade, None)
    said = paper.getvalue() + msgspec.json.encode(grade).decode() + report.html(grade)
    assert json.loads(msgspec.json.encode(grade))["path"].isprintable()
    assert not [line for line in said.splitlines() if line.lstrip().startswith("::")]
    assert "\x1b" not in said


@pytest.mark.parametrize("kind", NAMES)
def test_a_learners_name_is_shown_harmlessly(kind: str, sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("def backbone_blocks(model): ...")
    grade = graded(tmp_path / NAME, sandbox, NAMES[kind])
    assert json.loads(msgspec.json.encode(grade))["learner"].isprintable()
    page = report.html(grade)
    assert page.replace("\n", "").isprintable()
    assert not [line for line in page.splitlines() if line.lstrip().startswith("::")]
