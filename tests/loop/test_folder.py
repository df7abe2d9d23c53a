"""Starting the course, hints, resets and solutions: what the commands do to the learner's folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from grader import course, courses
from grader.errors import UsageError
from grader.learning import folder as folders
from grader.learning.edition import edition
from grader.learning.progress import next_hint, recall, remember_result
from grader.places import EXERCISES
from grader.records import Grade

if TYPE_CHECKING:
    from .conftest import Desk

Graded = Callable[..., Grade]


def grade(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from grader.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, timeout=240)


def test_the_course_starts_in_any_folder_and_leaves_what_is_there(tmp_path: Path) -> None:
    place = tmp_path / "a new" / "folder"
    own = place / "exercises" / "03_partial_unfreeze.py"
    own.parent.mkdir(parents=True)
    own.write_text("mine = True\n")
    began = grade("init", place, cwd=tmp_path)
    assert began.returncode == 0, began.stderr
    names = {f"{each.slug}{each.suffix}" for each in course.exercises().values()}
    assert {path.name for path in own.parent.iterdir()} == names
    assert own.read_text() == "mine = True\n"
    assert str(own) not in began.stdout
    assert "nothing was changed" in grade("init", place, cwd=tmp_path).stdout


def test_the_folder_is_found_from_inside_and_missed_in_a_sentence(desk: Desk, tmp_path: Path) -> None:
    inside = desk.folder.exercises / "deep" / "er"
    inside.mkdir(parents=True)
    assert folders.find(inside) == desk.folder
    assert folders.owner(desk.file) == desk.folder
    assert folders.owner(desk.folder.exercises / "03_other.py") is None
    shutil.rmtree(desk.folder.exercises)
    missed = grade(cwd=tmp_path)
    assert missed.returncode == 2
    assert "`grade init FOLDER`" in missed.stderr


def test_hints_come_one_after_the_other_and_are_remembered(desk: Desk) -> None:
    for number, hint in enumerate(desk.exercise.hints, 1):
        shown = " ".join(grade("hint", "03", cwd=desk.folder.root).stdout.split())
        assert " ".join(hint.split()) in shown
        assert sum(" ".join(each.split()) in shown for each in desk.exercise.hints) == number
    assert "These are all the hints" in grade("hint", "3", cwd=desk.folder.root).stdout
    remembered = recall(desk.folder, desk.exercise)
    assert remembered
    assert remembered.hints == 3
    assert "There is no exercise" in grade("hint", "33", cwd=desk.folder.root).stderr


def test_a_hint_forgets_no_result(desk: Desk, graded: Graded) -> None:
    remember_result(desk.folder, desk.exercise, graded(desk.solution))
    next_hint(desk.folder, desk.exercise)
    remembered = recall(desk.folder, desk.exercise)
    assert remembered
    assert (len(remembered.results), remembered.hints) == (1, 1)


def test_a_reset_brings_the_stub_back_and_keeps_every_version(desk: Desk) -> None:
    stub = desk.file.read_bytes()
    assert desk.folder.reset(desk.exercise) is None
    kept = []
    for mine in (b"first = 1\n", b"second = 2\n"):
        desk.file.write_bytes(mine)
        aside = desk.folder.reset(desk.exercise)
        assert aside
        kept.append(aside)
        assert desk.file.read_bytes() == stub
    assert [path.read_bytes() for path in kept] == [b"first = 1\n", b"second = 2\n"]
    assert (desk.folder.memory / ".gitignore").read_text() == "*\n"


def test_a_reset_that_cannot_keep_the_version_changes_nothing(desk: Desk) -> None:
    desk.file.write_bytes(b"mine = 1\n")
    desk.folder.memory.write_text("a file where the folder should be")
    with pytest.raises(UsageError, match="cannot be reset"):
        desk.folder.reset(desk.exercise)
    assert desk.file.read_bytes() == b"mine = 1\n"


def test_a_reset_of_a_missing_file_brings_it_back(desk: Desk) -> None:
    stub = desk.file.read_bytes()
    desk.file.unlink()
    told = grade("reset", "03", cwd=desk.folder.root)
    assert told.stdout == "03_partial_unfreeze is the untouched stub.\n"
    assert desk.file.read_bytes() == stub


def test_in_a_checkout_git_knows_the_stub(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courses._Choice, "used", replace(courses.current(), stubs=desk.folder.exercises))
    stub = desk.file.read_bytes()
    desk.file.write_text("mine = True\n")
    with pytest.raises(UsageError, match="git does not know it"):
        desk.folder.reset(desk.exercise)
    assert desk.file.read_text() == "mine = True\n"
    desk.file.unlink()
    with pytest.raises(UsageError, match="git does not know it"):
        desk.folder.file_or_refuse(desk.exercise)

    desk.file.write_bytes(stub)
    author = ("-c", "user.name=learner-01", "-c", "user.email=learner-01@example.org")
    for command in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "stubs")):
        subprocess.run(["git", *command], cwd=desk.folder.root, check=True)
    desk.file.write_text("mine = True\n")
    assert desk.folder.reset(desk.exercise)
    assert desk.file.read_bytes() == stub


def test_the_solution_is_shown_after_full_marks_only(desk: Desk, graded: Graded) -> None:
    refused = grade("solution", "03", cwd=desk.folder.root)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "once your own has full marks" in refused.stderr
    desk.file.write_bytes(desk.solution)
    remember_result(desk.folder, desk.exercise, graded(desk.solution))
    shown = grade("solution", "03", cwd=desk.folder.root)
    assert shown.returncode == 0
    assert "def partial_unfreeze" in shown.stdout


def test_the_solution_is_offered_only_where_it_is(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.cli import learning

    monkeypatch.setattr(courses._Choice, "used", replace(courses.current(), solutions=tmp_path / "nowhere"))
    monkeypatch.chdir(desk.folder.root)
    with pytest.raises(UsageError, match="not in this distribution"):
        learning.solution("03")


def test_the_version_tells_the_same_edition_for_the_same_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert edition() == edition()
    told = grade("--version", cwd=tmp_path).stdout
    assert told == edition() + "\n"
    copy = tmp_path / "course"
    shutil.copytree(courses.current().hidden, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(courses._Choice, "used", replace(courses.current(), hidden=copy))
    assert edition() + "\n" == told, "it does not matter where the course lies"
    toml = copy / "03_partial_unfreeze" / "exercise.toml"
    toml.write_text(toml.read_text("utf-8") + "\n", "utf-8")
    assert edition() + "\n" != told


def test_every_stub_is_where_init_looks_for_it() -> None:
    for exercise in course.exercises().values():
        assert folders.stub_path(exercise).parent == EXERCISES
        assert folders.stub_path(exercise).is_file()


def test_the_shell_can_complete_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")
    done = grade("--install-completion", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (script,) = tmp_path.rglob("grade")
    assert {"watch", "hint", "reset"} <= set(script.read_text().replace('"', " ").split())
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
