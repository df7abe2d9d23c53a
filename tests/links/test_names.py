"""Names that would command a terminal, a spreadsheet or a job's runner are told, and told harmlessly."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from grader.learning.folder import begin
from tests.links.acting import typed

FOUL = "03\x1b[31m\n::set-output name=x::y\u202e" + os.fsdecode(b"\xff")
"""An escape, a new line with a command of a job, a mark that turns the text around, and a byte that is no text."""
SHOWN = "03\\x1b[31m\\n"
"""How it begins where people read it."""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
pytestmark = LINUX
HARM = re.compile(rb"\x1b|\xe2\x80\xae|\xff|\xed\xb3\xbf|^.{0,4}set-output", re.MULTILINE)
"""None of it as it stands, and no line that the name's own new line began."""


def fill(here: Path) -> None:
    """Make a folder in which everything has such a name."""
    folder, _ = begin(here / FOUL)
    (folder.root / "notes").mkdir()
    stub = (folder.exercises / "09_adaptation_note.md").read_bytes()
    (folder.root / "notes" / f"09{FOUL}.md").write_bytes(stub + b"\nstrategy: frozen\n")
    for name, content in {f"{FOUL}.py": "x = 1\n", f"{FOUL}.txt": "x", f"e{FOUL}.py": "", f"{FOUL}.ipynb": "{"}.items():
        (here / name).write_text(content)
    (here / f"l{FOUL}.py").symlink_to("nowhere")
    os.mkfifo(here / f"p{FOUL}.py")
    (here / "taken").write_text("a file")
    (here / f"{FOUL}.csv").write_bytes(b"PK")


COMMANDS: dict[str, tuple[str, ...]] = {
    "a file": (f"{FOUL}.py", "--exercise", "03"),
    "a file and its report": (f"{FOUL}.py", "--exercise", "03", "--report", f"r{FOUL}/x.html"),
    "a report that cannot be": (f"{FOUL}.py", "--exercise", "03", "--report", f"taken/{FOUL}.html"),
    "a file as json": (f"{FOUL}.py", "--exercise", "03", "--format", "json"),
    "a file of nobody": (f"{FOUL}.py", "--exercise", "03", "--learner", FOUL),
    "nothing": (f"no{FOUL}.py",),
    "no suffix": (f"{FOUL}.txt",),
    "empty": (f"e{FOUL}.py", "--exercise", "03"),
    "a link": (f"l{FOUL}.py",),
    "a pipe": (f"p{FOUL}.py",),
    "a folder": (FOUL,),
    "a notebook": (f"{FOUL}.ipynb", "--exercise", "03"),
    "a note": (f"{FOUL}/notes/09{FOUL}.md", "--exercise", "09"),
    "its evidence": (f"{FOUL}/notes/09{FOUL}.md", "--exercise", "09", "--evidence", f"{FOUL}.json"),
    "evidence for code": (f"{FOUL}.py", "--exercise", "03", "--evidence", f"{FOUL}.json"),
    "a word": (f"x{FOUL}",),
    "an exercise": (f"{FOUL}.py", "--exercise", FOUL),
    "an option": (f"--x{FOUL}",),
    "a number": ("--seed", FOUL),
    "a command's option": ("ci", f"--x{FOUL}"),
    "explain": ("explain", FOUL),
    "hint": ("hint", FOUL),
    "watch": ("watch", f"{FOUL}.py"),
    "init": ("init", f"{FOUL}/new{FOUL}"),
    "init again": ("init", FOUL),
    "init in a file": ("init", f"taken/{FOUL}"),
    "debug": ("--debug", f"no{FOUL}.py"),
    "a job": ("ci", f"{FOUL}/exercises", "--only", "3"),
    "a job with files": (
        "ci", f"{FOUL}/exercises", "--only", "3", "8", "--junit", f"{FOUL}.xml", "--reports", f"r{FOUL}",
        "--gradescope", f"{FOUL}.json",
    ),
    "a job whose files cannot be": ("ci", f"{FOUL}/exercises", "--only", "3", "--junit", f"taken/{FOUL}.xml"),
    "a job of nothing": ("ci", f"no{FOUL}"),
    "a job of changes": ("ci", f"{FOUL}/exercises", "--since", FOUL),
    "a cohort": ("cohort", f"no{FOUL}"),
    "an export": ("export", "csv", f"no{FOUL}"),
    "a template": ("export", "canvas", "results", "--template", f"{FOUL}.csv", "--to", f"{FOUL}.out"),
    "a template that is not there": ("export", "canvas", "results", "--template", f"no{FOUL}.csv", "--to", "out"),
    "similar": ("similar", f"no{FOUL}"),
    "a batch": ("batch", f"no{FOUL}", "--out", "results"),
    "a roster": ("batch", f"{FOUL}/exercises", "--out", "results", "--roster", f"{FOUL}.csv"),
    "a late policy": ("batch", f"{FOUL}/exercises", "--out", "results", "--late", f"no{FOUL}.toml"),
    "a handout": ("handout", FOUL),
    "a comparison": ("compare", "--out", f"taken/{FOUL}"),
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("github", ["", "true"], ids=["terminal", "job"])
def test_a_name_is_told_harmlessly(
    name: str,
    github: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    fill(tmp_path)
    monkeypatch.setenv("COLUMNS", "2000")
    monkeypatch.chdir(tmp_path)
    if github:
        monkeypatch.setenv("GITHUB_ACTIONS", github)
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
        monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    monkeypatch.setattr(sys, "argv", sys.argv)
    code = typed(*COMMANDS[name])()
    said = capfdbinary.readouterr()
    assert code in (0, 1, 2), said.err
    assert_harmless(said.out + said.err)
    for path in [*tmp_path.rglob("*.html"), *tmp_path.rglob("*.xml"), *tmp_path.rglob("*.json"), tmp_path / "summary"]:
        if path.is_file() and "fixtures" not in path.parts:
            assert_harmless(path.read_bytes())


def assert_harmless(told: bytes) -> None:
    told.decode("utf-8")
    assert not HARM.search(told), told


@pytest.mark.parametrize("words", [(), ("reset", "03"), ("hint", "03"), ("exercises/03_partial_unfreeze.py",)], ids=str)
def test_a_course_in_such_a_folder_is_told_harmlessly(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    fill(tmp_path)
    monkeypatch.setenv("COLUMNS", "2000")
    (tmp_path / FOUL / "exercises" / "03_partial_unfreeze.py").write_text("mine = 1\n")
    monkeypatch.setattr(sys, "argv", sys.argv)
    for place in (tmp_path / FOUL, tmp_path / FOUL / "notes"):
        monkeypatch.chdir(place)
        inside = tuple(os.path.relpath(tmp_path / FOUL / word, place) if "/" in word else word for word in words)
        code = typed(*inside)()
        said = capfdbinary.readouterr()
        assert code in (0, 1, 2), said.err
        assert_harmless(said.out + said.err)
    monkeypatch.chdir(tmp_path)
    if words and "/" in words[0]:
        typed(f"{FOUL}/{words[0]}")()
        said = capfdbinary.readouterr()
        assert_harmless(said.out + said.err)
        assert b"\\x1b[31m" in said.out
