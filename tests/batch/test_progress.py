"""What a batch shows while it runs, and at its end."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from grader import course
from grader.batch import progress
from grader.batch.executor import Local, Running
from grader.batch.intake import read_here, survey, take_in
from grader.batch.journal import BatchJob, Ledger, Scope
from grader.batch.judging import task_of
from grader.batch.observing import Observed
from grader.batch.progress import Display
from grader.batch.summary import Summary
from grader.records import Ending, Grade

LIGHT = "08_choose_depth"


class Busy(Local):
    """An executor that only says what it runs."""

    def __init__(self, running: list[Running]) -> None:
        self._told = running

    def running(self) -> list[Running]:
        return self._told


@pytest.fixture
def ledger(folders: Any, tmp_path: Path, right: str) -> Iterator[Ledger]:
    """Four learners handed in something of their own, and nothing is graded yet."""
    root = folders({f"learner-{n}/{LIGHT}.py": f"# {n}\n{right}" for n in range(4)})
    with Ledger.open(tmp_path / "results", 5) as opened:
        opened.use_course(course.version())
        opened.receive(root, take_in(survey(root), [], read_here))
        yield opened


@pytest.fixture
def good(ledger: Ledger, grade: Any) -> Grade:
    """One of their grades."""
    return next(result for _, result in grade(ledger))


@pytest.fixture
def shown(ledger: Ledger, good: Grade) -> Callable[..., str]:
    """Let three of the four be over and one still run, and return what the console shows."""

    def show(*, terminal: bool) -> str:
        said = io.StringIO()
        first, second, third, fourth = sorted(
            (BatchJob(row.exercise, row.key) for row in ledger.rows()), key=ledger.who
        )
        with Display(Console(file=said, force_terminal=terminal, width=120), ledger) as display:
            display._to_run = display._total = 4
            for job, result in ((first, good), (second, run(good, Ending.TIMED_OUT, 41.0))):
                display.came(Observed(exercise=job.exercise, key=job.key, packed=b"x"))
                display.judged([(job, result)])
            display.came(Observed(exercise=third.exercise, key=third.key, fault="The sandbox is gone."))
            display.tick(Busy([Running(task_of(ledger, fourth), 12.0), Running(task_of(ledger, third), 0.5)]))
        return said.getvalue()

    return show


def run(grade: Grade, ending: Ending, seconds: float) -> Grade:
    ended = msgspec.structs.replace(grade.evidence, ending=ending, seconds=seconds)
    return msgspec.structs.replace(grade, evidence=ended)


def test_a_terminal_shows_how_far_it_is_who_still_runs_and_what_went_wrong(shown: Callable[..., str]) -> None:
    said = shown(terminal=True)
    assert "3/4" in said
    assert "a second" in said
    assert f"Still running: learner-3 {LIGHT} 12 s" in said
    assert f"Longest so far: learner-1 {LIGHT} 41 s timed out" in said
    assert "Trouble so far: 1 timed out · 1 ungraded through a fault of ours" in said


def test_elsewhere_there_is_a_line_now_and_then(shown: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_LINE_SECONDS", 1e9)
    assert shown(terminal=False) == ""
    monkeypatch.setattr(progress, "_LINE_SECONDS", 0.0)
    assert shown(terminal=False).startswith("3 of 4 graded.")


def test_only_the_longest_few_are_named(ledger: Ledger, good: Grade) -> None:
    display = Display(Console(file=io.StringIO()), ledger)
    (job, *_) = (BatchJob(row.exercise, row.key) for row in ledger.rows())
    for seconds in (5, 50, 7, 60, 1, 40):
        display.judged([(job, run(good, Ending.FINISHED, seconds))])
    assert [round(seconds) for seconds, _ in sorted(display._worst)] == [40, 50, 60]


def test_the_summary_lists_a_few_of_each_kind_and_counts_the_rest(folders: Any, tmp_path: Path) -> None:
    root = folders({f"learner-{n:02}/03.ipynb": b"{" for n in range(13)})
    said = io.StringIO()
    with Ledger.open(tmp_path / "results", 5) as ledger:
        ledger.use_course("1")
        ledger.receive(root, take_in(survey(root), [], read_here))
        summary = Summary(ledger, Scope())
        summary.show(Console(file=said, width=100))
        assert summary.is_complete, "what cannot be graded is not left open"
    assert "Nothing that could be graded: 13\n  learner-00 03_partial_unfreeze: 03.ipynb is not" in said.getvalue()
    assert "  … and 3 more" in said.getvalue()
