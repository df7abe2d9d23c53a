"""The commands as a user meets them, with runs of two steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader import adaptation, fixtures
from grader.cli import app
from grader.errors import UsageError
from grader.lab import here
from grader.lab.runs import Runner, Trained, WantedRun
from grader.learning.folder import begin

Grade = Callable[..., int]


@pytest.fixture
def grade(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Grade:
    """Run the command line in an empty folder; every scenario trains for two steps only."""
    short = {name: {**row, "steps": 2} for name, row in fixtures.scenarios().items()}
    monkeypatch.setattr(fixtures, "scenarios", lambda: short)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: app(words, exit_on_error=False, print_error=False)


def test_a_comparison_is_shown_and_written(grade: Grade, capsys: pytest.CaptureFixture[str]) -> None:
    assert grade("compare", "--modality", "vision", "--seeds", "2", "--depth", "2", "--note") == 0
    shown = capsys.readouterr().out
    for name in ("09_evidence.json", "comparison.html", "09_adaptation_note.md"):
        assert f"Written: reports/{name}" in shown
        assert (Path("reports") / name).stat().st_size > 300
    (vision,) = adaptation.read(Path("reports/09_evidence.json")).comparisons
    assert vision.cost == "scalars"
    assert (vision.scenario, vision.seeds, vision.steps, vision.tested) == ("vision-rare", (0, 1), 2, (0, 1, 2, 5))
    assert vision.frozen_as_declared
    assert {function.whose for function in vision.functions} == {"reference"}
    assert len({row.trainable for row in vision.strategies}) == 3


def test_in_a_course_the_evidence_lies_beside_the_note_and_the_last_line_says_that_both_are_handed_in(
    grade: Grade, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(tmp_path)
    stub = Path("exercises/09_adaptation_note.md").read_bytes()
    capsys.readouterr()
    assert grade("compare", "--modality", "vision", "--seeds", "1", "--note") == 0
    shown = capsys.readouterr().out
    assert "Written: exercises/09_evidence.json\nWritten: reports/comparison.html\n" in shown
    assert shown.endswith(
        "Exercise 09 is handed in as two files together: "
        "exercises/09_adaptation_note.md and exercises/09_evidence.json.\n"
    )
    assert "exercises/09_adaptation_note.md is there already and was left as it is." in shown
    assert Path("exercises/09_adaptation_note.md").read_bytes() == stub
    monkeypatch.chdir(tmp_path / "exercises")
    assert grade("compare", "--modality", "text", "--seeds", "1") == 0
    assert len(adaptation.read(tmp_path / "exercises" / "09_evidence.json").comparisons) == 2


def test_a_trial_with_out_leaves_the_evidence_of_the_note_alone(
    grade: Grade, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    begin(tmp_path)
    capsys.readouterr()
    assert grade("compare", "--modality", "vision", "--seeds", "1", "--out", "trial") == 0
    shown = capsys.readouterr().out
    assert shown.endswith("put trial/09_evidence.json beside your 09_adaptation_note.md.\n")
    assert not Path("exercises/09_evidence.json").exists()


def test_what_the_cheapest_has_fewest_of_is_shown_and_recorded(
    grade: Grade, capsys: pytest.CaptureFixture[str]
) -> None:
    assert grade("compare", "--modality", "vision", "--seeds", "1", "--cost", "bytes") == 0
    assert "Cheaper means fewer bytes to keep." in capsys.readouterr().out
    (vision,) = adaptation.read(Path("reports/09_evidence.json")).comparisons
    assert vision.cost == "bytes"


def test_the_help_says_how_exercise_09_is_handed_in(grade: Grade, capsys: pytest.CaptureFixture[str]) -> None:
    grade("compare", "--help")
    assert "exercise 09 is handed in as the note and this file together" in capsys.readouterr().out


def test_the_other_modality_joins_and_what_the_learner_wrote_stays(
    grade: Grade, capsys: pytest.CaptureFixture[str]
) -> None:
    grade("compare", "--scenario", "vision-case", "--seeds", "1", "--out", "here", "--note")
    Path("here/09_adaptation_note.md").write_text("Mine.")
    capsys.readouterr()
    assert grade("compare", "--scenario", "text-order", "--seeds", "1", "--out", "here", "--note") == 0
    shown = capsys.readouterr().out
    assert "The evidence holds vision (vision-case), text (text-order)." in shown
    assert "here/09_adaptation_note.md is there already and was left as it is." in shown
    assert Path("here/09_adaptation_note.md").read_text() == "Mine."
    page = Path("here/comparison.html").read_text()
    assert "vision-case" in page
    assert "text-order" in page


def test_evidence_that_cannot_be_read_is_replaced_and_that_is_said(
    grade: Grade, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("reports").mkdir()
    Path("reports/09_evidence.json").write_text("{}")
    assert grade("compare", "--modality", "vision", "--seeds", "1") == 0
    assert "It is replaced: reports/09_evidence.json is not evidence" in capsys.readouterr().out
    assert len(adaptation.read(Path("reports/09_evidence.json")).comparisons) == 1


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Have Ctrl-C pressed in the run of a number."""

    def press(number: int) -> None:
        make, begun = here.runner, list[WantedRun]()

        def runner(rows: list[object]) -> Runner:
            do = make(rows)  # type: ignore[arg-type]

            def run(order: WantedRun) -> Trained:
                begun.append(order)
                if len(begun) == number:
                    raise KeyboardInterrupt
                return do(order)

            return run

        monkeypatch.setattr(here, "runner", runner)

    return press


def test_ctrl_c_keeps_what_is_complete(
    grade: Grade, interrupted: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    interrupted(7)
    assert grade("compare", "--modality", "vision", "--seeds", "3") == 130
    assert "Stopped. Complete seeds, which are kept: vision-rare 1 of 3." in capsys.readouterr().out
    (vision,) = adaptation.read(Path("reports/09_evidence.json")).comparisons
    assert vision.seeds == (0,)


def test_ctrl_c_before_anything_is_complete_writes_nothing(
    grade: Grade, interrupted: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    interrupted(3)
    assert grade("compare", "--modality", "vision") == 130
    assert "vision-rare 0 of 5." in capsys.readouterr().out
    assert not Path("reports/09_evidence.json").exists()


def test_a_folder_that_cannot_be_is_refused_before_anything_is_trained(grade: Grade) -> None:
    Path("taken").write_text("a file")
    with pytest.raises(UsageError, match="taken cannot be made a folder: taken is not a folder"):
        grade("compare", "--out", "taken")


def test_a_folder_of_ones_own_is_asked_for(grade: Grade) -> None:
    with pytest.raises(UsageError, match="exercises is not a folder"):
        grade("compare", "--mine", "--seeds", "1")
