"""What looks after the course and the machine: the walls are examined, and the course checks itself."""

from __future__ import annotations

import sys

import pytest

from grader import course
from grader.cli import staff
from grader.selfcheck import specimen_of

LIGHT = course.exercises()["08_choose_depth"]


def test_the_course_checks_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert staff.selfcheck(exercises=[LIGHT.number], seed=1) == 0
    said = capsys.readouterr().out
    assert all(f"specimen {name}" in said for name in LIGHT.misconceptions)
    assert said.endswith("Everything held.\n")


def test_a_specimen_under_another_name_is_off_the_diagonal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert staff.selfcheck(exercises=[LIGHT.number], seed=1, confusion=True) == 0
    assert "Every specimen got its own name." in capsys.readouterr().out
    first = LIGHT.misconceptions[0]
    monkeypatch.setattr("grader.selfcheck.specimen_of", lambda exercise, _name: specimen_of(exercise, first))
    assert staff.selfcheck(exercises=[LIGHT.number], seed=1, confusion=True) == 1
    said = capsys.readouterr().out
    assert "The matrix is not diagonal." in said
    assert "…" not in said.split("none")[1]


@pytest.mark.skipif(sys.platform != "linux", reason="level A is Linux's")
def test_the_doctor_names_every_promise(capsys: pytest.CaptureFixture[str]) -> None:
    level = staff.doctor()
    said = capsys.readouterr().out
    assert said.startswith("Level A") == (level == 0)
    assert "network" in said
    assert "torch and torchvision belong together" in said or "torchvision was built for another torch" in said
