"""The commands as a user meets them, with runs of two steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader import adaptation, fixtures
from grader.cli import app
from grader.errors import UsageError
from grader.lab import here
from grader.lab.runs import Order, Runner, Trained

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
    for name in ("evidence.json", "comparison.html", "09_adaptation_note.md"):
        assert f"Written: reports/{name}" in shown
        assert (Path("reports") / name).stat().st_size > 300
    (vision,) = adaptation.read(Path("reports/evidence.json")).comparisons
    assert (vision.scenario, vision.seeds, vision.steps, vision.tested) == ("vision-rare", (0, 1), 2, (0, 1, 2, 5))
    assert vision.frozen_as_declared
    assert {function.whose for function in vision.functions} == {"reference"}
    assert len({row.trainable for row in vision.strategies}) == 3


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
    Path("reports/evidence.json").write_text("{}")
    assert grade("compare", "--modality", "vision", "--seeds", "1") == 0
    assert "It is replaced: reports/evidence.json is not evidence" in capsys.readouterr().out
    assert len(adaptation.read(Path("reports/evidence.json")).comparisons) == 1


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Have Ctrl-C pressed in the run of a number."""

    def press(number: int) -> None:
        make, begun = here.runner, list[Order]()

        def runner(rows: list[object]) -> Runner:
            do = make(rows)  # type: ignore[arg-type]

            def run(order: Order) -> Trained:
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
    (vision,) = adaptation.read(Path("reports/evidence.json")).comparisons
    assert vision.seeds == (0,)


def test_ctrl_c_before_anything_is_complete_writes_nothing(
    grade: Grade, interrupted: Callable[[int], None], capsys: pytest.CaptureFixture[str]
) -> None:
    interrupted(3)
    assert grade("compare", "--modality", "vision") == 130
    assert "vision-rare 0 of 3." in capsys.readouterr().out
    assert not Path("reports/evidence.json").exists()


def test_a_folder_that_cannot_be_is_refused_before_anything_is_trained(grade: Grade) -> None:
    Path("taken").write_text("a file")
    with pytest.raises(UsageError, match="taken cannot be made a folder: File exists"):
        grade("compare", "--out", "taken")


def test_a_folder_of_ones_own_is_asked_for(grade: Grade) -> None:
    with pytest.raises(UsageError, match="exercises is not a folder"):
        grade("compare", "--mine", "--seeds", "1")
