"""grade batch and grade rejudge as staff meet them: what is printed, what is kept, how they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from grader import confined, course
from grader.batch import judge as judges
from grader.batch.journal import Journal
from grader.cli import app, cohort
from grader.errors import CourseFault, GraderFault, UsageError
from grader.records import Exercise, Grade, Outcome, Verdict

LIGHT = "08_choose_depth"
Batch = Callable[..., int]


@pytest.fixture
def batch(monkeypatch: pytest.MonkeyPatch, here: Any, in_process: Any, tmp_path: Path) -> Batch:
    """Run ``grade batch`` on a folder in a sandbox that is there already; return its exit code."""
    monkeypatch.setattr(cohort, "_executor", lambda *_, **__: here)
    monkeypatch.setattr(confined, "Confined", in_process)

    def run(root: Path, *options: object) -> int:
        command = ["batch", str(root), "--out", str(tmp_path / "results"), *map(str, options)]
        code: int = app(command, exit_on_error=False, print_error=False)
        return code

    return run


def points(results: Path) -> dict[str, int | None]:
    with Journal.read(results) as journal:
        return {row.learner: row.points for row in journal.rows()}


def test_a_batch_grades_everybody_and_a_second_one_only_what_is_new(
    batch: Batch, folders: Any, tmp_path: Path, here: Any, right: str, stub: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = folders({f"learner-01/{LIGHT}.py": right, f"learner-02/{LIGHT}.py": stub, f"learner-03/{LIGHT}.py": right})
    assert batch(root, "--exercises", "08") == 0
    assert points(tmp_path / "results") == {"learner-01": 8, "learner-02": 0, "learner-03": 8}
    said = capsys.readouterr().out
    assert "2 submissions to run, 0 only to judge" in said
    assert "08_choose_depth        3       3     2  5.3/8" in said
    folders({f"learner-02/{LIGHT}.py": right})
    assert batch(root, "--exercises", "08") == 0
    assert "0 submissions to run" in capsys.readouterr().out
    assert points(tmp_path / "results")["learner-02"] == 8
    assert len(here.ran) == 2


def test_roster_and_late_policy_are_told_and_kept(
    batch: Batch, folders: Any, tmp_path: Path, right: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = folders({f"learner-01/{LIGHT}.py": right, f"learner-09/{LIGHT}.py": right})
    (tmp_path / "roster.csv").write_text("username,arrived\nlearner-01,2026-11-22T00:00:00Z\nlearner-02,\n")
    (tmp_path / "late.toml").write_text('kind = "constant"\npenalty = 3\ndeadline = 2026-11-20T23:00:00Z\n')
    assert batch(root, "--roster", tmp_path / "roster.csv", "--late", tmp_path / "late.toml") == 0
    assert batch(root) == 0
    said = capsys.readouterr().out
    assert "Handed in nothing: 1\n  learner-02" in said
    assert "Not on the roster: 1\n  learner-09" in said
    assert points(tmp_path / "results")["learner-01"] == 2


def test_what_is_ungraded_is_listed_with_exit_code_3_until_it_is_graded(
    batch: Batch, folders: Any, tmp_path: Path, here: Any, right: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = folders({f"learner-01/{LIGHT}.py": right, "learner-02/03.ipynb": b"{", "learner-03/04.py": "x = 1\n"})
    here.fault = "The sandbox is gone."
    assert batch(root, "--learner", "learner-01") == 3
    said = capsys.readouterr().out
    assert "Ungraded through a fault of ours, to try again with --retry-ungraded: 1" in said
    assert "learner-01 08_choose_depth: The sandbox is gone." in said
    here.fault = ""
    assert batch(root, "--learner", "learner-01") == 3
    assert batch(root, "--learner", "learner-01", "--retry-ungraded") == 0
    assert batch(root, "--exercises", "03", "08") == 0
    assert (
        "Nothing that could be graded: 1\n  learner-02 03_partial_unfreeze: 03.ipynb is not" in capsys.readouterr().out
    )
    assert points(tmp_path / "results") == {"learner-01": 8, "learner-02": None, "learner-03": None}


def test_a_wrong_word_changes_nothing(batch: Batch, folders: Any, tmp_path: Path) -> None:
    root = folders({f"learner-01/{LIGHT}.py": "x = 1\n"})
    with pytest.raises(UsageError, match="There is no exercise '77'"):
        batch(root, "--exercises", "77")
    with pytest.raises(UsageError, match="There is no folder or archive"):
        batch(tmp_path / "nothing")
    with pytest.raises(UsageError, match="cannot be read: there is no such file"):
        batch(root, "--roster", tmp_path / "none.csv")
    assert not (tmp_path / "results").exists()
    with pytest.raises(UsageError, match="Nobody called 'learner-09' handed anything in"):
        batch(root, "--learner", "learner-09", "--seed", "7")
    assert batch(root) == 0
    with pytest.raises(UsageError, match="holds grades of seed 7"):
        batch(root, "--seed", "8")


def test_false_walls_are_refused_before_anything_runs(
    batch: Batch, folders: Any, here: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.records import Wall

    monkeypatch.setattr(here, "wall", lambda: Wall(level="C", summary="", missing=("the network is open",)))
    root = folders({f"learner-01/{LIGHT}.py": "x = 1\n"})
    with pytest.raises(UsageError, match="a batch needs level A"):
        batch(root)
    assert here.ran == []
    assert batch(root, "--weaker-wall") == 0


@pytest.fixture
def lenient(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Mend a check on request: the first one that failed passes from then on."""
    whole = judges.judge_all

    def judge_all(exercise: Exercise, seen: Any) -> list[Grade]:
        import msgspec

        def mended(grade: Grade) -> Grade:
            first, *others = grade.outcomes
            passed: Outcome = msgspec.structs.replace(first, verdict=Verdict.PASSED, message="")
            gained = first.points if first.verdict is not Verdict.PASSED else 0
            return msgspec.structs.replace(grade, outcomes=(passed, *others), earned=grade.earned + gained)

        return [mended(grade) for grade in whole(exercise, seen)]

    return lambda: monkeypatch.setattr(judges, "judge_all", judge_all)


def test_rejudging_shows_the_difference_and_writes_it_only_when_asked(
    batch: Batch, folders: Any, tmp_path: Path, here: Any, in_process: Any, right: str, stub: str,
    lenient: Callable[[], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    root = folders({f"learner-01/{LIGHT}.py": right, f"learner-02/{LIGHT}.py": stub, f"learner-03/{LIGHT}.py": stub})
    batch(root)
    results = tmp_path / "results"
    before = (results / "journal.sqlite").read_bytes()
    assert app(["rejudge", str(results)], exit_on_error=False) == 0
    assert "0 get other marks" in capsys.readouterr().out
    lenient()
    monkeypatch.setattr(course, "version", lambda: "2099.1")
    assert app(["rejudge", str(results)], exit_on_error=False) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "learner-02 and 1 more 08_choose_depth: 0 → 1 of 8 +" in said
    assert "2 submissions judged anew: 1 get other marks" in said
    assert "Nothing was written" in said
    assert (results / "journal.sqlite").read_bytes() == before
    assert app(["rejudge", str(results), "--apply"], exit_on_error=False) == 0
    assert points(results) == {"learner-01": 8, "learner-02": 1, "learner-03": 1}
    monkeypatch.undo()
    monkeypatch.setattr(course, "version", lambda: "2099.1")
    monkeypatch.setattr(cohort, "_executor", lambda *_, **__: here)
    monkeypatch.setattr(confined, "Confined", in_process)
    ran = len(here.ran)
    batch(root)
    assert len(here.ran) == ran, "what was judged anew counts as graded by the new version"


def test_a_check_that_breaks_is_told_and_nothing_is_written(
    batch: Batch, folders: Any, tmp_path: Path, right: str, stub: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    whole = judges.judge_all

    def judge_all(exercise: Exercise, seen: Any) -> list[Grade]:
        if any(b"TODO" in submission.source for submission, _ in seen):
            raise CourseFault("A check is broken.")
        return whole(exercise, seen)

    batch(folders({f"learner-01/{LIGHT}.py": right, f"learner-02/{LIGHT}.py": stub}))
    monkeypatch.setattr(judges, "judge_all", judge_all)
    monkeypatch.setattr(course, "version", lambda: "2099.1")
    results = tmp_path / "results"
    assert app(["rejudge", str(results)], exit_on_error=False) == 3
    assert "learner-02 08_choose_depth: A check is broken." in capsys.readouterr().out
    with pytest.raises(GraderFault, match="1 submissions break a check, so nothing was written"):
        app(["rejudge", str(results), "--apply"], exit_on_error=False)
    with Journal.read(results) as journal:
        assert journal.course != "2099.1"
    assert points(results) == {"learner-01": 8, "learner-02": 0}


def test_rejudging_needs_a_journal(tmp_path: Path) -> None:
    for options in ([], ["--apply"]):
        with pytest.raises(UsageError, match="There is no journal"):
            app(["rejudge", str(tmp_path / "none"), *options], exit_on_error=False)
    assert not (tmp_path / "none").exists()


def points_so_far(results: Path) -> list[bool]:
    """Return for every answer whether it has a mark; nothing before there is a journal."""
    try:
        return [mark is not None for mark in points(results).values()]
    except UsageError:
        return []


@pytest.mark.skipif(sys.platform != "linux", reason="the zygote is for Linux")
def test_ctrl_c_keeps_what_was_done_and_the_same_command_goes_on(folders: Any, tmp_path: Path, right: str) -> None:
    slow = "import time\ntime.sleep(0.4)\n"
    root = folders({f"learner-{n:02}/{LIGHT}.py": f"# {n}\n{slow}{right}" for n in range(24)})
    results = tmp_path / "results"
    command = [
        sys.executable, "-c", "from grader.cli import main; main()",
        "batch", str(root), "--out", str(results), "--exercises", "08", "--jobs", "2",
    ]  # fmt: skip
    running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    while not any(points_so_far(results)) and running.poll() is None:
        time.sleep(0.1)
    family = psutil.Process(running.pid).children(recursive=True)
    os.kill(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert "Stopped. What was done is kept; the same command goes on from there." in said
    assert not psutil.wait_procs(family, timeout=20)[1]
    assert 0 < sum(points_so_far(results)) < 24
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    assert set(points(results).values()) == {8}
