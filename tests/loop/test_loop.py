"""The loop by itself: what is checked when, and what is said, without a terminal and without running anything."""

from __future__ import annotations

import threading
from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from rich.console import Console, RenderableType

from grader import course
from grader.errors import SandboxFault, UsageError
from grader.learning.loop import Loop
from grader.learning.progress import recall
from grader.records import Crash, Evidence, Exercise, Submission, Wall
from tests.whole import COUNT

if TYPE_CHECKING:
    from .conftest import Desk

PATIENCE = 60


class Recorder:
    """A window that keeps what was shown and said, in order."""

    def __init__(self) -> None:
        self.pictures: list[str] = []
        self.said: list[str] = []

    def show(self, picture: RenderableType, status: str) -> None:
        out = StringIO()
        Console(file=out, width=1000).print(picture)
        self.pictures.append(out.getvalue())
        self.said.append(status)

    def say(self, status: str) -> None:
        self.said.append(status)

    def draw(self) -> None: ...

    def turn(self) -> None: ...

    def take(self) -> None: ...

    def give_back(self) -> None: ...


class Runner:
    """Stands in for the sandbox: every submission fails at import, once ``go`` is set."""

    def __init__(self) -> None:
        self.ran: list[bytes] = []
        self.trouble: Exception | None = None
        self.go = threading.Event()
        self.go.set()

    def __call__(self, submission: Submission, exercise: Exercise) -> Evidence:
        assert self.go.wait(PATIENCE)
        if self.trouble:
            raise self.trouble
        self.ran.append(submission.source)
        plan, _ = course.draw(exercise, 1)
        return Evidence(
            submission_sha256=submission.sha256,
            exercise=exercise.slug,
            seed=1,
            plan=plan,
            facts={},
            arrays={},
            crash=Crash(type="ValueError", message="the message", line=1, text="the line"),
            interruptions=(),
            console="",
            seconds=0.1,
            peak_mb=1.0,
            wall=Wall(level="A", summary="kernel-isolated"),
            versions={},
        )


class Stage:
    """A loop on a desk; what the test does goes in between two actions of the loop."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.window = Recorder()
        self.runner = Runner()
        self.loop = Loop(desk.folder, self.window, self.runner, desk.exercise)

    def play(self, *scenes: Callable[[], None]) -> int:
        """Run the loop; each scene is played once every check before it has come to its end."""
        todo = list(scenes)

        def go_on() -> None:
            if self.loop._checks.left:
                threading.Timer(0.01, self.loop.later, [go_on]).start()
            elif todo:
                self.loop.later(todo.pop(0))
                self.loop.later(go_on)
            else:
                self.loop.stop(0)

        self.loop.later(self.loop.later, go_on)
        return self.loop.run()

    def save(self, content: bytes) -> None:
        self.desk.file.write_bytes(content)
        self.loop.changed([self.desk.exercise])

    def press(self, *keys: str) -> None:
        for key in keys:
            self.loop.press(key)


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return Stage(desk)


def test_a_save_is_checked_and_said_at_once(stage: Stage) -> None:
    assert stage.play(lambda: stage.save(b"x = 1\n")) == 0
    assert stage.runner.ran[-1] == b"x = 1\n"
    assert sum(said.startswith("Checking 03_partial_unfreeze …") for said in stage.window.said) == 2
    assert "ValueError in line 1" in stage.window.pictures[-1]
    assert stage.window.said[-1].startswith("0 of 15 points · ")


def test_the_same_content_is_not_checked_again(stage: Stage) -> None:
    stage.play(lambda: stage.save(b"x = 1\n"), lambda: stage.save(b"x = 1\n"), lambda: stage.save(b"x = 2\n"))
    assert stage.runner.ran[1:] == [b"x = 1\n", b"x = 2\n"]
    assert "Nothing new in 03_partial_unfreeze.py" in stage.window.said


def test_saves_during_a_check_make_one_more_check_of_the_last(stage: Stage) -> None:
    def burst() -> None:
        stage.runner.go.clear()
        for number in range(5):
            stage.save(f"x = {number}\n".encode())
        stage.runner.go.set()

    stage.play(burst)
    assert stage.runner.ran[1:] == [b"x = 0\n", b"x = 4\n"]


def test_keys_are_answered_while_a_check_goes_on(stage: Stage) -> None:
    def ask() -> None:
        stage.runner.go.clear()
        stage.save(b"x = 1\n")
        stage.press("h")
        assert stage.desk.exercise.hints[0][:30] in stage.window.pictures[-1]
        stage.runner.go.set()

    stage.play(ask)
    assert "ValueError" in stage.window.pictures[-1]


def test_a_missing_file_and_its_return_are_said(stage: Stage) -> None:
    content = stage.desk.file.read_bytes()

    def vanish() -> None:
        stage.desk.file.unlink()
        stage.loop.changed([stage.desk.exercise])

    stage.play(vanish, lambda: stage.save(content))
    assert stage.window.said[-2:] == [
        "03_partial_unfreeze is gone; x brings its stub back",
        "Nothing new in 03_partial_unfreeze.py",
    ]
    assert len(stage.runner.ran) == 1


def test_a_file_that_cannot_be_graded_is_a_sentence_and_the_loop_goes_on(stage: Stage) -> None:
    stage.play(lambda: stage.save(b"\n"), lambda: stage.save(b"x = 1\n"))
    assert any("is empty" in picture for picture in stage.window.pictures)
    assert stage.runner.ran[-1] == b"x = 1\n"


def test_a_file_that_could_never_be_graded_is_no_file_without_news(stage: Stage) -> None:
    fourth = course.exercises()["04_parameter_groups"]

    def save_empty() -> None:
        (stage.desk.folder.exercises / f"{fourth.slug}.py").write_bytes(b"")
        stage.loop.changed([fourth])

    stage.play(save_empty)
    assert "04_parameter_groups.py is empty" in stage.window.pictures[-1]


def test_a_note_without_evidence_is_a_sentence_and_is_checked_once_the_evidence_is_there(stage: Stage) -> None:
    ninth, place = course.exercises()["09_adaptation_note"], stage.desk.folder.exercises / "09_evidence.json"

    def compare() -> None:
        place.write_bytes((course.folder(ninth) / "example-evidence.json").read_bytes())
        stage.loop.changed([ninth])

    stage.play(lambda: stage.loop.changed([ninth]), compare)
    assert any(
        "there is no 09_evidence.json beside it. `grade compare` writes" in each for each in stage.window.pictures
    )
    assert b"adaptation/v2" in stage.runner.ran[-1]


def test_walls_that_are_refused_are_a_sentence(stage: Stage) -> None:
    stage.runner.trouble = UsageError("The walls do not hold, so nothing was run.")
    assert stage.play() == 0
    assert "The walls do not hold" in stage.window.pictures[-1]
    assert recall(stage.desk.folder, stage.desk.exercise).results == ()


def test_a_result_that_cannot_be_written_down_is_shown_all_the_same(stage: Stage) -> None:
    stage.desk.folder.memory.write_text("a file where the folder should be")
    stage.play(lambda: stage.save(b"x = 1\n"))
    assert "ValueError" in stage.window.pictures[-1]
    assert stage.window.said[-1].startswith("Nothing can be remembered in")


def test_our_own_fault_is_no_result(stage: Stage) -> None:
    stage.runner.trouble = SandboxFault("the sandbox is not there any more")
    with pytest.raises(SandboxFault):
        stage.play()
    assert recall(stage.desk.folder, stage.desk.exercise).results == ()


def test_another_file_that_is_saved_is_the_one_to_look_at(stage: Stage) -> None:
    fourth = course.exercises()["04_parameter_groups"]

    def save_another() -> None:
        (stage.desk.folder.exercises / f"{fourth.slug}.py").write_bytes(b"x = 4\n")
        stage.loop.changed([fourth])

    stage.play(save_another, lambda: stage.press("h"))
    assert stage.window.pictures[-1].startswith("04_parameter_groups")


def test_next_goes_to_the_next_open_exercise(stage: Stage) -> None:
    stage.play(lambda: stage.press("n"))
    assert stage.window.pictures[-1].startswith("04_parameter_groups")
    assert stage.window.said[-2].startswith("Checking 04_parameter_groups")


def test_check_all_checks_what_is_begun_and_ends_with_the_board(stage: Stage) -> None:
    for slug in ("04_parameter_groups", "08_choose_depth"):
        (stage.desk.folder.exercises / f"{slug}.py").write_bytes(b"x = 1\n")
    stage.play(lambda: stage.press("c"))
    assert "Checking 04_parameter_groups (1 of 2) …" in stage.window.said
    assert "Checking 08_choose_depth (2 of 2) …" in stage.window.said
    states = stage.window.pictures[-1]
    assert "0 of 12" in states
    assert "0 of 8" in states
    assert len(stage.runner.ran) == 3


def test_check_all_with_nothing_begun_shows_the_board(stage: Stage) -> None:
    stage.play(lambda: stage.press("c"), lambda: stage.press("\n"))
    assert f"0 of {COUNT} solved" in stage.window.pictures[-2]
    assert "ValueError" in stage.window.pictures[-1]


def test_a_reset_takes_the_same_key_twice_and_checks_nothing(stage: Stage) -> None:
    stub = stage.desk.file.read_bytes()
    stage.desk.file.write_bytes(b"mine = 1\n")

    def hesitate() -> None:
        stage.press("x", "l", "x")
        assert stage.desk.file.read_bytes() == b"mine = 1\n"

    def reset() -> None:
        stage.press("x", "x")
        assert stage.desk.file.read_bytes() == stub
        assert "Your version is .grade/aside/03_partial_unfreeze-" in stage.window.pictures[-1].replace("\n", " ")
        stage.loop.changed([stage.desk.exercise])
        stage.press("\n")

    stage.play(hesitate, lambda: stage.press("q-but-not-really"), reset)
    assert stage.runner.ran == [b"mine = 1\n"]
    assert stage.window.said[-1] == "03_partial_unfreeze was not checked yet; save it, or press c"


def test_explain_and_report_say_when_there_is_nothing(stage: Stage) -> None:
    stage.play(lambda: stage.press("e"), lambda: stage.press("n", "o"))
    assert "No misconception was named here" in stage.window.said
    assert "There is no report yet" in stage.window.said
