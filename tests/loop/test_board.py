"""The board: it follows the files, it survives restarts, it never stands in the way."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from rich.console import Console

from grader import course
from grader.discover import discover
from grader.isolate import Sandbox
from grader.learning.board import BoardRow, board
from grader.learning.folder import begin
from grader.learning.progress import VERSIONS_CAP, recall, remember_result
from grader.learning.screens import standing
from grader.learning.state import State
from grader.pipeline import observe, tell
from grader.records import Grade
from grader.report import brief
from tests.whole import COUNT, POSSIBLE

if TYPE_CHECKING:
    from .conftest import Desk

Graded = Callable[..., Grade]


def row(desk: Desk) -> BoardRow:
    return board(desk.folder).row(desk.exercise)


def grade(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from grader.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, timeout=240)


def test_a_fresh_course_is_not_begun_and_knows_what_comes_first(desk: Desk) -> None:
    seen = board(desk.folder)
    assert {each.state for each in seen.rows} == {State.NOT_BEGUN}
    assert seen.next is seen.rows[0]
    assert seen.learned is None
    assert (len(seen.rows), seen.solved, seen.earned, seen.possible) == (COUNT, 0, 0, POSSIBLE)


def test_a_result_belongs_to_the_bytes_that_were_graded(desk: Desk, graded: Graded) -> None:
    reversed_blocks = desk.specimen("blocks_reversed")
    desk.file.write_bytes(reversed_blocks)
    assert row(desk).state is State.BEGUN

    remember_result(desk.folder, desk.exercise, graded(reversed_blocks))
    assert (row(desk).state, row(desk).earned) == (State.PARTLY, 13)

    desk.file.write_bytes(desk.solution)
    assert (row(desk).state, row(desk).earned) == (State.BEGUN, 0)
    remember_result(desk.folder, desk.exercise, graded(desk.solution))
    assert (row(desk).state, row(desk).earned) == (State.SOLVED, 15)

    desk.file.write_bytes(reversed_blocks)
    assert (row(desk).state, row(desk).earned) == (State.PARTLY, 13)
    assert board(desk.folder).solved == 0
    remember_result(desk.folder, desk.exercise, graded(reversed_blocks))
    assert board(desk.folder).learned == desk.exercise, "what was learned once stays learned"


def test_a_result_of_another_version_of_the_course_does_not_count(
    desk: Desk, graded: Graded, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.file.write_bytes(desk.solution)
    remember_result(desk.folder, desk.exercise, graded(desk.solution))
    assert row(desk).state is State.SOLVED
    monkeypatch.setattr(course, "version", lambda: "2027.1")
    assert row(desk).state is State.BEGUN


def test_a_damaged_memory_is_said_and_blocks_nothing(desk: Desk, graded: Graded) -> None:
    desk.file.write_bytes(desk.solution)
    remember_result(desk.folder, desk.exercise, graded(desk.solution))
    memory = desk.folder.memory / f"{desk.exercise.slug}.json"
    memory.write_bytes(memory.read_bytes()[:-20])

    assert row(desk).is_forgotten
    assert row(desk).state is State.BEGUN
    shown = grade(cwd=desk.folder.root)
    assert shown.returncode == 0, shown.stderr
    assert "What was remembered of 03_partial_unfreeze cannot be read" in shown.stdout

    remember_result(desk.folder, desk.exercise, graded(desk.solution))
    assert row(desk).state is State.SOLVED


@pytest.mark.usefixtures("unjudged")
def test_where_there_are_no_hidden_checks_answering_everything_is_a_state_of_its_own(
    desk: Desk, sandbox: Sandbox
) -> None:
    for content, state in ((desk.file.read_bytes() + b"x = 1\n", State.BEGUN), (desk.solution, State.ANSWERS)):
        desk.file.write_bytes(content)
        submission = discover(desk.file)
        account = tell(submission, desk.exercise, observe(submission, desk.exercise, sandbox, 7))
        remember_result(desk.folder, desk.exercise, account)
        assert (row(desk).state, row(desk).earned) == (state, 0)
        out = StringIO()
        Console(file=out, width=60).print(brief(account))
        assert "Not judged" in out.getvalue()
        assert max(map(len, out.getvalue().splitlines())) <= 60
    assert standing(board(desk.folder)) == f"1 of {COUNT} answer everything; the course's own run gives points"


def test_the_memory_does_not_grow_without_end(desk: Desk, graded: Graded) -> None:
    result = graded("x = 1\n")
    for number in range(VERSIONS_CAP + 3):
        provenance = msgspec.structs.replace(result.provenance, source_sha256=f"{number:064}")
        remember_result(desk.folder, desk.exercise, msgspec.structs.replace(result, provenance=provenance))
    remembered = recall(desk.folder, desk.exercise)
    assert remembered
    assert [int(each.sha256) for each in remembered.results] == list(range(3, VERSIONS_CAP + 3))


def test_a_file_that_cannot_be_graded_is_begun(desk: Desk) -> None:
    desk.file.write_text("")
    assert row(desk).state is State.BEGUN
    desk.file.unlink()
    assert (row(desk).state, row(desk).file) == (State.NOT_BEGUN, None)


def test_the_next_exercise_is_the_next_open_one_around_the_end(desk: Desk, graded: Graded) -> None:
    desk.file.write_bytes(desk.solution)
    remember_result(desk.folder, desk.exercise, graded(desk.solution))
    seen = board(desk.folder)
    second, fourth, last = (seen.rows[index] for index in (1, 3, -1))
    assert seen.after(second.exercise) is fourth, "03 is solved"
    assert seen.after(last.exercise) is seen.rows[0]


def test_the_board_comes_without_the_heavy_imports(desk: Desk) -> None:
    watch = (
        "import sys\n"
        "from grader.cli import main\n"
        "try:\n    main()\n"
        "finally:\n    print([n for n in ('torch', 'numpy', 'pytest', 'jinja2', 'watchfiles') if n in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", watch], capture_output=True, text=True, cwd=desk.folder.root, check=False
    )
    assert shown.stdout.splitlines()[-1] == "[]"
    assert f"0 of {COUNT} solved · 0 of {POSSIBLE} points" in shown.stdout


@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_board_fits_its_width_and_needs_no_colour(desk: Desk, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    shown = grade(cwd=desk.folder.root).stdout
    assert "not begun" in shown
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", shown)
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in shown.splitlines()) <= width


def test_what_is_graded_in_a_course_is_remembered_and_nothing_else_is(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    loose = elsewhere / desk.file.name
    sealed = begin(elsewhere / "sealed")[0]
    sealed.memory.write_text("a file where the folder should be")
    files = (desk.file, loose, sealed.exercises / desk.file.name)
    for file in files:
        file.write_bytes(desk.solution)

    done = grade(*files, cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert said.count("15 of 15 points") == 3
    assert said.count(f"1 of {COUNT} solved · 15 of {POSSIBLE} points") == 1
    assert "grade solution 03" in said
    assert f"Nothing can be remembered in {sealed.memory}" in said
    assert row(desk).state is State.SOLVED
    assert not (elsewhere / ".grade").exists()
