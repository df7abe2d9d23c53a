"""A number or a slug is taken wherever a file is, and a wrong word is told the right one."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from rich.console import Console

from grader import course
from grader.cli.app import COMMANDS, app
from grader.course import exercises, recognise
from grader.errors import UsageError
from grader.learning.board import board
from grader.learning.folder import begin
from grader.learning.screens import draw_afterwards
from grader.learning.words import Commands, files, line, misconceptions

if TYPE_CHECKING:
    from .conftest import Desk

ALL = Commands(COMMANDS)
LEARNERS = Commands({name: COMMANDS[name] for name in ("watch", "hint", "reset")}, {"explain"})
FILE = Path("exercises", "03_partial_unfreeze.py")


def grade(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from grader.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, timeout=240)


@pytest.fixture
def here(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A course of one's own, and one is in it."""
    monkeypatch.chdir(desk.folder.root)
    return desk


def refusal(*words: str, commands: Commands | None = ALL) -> str:
    with pytest.raises(UsageError) as refused:
        files([Path(word) for word in words], commands)
    return str(refused.value)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("word", ["03", "3", "03_partial_unfreeze", "partial-unfreeze"])
def test_a_number_or_a_slug_means_the_learners_own_file(word: str) -> None:
    assert files([Path(word)], ALL) == [FILE]
    assert files([Path("8"), FILE], ALL) == [Path("exercises", "08_choose_depth.py"), FILE]


def test_the_file_is_found_from_inside_and_beside_and_in_every_kind(
    here: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here.file.rename(here.file.with_suffix(".ipynb"))
    assert files([Path("3"), Path("9")]) == [FILE.with_suffix(".ipynb"), Path("exercises", "09_adaptation_note.md")]
    monkeypatch.chdir(here.folder.exercises)
    assert files([Path("3")]) == [Path("03_partial_unfreeze.ipynb")]
    loose = tmp_path / "loose"
    loose.mkdir()
    monkeypatch.chdir(loose)
    assert files([Path("3")]) == [here.file.with_suffix(".ipynb")]
    (loose / FILE.name).touch()
    here.file.with_suffix(".ipynb").unlink()
    assert files([Path("3")]) == [Path(FILE.name)]


@pytest.mark.usefixtures("here")
def test_a_path_that_is_there_wins_over_a_number() -> None:
    Path("03").mkdir()
    Path("watch").touch()
    assert files([Path("03"), Path("watch")], ALL) == [Path("03"), Path("watch")]


def test_two_files_of_an_exercise_and_none_are_said(here: Desk) -> None:
    here.file.with_suffix(".ipynb").touch()
    assert refusal("3") == f"There are {FILE} and {FILE.with_suffix('.ipynb')}; keep the one that is to be graded."
    for suffix in (".py", ".ipynb"):
        here.file.with_suffix(suffix).unlink()
    for word in ("3", str(FILE)):
        assert refusal(word).endswith("`grade reset 03` brings its stub back.")
    assert grade("reset", "03", cwd=here.folder.root).returncode == 0


def test_where_there_is_no_course_a_number_says_how_it_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "`grade init FOLDER`" in refusal("03")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("wach", "Did you mean `grade watch`?"),
        ("explian partial-off-by-one", "Did you mean `grade explain partial-off-by-one`?"),
        ("rest 02", "Did you mean `grade reset 02`?"),
        ("rest", "Did you mean `grade reset`, as in `grade reset 03`?"),
        ("RESET 02", "Did you mean `grade reset 02`?"),
        ("03 wach", "Did you mean `grade watch`?"),
        ("03 hint", "A command comes first, and `hint` is one; `grade hint --help` shows how it is used."),
        ("help", "Did you mean `grade --help`?"),
        ("partial-off-by-one", "`grade explain partial-off-by-one` shows its page."),
        ("partial-off-by-on", "Did you mean `grade explain partial-off-by-one`?"),
        ("quux", "There is no file, exercise or command 'quux'. `grade --help` lists the commands."),
        ("42", "There is no exercise '42'. There are: 01_replace_head,"),
        ("exercises/03_partial_unfreez.py", f"Did you mean {FILE}?"),
        ("03_partial_unfreeze.py", f"Did you mean {FILE}?"),
        ("exercises/3.ipynb", f"Did you mean {FILE}?"),
        ("exercises/quux.py", f"There is no file {FILE.with_name('quux.py')}."),
        ("quux.py", "Exercises are in the folder exercises/."),
    ],
)
def test_a_wrong_word_is_told_the_right_one(words: str, meant: str) -> None:
    assert meant in refusal(*words.split())


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("explain", "`grade explain` is a command of another edition; `grade --help` lists those of this one."),
        ("explian", "`grade --help` lists the commands."),
        ("partial-off-by-one", "There is no file, exercise or command 'partial-off-by-one'."),
    ],
)
def test_no_word_leads_to_what_this_edition_lacks(monkeypatch: pytest.MonkeyPatch, word: str, said: str) -> None:
    without = {slug: replace(each, misconceptions=()) for slug, each in course.exercises().items()}
    monkeypatch.setattr(course, "exercises", lambda: without)
    assert said in refusal(word, commands=LEARNERS)


@pytest.mark.usefixtures("here")
def test_where_no_command_can_stand_none_is_offered() -> None:
    assert (
        refusal("wach", commands=None) == "There is no file or exercise 'wach'. An exercise has a number, such as 03."
    )


def test_no_misconception_and_no_command_is_taken_for_an_exercise() -> None:
    assert [word for word in (*misconceptions(), *COMMANDS) if recognise(word)] == []
    assert set(misconceptions()).isdisjoint(COMMANDS)


def test_every_command_takes_them(here: Desk) -> None:
    root = here.folder.root
    here.file.write_text("def f(:\n")
    assert "SyntaxError" in grade("03", cwd=root).stdout
    assert "SyntaxError" in grade("--debug", "3", cwd=root).stdout
    listed = grade("explain", "03", cwd=root)
    assert listed.returncode == 0
    assert "partial-off-by-one" in listed.stdout
    assert "02_freeze_backbone" not in listed.stdout
    wrong = grade("explian", "partial-off-by-one", cwd=root)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "`grade explain partial-off-by-one`" in wrong.stderr
    here.file.unlink()
    assert "`grade reset 03` brings" in grade("watch", "03", cwd=root).stderr


def test_a_file_that_cannot_be_watched_says_what_can_be_done_with_it(tmp_path: Path) -> None:
    loose = tmp_path / "my 03_partial_unfreeze.py"
    loose.write_text("def f(:\n")
    (tmp_path / "quux.py").touch()
    said = grade("watch", loose.name, cwd=tmp_path).stderr
    (advised,) = re.findall(r"`grade (.*)`", said)
    assert "SyntaxError" in grade(*shlex.split(advised), cwd=tmp_path).stdout
    assert "`" not in grade("watch", "quux.py", cwd=tmp_path).stderr
    assert grade("watch", ".", cwd=tmp_path).stderr == ". is a folder; name one file.\n"


def test_what_comes_next_can_be_typed_from_where_one_is(tmp_path: Path) -> None:
    folder, _ = begin(tmp_path / "my course")
    third = exercises()["03_partial_unfreeze"]

    def told(here: Path) -> str:
        out = StringIO()
        Console(file=out, width=200).print(draw_afterwards(board(folder), third, folder, here))
        return out.getvalue()

    assert "cd " not in told(folder.exercises)
    assert re.search(r"cd '.*/my course' .*\n *grade hint 03", told(tmp_path))
    began = grade("init", "my course", cwd=tmp_path).stdout.split("Begin with:\n")[1].splitlines()
    assert began == [line("cd", "my course"), "grade watch"]


def test_a_folder_names_a_file_that_is_there(tmp_path: Path) -> None:
    begin(tmp_path)
    for folder in (".", "exercises"):
        said = grade(folder, cwd=tmp_path).stderr
        (such,) = re.findall(r"such as (.*)\.$", said, re.MULTILINE)
        assert (tmp_path / such).is_file()


EXPORTS = [("export", name) for name in app["export"] if not name.startswith("-")]


@pytest.mark.parametrize("words", [(), *((name,) for name in COMMANDS), *EXPORTS], ids=" ".join)
def test_every_help_ends_with_command_lines_that_are_understood(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    app([*words, "--help"], exit_on_error=False)
    shown = re.split(r"^ • ", capsys.readouterr().out.partition("For example:")[2], flags=re.MULTILINE)[1:]
    assert shown
    for each in shown:
        typed = each.split()
        assert (typed[0], tuple(typed[1 : len(words) + 1])) == ("grade", words)
        app.parse_args(typed[1:], exit_on_error=False, print_error=False)


WITHOUT = """
import pathlib, shutil, sys
import grader.places as places
places.COURSE = pathlib.Path("course").resolve()
places.SOLUTIONS = places.SPECIMENS = pathlib.Path("nowhere").resolve()
from grader.cli import main
main()
"""


def test_help_lists_only_what_this_edition_has(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()

    def told(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WITHOUT, *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False, timeout=240)

    listed = set(re.findall(r"^│ ([a-z]+)  ", told("--help").stdout, re.MULTILINE))
    assert {*COMMANDS} - listed == {"explain", "solution", "selfcheck"}
    refused = told("solution", "03")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "`grade solution` is a command of another edition" in refused.stderr
    (tmp_path / "course" / "01_x").mkdir()
    (tmp_path / "course" / "01_x" / "misconceptions.py").touch()
    assert "explain " in told("--help").stdout
