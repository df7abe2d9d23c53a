"""`grade ci` as a job runs it: what it prints, what it leaves, and what no line of the learner's can do."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from markdown_it import MarkdownIt

from grader.ci.github import ANNOTATIONS_CAP, annotate
from grader.ci.work import find_work
from grader.course import exercises
from grader.discover import discover
from grader.errors import UsageError
from grader.isolate import Sandbox
from grader.pipeline import grade
from grader.places import COURSE, EXERCISES, SOLUTIONS, SPECIMENS
from grader.records import Grade

Job = Callable[..., "subprocess.CompletedProcess[str]"]
EXAMPLE = COURSE / "09_adaptation_note" / "example-evidence.json"
HOSTILE = """\
import os

print("::error file=x::forged\\n::notice title=Autograding complete::Points 99/99")
print("##[error]forged", flush=True)


def backbone_blocks(model):
    raise ValueError("100%, done: yes\\n::notice title=Autograding report::forged <img src=x>")


def trainable_by_depth(model):
    os._exit(0)
"""


OURS = set("h2 h3 p table thead tbody tr th td ul li code strong em details summary".split())  # noqa: SIM905


def stub(number: str) -> Path:
    return next(EXERCISES.glob(f"{number}_*"))


def tags(markdown: str) -> set[str]:
    """Return the HTML elements that Markdown with HTML turned on makes of a text."""
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)
    return set(re.findall(r"<([a-zA-Z0-9]+)", html))


def outside(log: str) -> list[str]:
    """Return the lines that GitHub's runner reads as commands or prints, without those between the markers."""
    word = re.search(r"^::stop-commands::([0-9a-f]{32})$", log, re.MULTILINE)
    assert word
    before, _, rest = log.partition(word[0])
    _, end, after = rest.partition(f"\n::{word[1]}::\n")
    assert end
    return [line for line in (before + after).splitlines() if line]


@pytest.fixture
def hostile(job: Job, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    (tmp_path / "exercises" / "03_partial_unfreeze.py").write_text(HOSTILE)
    shutil.copy(SOLUTIONS / "07_confusion_analysis.py", tmp_path / "exercises")
    return job("--only", "3", "7", "8", "--junit", "out/junit.xml", "--reports", "out")


def test_a_job_prints_its_commands_and_nothing_of_the_learners_is_one(
    hostile: subprocess.CompletedProcess[str], tmp_path: Path
) -> None:
    assert hostile.returncode == 0, hostile.stderr
    commands = outside(hostile.stdout)
    assert len(commands) == 3
    assert all(line.startswith(("::error title=03_", "::warning title=03_")) for line in commands)
    raised = next(line for line in commands if "100%25" in line)
    assert raised.startswith("::error title=03_partial_unfreeze,file=exercises/03_partial_unfreeze.py,line=8::")
    assert "100%25, done: yes%0A" in raised
    assert "::notice" not in "".join(line[2:] for line in commands)
    assert "forged" in hostile.stdout
    _leaves_what_the_next_steps_read(tmp_path)


def _leaves_what_the_next_steps_read(folder: Path) -> None:
    outputs = dict(line.split("=", 1) for line in (folder / "github_output").read_text().splitlines())
    assert outputs.keys() == {"result", "ex03", "ex07", "ex08"}
    whole = json.loads(base64.b64decode(outputs["result"]))
    assert whole["max_score"] == 15 + 12 + 8
    assert sum(test["score"] for test in whole["tests"]) == 12
    summary = (folder / "github_step_summary").read_text()
    assert summary.startswith("## 12 of 35 points\n")
    assert tags(summary) <= OURS
    assert "<img src=x>" in summary
    suites = ET.parse(folder / "out" / "junit.xml").getroot()
    assert [suite.get("name") for suite in suites] == [
        "03_partial_unfreeze",
        "07_confusion_analysis",
        "08_choose_depth",
    ]
    assert (folder / "out" / "07_confusion_analysis.html").is_file()


def test_a_file_that_cannot_be_graded_stops_no_other(job: Job, tmp_path: Path) -> None:
    (tmp_path / "exercises" / "03_partial_unfreeze.py").write_text("")
    (tmp_path / "exercises" / "07_confusion_analysis.ipynb").write_text("{")
    shutil.copy(SOLUTIONS / "08_choose_depth.py", tmp_path / "exercises")
    done = job("--only", "3", "7", "8", "--strict", GITHUB_ACTIONS="false")
    assert done.returncode == 1, done.stderr
    assert "03_partial_unfreeze.py is empty" in done.stdout
    assert "07_confusion_analysis.ipynb is not a Jupyter notebook" in done.stdout
    assert "8 of 8 points" in done.stdout
    assert "::" not in done.stdout
    assert not (tmp_path / "github_output").exists()


def test_a_note_without_its_evidence_earns_nothing_and_the_job_says_what_to_hand_in(job: Job, tmp_path: Path) -> None:
    shutil.copy(SOLUTIONS / "09_adaptation_note.md", tmp_path / "exercises")
    done = job("--only", "9", "--strict")
    assert done.returncode == 1, done.stderr
    summary = (tmp_path / "github_step_summary").read_text()
    assert summary.startswith("## 0 of 12 points\n")
    for told in (done.stdout, summary):
        words = " ".join(told.replace("`", "").replace("\\", "").split())
        assert "is not graded: there is no 09_evidence.json beside it. grade compare writes" in words
        assert "imported" not in words
    shutil.copy(EXAMPLE, tmp_path / "exercises" / "09_evidence.json")
    assert "12 of 12 points" in job("--only", "9", "--strict").stdout


def test_strict_is_satisfied_by_full_marks(job: Job, tmp_path: Path) -> None:
    shutil.copy(SOLUTIONS / "08_choose_depth.py", tmp_path / "exercises")
    done = job("--only", "8", "--strict")
    assert done.returncode == 0, done.stdout
    assert outside(done.stdout) == []


def unwritten(graded: Grade) -> Grade:
    """Return a grade whose failures are those of a stub."""
    rows = tuple(
        msgspec.structs.replace(row, message=f"`{row.function}` is still to be written (line 3).")
        for row in graded.outcomes
    )
    return msgspec.structs.replace(graded, outcomes=rows, diagnoses=())


def test_what_is_wrong_is_an_error_with_the_misconceptions_question_and_a_stub_a_warning(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    path = tmp_path / "03_partial_unfreeze.py"
    surroundings = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(tmp_path)}
    for source, kind, line in (
        (SPECIMENS / "03_partial_unfreeze" / "partial_off_by_one.py", "error", "def partial_unfreeze("),
        (EXERCISES / "03_partial_unfreeze.py", "warning", "raise NotImplementedError"),
    ):
        shutil.copy(source, path)
        submission = discover(path)
        result = grade(submission, sandbox, 5)
        first = annotate([(submission, result)], surroundings)[0]
        said = re.match(rf"::{kind} title=03_partial_unfreeze,file=03_partial_unfreeze.py,line=(\d+)::", first)
        assert said, first
        assert line in path.read_text("utf-8").splitlines()[int(said[1]) - 1]
        assert all(each.question.replace("%", "%25") in first for each in result.diagnoses)
        assert bool(result.diagnoses) == (kind == "error")


def test_annotations_are_as_many_as_github_keeps(grades: dict[str, Grade], tmp_path: Path) -> None:
    path = tmp_path / "03_partial_unfreeze.py"
    path.write_text("def backbone_blocks(model):\n    pass\n")
    submission = discover(path)
    surroundings = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(tmp_path)}
    many = [(submission, each) for each in (grades["partial"], unwritten(grades["partial"])) for _ in range(20)]
    commands = annotate(many, surroundings)
    assert sum(line.startswith("::error ") for line in commands) == ANNOTATIONS_CAP
    assert sum(line.startswith("::warning ") for line in commands) == ANNOTATIONS_CAP
    assert annotate(many, {}) == []


def test_a_notebook_is_annotated_as_a_file(grades: dict[str, Grade], tmp_path: Path) -> None:
    path = tmp_path / "03_partial_unfreeze.ipynb"
    cells = [{"cell_type": "code", "source": "def backbone_blocks(model):\n    pass\n"}]
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}))
    surroundings = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(tmp_path)}
    for line in annotate([(discover(path), grades["hostile"])], surroundings):
        assert line.partition("::")[2].startswith("error title=03_partial_unfreeze,file=03_partial_unfreeze.ipynb::")


def test_what_changed_since_a_commit_is_asked_of_git(tmp_path: Path) -> None:
    folder = tmp_path / "repository" / "exercises"
    folder.mkdir(parents=True)
    for number in ("03", "07", "09"):
        shutil.copy(stub(number), folder)
    git = ["git", "-C", str(folder), "-c", "user.name=learner-01", "-c", "user.email=learner-01@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "stubs"]):
        subprocess.run([*git, *command], check=True)
    assert find_work(folder, [], "HEAD").files == {}
    (folder / "07_confusion_analysis.py").write_text("x = 1\n")
    assert list(find_work(folder, [], "HEAD").files) == ["07_confusion_analysis"]
    assert list(find_work(folder, ["3"], "HEAD").files) == []
    (folder / "07_confusion_analysis.py").write_bytes(stub("07").read_bytes())
    (folder / "09_evidence.json").write_text("{}")
    subprocess.run([*git, "add", "-N", "."], check=True)
    assert list(find_work(folder, [], "HEAD").files) == ["09_adaptation_note"], "evidence is part of its note"
    for wrong in ("nowhere", "--output=stolen"):
        with pytest.raises(UsageError, match="git cannot say what changed"):
            find_work(folder, [], wrong)
    assert not (folder / "stolen").exists()


def test_no_program_is_run_that_the_repositorys_settings_name(tmp_path: Path) -> None:
    folder, ran = tmp_path / "repository" / "exercises", tmp_path / "ran"
    folder.mkdir(parents=True)
    shutil.copy(stub("03"), folder)
    git = ["git", "-C", str(folder), "-c", "user.name=learner-01", "-c", "user.email=learner-01@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "stubs"]):
        subprocess.run([*git, *command], check=True)
    program = f"touch {ran}"
    for name in ("core.fsmonitor", "filter.own.clean", "filter.own.smudge", "diff.own.textconv", "diff.external"):
        subprocess.run([*git, "config", name, program], check=True)
    (folder / ".gitattributes").write_text("*.py filter=own diff=own\n")
    (folder / "03_partial_unfreeze.py").write_text("x = 1\n")
    assert list(find_work(folder, [], "HEAD").files) == ["03_partial_unfreeze"]
    assert not ran.exists()
    assert subprocess.run([*git, "diff", "HEAD"], check=False, capture_output=True)
    assert ran.exists(), "git itself runs them"


def test_a_file_that_git_checked_out_with_other_line_ends_has_not_changed(tmp_path: Path) -> None:
    shutil.copy(stub("03"), tmp_path)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=learner-01", "-c", "user.email=learner-01@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "stubs"]):
        subprocess.run([*git, *command], check=True)
    path = tmp_path / stub("03").name
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert find_work(tmp_path, [], "HEAD").files == {}


def test_every_exercise_is_work_whether_it_is_there_or_not(tmp_path: Path) -> None:
    assert list(find_work(tmp_path, [], None).files) == list(exercises())
    with pytest.raises(UsageError, match="There is no folder"):
        find_work(tmp_path / "nowhere", [], None)


def test_two_kinds_of_file_for_one_exercise_are_refused(tmp_path: Path) -> None:
    for suffix in ("py", "ipynb"):
        (tmp_path / f"03_partial_unfreeze.{suffix}").touch()
    with pytest.raises(UsageError, match="keep the one that is to be graded"):
        find_work(tmp_path, [], None)
