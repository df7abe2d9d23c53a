"""One meaning of begun, answered and solved, for the board, the watch and a CI job."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from grader import course
from grader.cli.ci import ci
from grader.discover import discover
from grader.handout.notebooks import notebook
from grader.isolate import Sandbox
from grader.learning.board import board
from grader.learning.folder import stub_path
from grader.learning.progress import Attempted, remember_result
from grader.learning.screens import draw_board, standing
from grader.learning.state import GROWTH, State, is_untouched, state
from grader.pipeline import examine, observe, tell
from grader.places import SOLUTIONS, SPECIMENS
from grader.records import Exercise
from tests.whole import POSSIBLE

if TYPE_CHECKING:
    from .conftest import Desk

EVERY = tuple(course.exercises().values())
CODE = tuple(each for each in EVERY if not each.is_note)
STUB = stub_path(EVERY[2]).read_bytes()
LAYOUTS: Mapping[str, Callable[[bytes], bytes]] = {
    "as it ships": lambda stub: stub,
    "with the line ends of Windows": lambda stub: stub.replace(b"\n", b"\r\n"),
    "with the mark of a Windows editor": lambda stub: b"\xef\xbb\xbf" + stub,
    "with other blank lines": lambda stub: b"\n" + stub.replace(b"\n\n\ndef ", b"\n\ndef ") + b"\n\n",
}


def result(earned: int | None, *, is_complete: bool) -> Attempted:
    return Attempted(sha256="", course=course.version(), earned=earned, is_complete=is_complete)


@pytest.mark.parametrize(
    ("came", "is_stub", "meant"),
    [
        (None, True, State.NOT_BEGUN),
        (result(0, is_complete=False), True, State.NOT_BEGUN),
        (None, False, State.BEGUN),
        (result(None, is_complete=False), False, State.BEGUN),
        (result(0, is_complete=False), False, State.PARTLY),
        (result(15, is_complete=True), False, State.SOLVED),
        (result(None, is_complete=True), False, State.ANSWERS),
    ],
)
def test_how_far_a_file_is_follows_from_what_came_of_it(came: Attempted | None, *, is_stub: bool, meant: State) -> None:
    assert state(came, is_stub=is_stub) is meant


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("exercise", EVERY, ids=lambda each: each.slug)
def test_a_stub_in_another_layout_is_untouched(exercise: Exercise, layout: str) -> None:
    stub = stub_path(exercise).read_bytes()
    assert is_untouched(LAYOUTS[layout](stub), exercise.suffix, stub)


@pytest.mark.parametrize("exercise", CODE, ids=lambda each: each.slug)
def test_an_untouched_notebook_is_untouched_and_one_with_a_line_more_is_not(exercise: Exercise) -> None:
    stub = stub_path(exercise).read_bytes()
    made = notebook(exercise, stub.decode())
    assert made.encode() != stub
    assert is_untouched(made.encode(), ".ipynb", stub)
    changed = made.replace("raise NotImplementedError", "return 1", 1)
    assert changed != made
    assert not is_untouched(changed.encode(), ".ipynb", stub)


@pytest.mark.parametrize("exercise", EVERY, ids=lambda each: each.slug)
def test_a_solution_is_not_untouched(exercise: Exercise) -> None:
    solution = (SOLUTIONS / exercise.filename).read_bytes()
    assert not is_untouched(solution, exercise.suffix, stub_path(exercise).read_bytes())


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b"def f(:\n", ".py"),
        (b"x = '\0'\n", ".py"),
        (b"# caf\xe9\n", ".py"),
        (b"(" * 1000, ".py"),
        (b"", ".py"),
        (b"{", ".ipynb"),
        (STUB + b"x = 1\n", ".py"),
        (STUB + b"# plan\n" * (GROWTH * len(STUB)), ".py"),
    ],
    ids=["syntax", "null", "encoding", "brackets", "empty", "no notebook", "a line more", "very long"],
)
def test_what_is_no_stub_is_begun_whatever_it_is(content: bytes, suffix: str) -> None:
    assert not is_untouched(content, suffix, STUB)


def test_a_learners_file_is_read_without_python_warning_about_it() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert not is_untouched(b"x = '\\d'\n", ".py", STUB)
    assert told == []


def fill(desk: Desk) -> None:
    """Have one exercise of each kind, from 01 on."""
    folder = desk.folder.exercises
    stub = (folder / "02_freeze_backbone.py").read_bytes()
    (folder / "01_replace_head.ipynb").write_text(notebook(EVERY[0], stub_path(EVERY[0]).read_text("utf-8")), "utf-8")
    (folder / "01_replace_head.py").unlink()
    (folder / "02_freeze_backbone.py").write_bytes(stub.replace(b"\n", b"\r\n"))
    desk.file.write_bytes(desk.specimen("blocks_reversed"))
    (folder / "04_parameter_groups.py").write_text("")
    (folder / "05_scratch_baseline.py").unlink()
    (folder / "08_choose_depth.py").write_bytes((SOLUTIONS / "08_choose_depth.py").read_bytes())


STATES = [State.NOT_BEGUN, State.NOT_BEGUN, State.PARTLY, State.BEGUN, State.NOT_BEGUN]
STATES += [State.NOT_BEGUN, State.NOT_BEGUN, State.SOLVED]
STATES += [State.NOT_BEGUN] * (len(EVERY) - len(STATES))


def test_the_board_and_a_job_say_the_same(
    desk: Desk, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(desk)
    monkeypatch.chdir(desk.folder.root)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for name in ("03_partial_unfreeze", "08_choose_depth"):
        submission = discover(desk.folder.exercises / f"{name}.py")
        remember_result(desk.folder, course.exercises()[name], examine(submission, sandbox))
    assert [row.state for row in board(desk.folder).rows] == STATES

    assert ci(Path("exercises")) == 0
    said = capsys.readouterr().out
    assert f"21 of {POSSIBLE} points: 1 solved, 2 begun, {STATES.count(State.NOT_BEGUN)} not begun." in said
    for name in ("01_replace_head.ipynb", "09_adaptation_note.md"):
        assert f"{Path('exercises', name)} is not begun." in said
    assert "There is no file exercises" in said.replace("\\", "/")
    assert set(re.findall(r"title=(\d\d)", said)) == {"03"}, "nobody is blamed for a stub"


@pytest.mark.usefixtures("unjudged")
def test_what_only_answers_is_not_solved_and_has_no_tick(desk: Desk, sandbox: Sandbox) -> None:
    desk.file.write_bytes((SPECIMENS / desk.exercise.slug / "partial_off_by_one.py").read_bytes())
    submission = discover(desk.file)
    account = tell(submission, desk.exercise, observe(submission, desk.exercise, sandbox, 7))
    remember_result(desk.folder, desk.exercise, account)
    seen = board(desk.folder)
    assert seen.row(desk.exercise).state is State.ANSWERS
    assert (seen.solved, seen.learned) == (0, None)
    assert standing(seen).startswith(f"1 of {len(EVERY)} answer everything")
    out = StringIO()
    Console(file=out, width=80).print(draw_board(seen))
    assert "✓" not in out.getvalue()
    assert "█" not in out.getvalue()
