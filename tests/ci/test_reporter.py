"""What the autograding reporter makes of our results: by our own oracle, and by the real thing where it is at hand."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from grader import course, pipeline
from grader.export.classroom import runner
from grader.export.common import NOT_RUN
from grader.judging import account
from grader.judging.check import points
from grader.places import EXERCISES
from grader.records import Account, Grade, Verdict
from tests.whole import POSSIBLE

Job = Callable[..., "subprocess.CompletedProcess[str]"]
Fill = Callable[[Path, str], None]
REAL = os.environ.get("GRADE_REPORTER_JS")
KINDS = ("full", "partial", "import-error", "timeout", "exit", "hostile")
ENV_CAP = 128 * 1024
"""Bytes of one environment variable that Linux passes on."""


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ORACLE = load("reporter")


def unjudged(grade: Grade, *, answered: bool) -> Account:
    """Return what the learners' distribution would have said."""
    unfinished = () if answered else (account.Unfinished(said="`f` is still to be written (line 3).", line=3),)
    fields = ("exercise", "title", "learner", "path", "next_step", "set_aside", "evidence", "provenance")
    told = {name: getattr(grade, name) for name in fields}
    return Account(observations=(), unfinished=unfinished, **told)


@pytest.mark.parametrize("kind", KINDS)
def test_table_and_notice_say_what_the_grade_says(grades: dict[str, Grade], kind: str) -> None:
    grade = grades[kind]
    reported = ORACLE.report({"ex03": runner([grade])})
    assert reported.rows == {"ex03": (grade.earned, grade.possible)}
    assert reported.notice == (grade.earned, grade.possible)
    assert reported.status == (0 if grade.full_marks else 1)


def test_the_kinds_are_what_they_are_called(grades: dict[str, Grade]) -> None:
    assert grades["full"].full_marks
    assert {grades[kind].earned for kind in ("import-error", "timeout", "exit")} == {0}
    assert 0 < grades["partial"].earned < grades["partial"].possible
    assert 0 < grades["hostile"].earned < grades["hostile"].possible


def test_many_exercises_add_up(grades: dict[str, Grade]) -> None:
    runners = {kind: runner([grade]) for kind, grade in grades.items()}
    reported = ORACLE.report(runners)
    expected = sum(grade.earned for grade in grades.values()), sum(grade.possible for grade in grades.values())
    assert reported.notice == expected
    assert tuple(map(sum, zip(*reported.rows.values(), strict=True))) == expected
    assert ORACLE.report({"all": runner(list(grades.values()))}).notice == expected


@pytest.mark.parametrize("each", course.exercises().values(), ids=lambda each: each.slug)
def test_no_share_of_an_exercises_points_is_lost_to_rounding(each: course.Exercise) -> None:
    """The table divides and multiplies again, in binary fractions."""
    possible = points(each).total()
    assert [earned for earned in range(possible + 1) if earned / possible * possible != earned] == []


def test_nothing_of_the_learners_is_in_it(grades: dict[str, Grade]) -> None:
    decoded = base64.b64decode(runner([grades["hostile"]])).decode()
    for word in ("Autograding complete", "img", "99/99"):
        assert word in str(grades["hostile"].outcomes)
        assert word not in decoded


def test_the_learners_line_is_named(grades: dict[str, Grade]) -> None:
    blamed = next(outcome for outcome in grades["hostile"].outcomes if outcome.verdict is Verdict.FAILED)
    assert blamed.line
    assert f"❌ {blamed.title} - line {blamed.line}" in " ".join(
        line.replace("03_partial_unfreeze: ", "").replace(" (point 1 of 2)", "")
        for line in ORACLE.report({"ex03": runner([grades["hostile"]])}).printed
    )


def test_it_stays_far_below_what_an_environment_variable_holds(grades: dict[str, Grade]) -> None:
    long = [
        msgspec.structs.replace(outcome, title="t" * 5_000, message="m" * 5_000, points=3)
        for outcome in grades["hostile"].outcomes
    ]
    everything = [msgspec.structs.replace(grades["hostile"], outcomes=tuple(long * 2))]
    assert len(runner(everything)) < ENV_CAP
    assert len(runner(list(grades.values()))) < ENV_CAP


@pytest.mark.parametrize("answered", [True, False])
def test_without_hidden_checks_nothing_can_be_read_as_all_passed(grades: dict[str, Grade], *, answered: bool) -> None:
    reported = ORACLE.report({"ex03": runner([unjudged(grades["full"], answered=answered)])})
    assert reported.notice is None
    assert reported.rows == {"ex03": (0, 0)}
    assert reported.status == (0 if answered else 1)
    assert f"Error: 03_partial_unfreeze: {NOT_RUN}" in reported.printed
    assert sum(line.startswith("✅") for line in reported.printed) < len(reported.printed)


def test_a_missing_file_earns_nothing_and_counts(tmp_path: Path) -> None:
    exercise = course.exercises()["03_partial_unfreeze"]
    _, result = pipeline.refused(exercise, tmp_path / "x.py", "There is no file x.py.")
    reported = ORACLE.report({"ex03": runner([result])})
    assert reported.notice == (0, points(exercise).total())


def real(runners: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {f"{name.upper()}_RESULTS": encoded for name, encoded in runners.items()}
    command = ["node", str(REAL)]
    environment |= {"INPUT_RUNNERS": ",".join(runners), "PATH": os.environ["PATH"]}
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.skipif(not REAL, reason="GRADE_REPORTER_JS does not point to the reporter's dist/main.js")
@pytest.mark.parametrize("kinds", [[kind] for kind in KINDS] + [list(KINDS)], ids=lambda kinds: kinds[0])
def test_the_real_reporter_says_what_the_oracle_says(
    grades: dict[str, Grade], kinds: list[str], tmp_path: Path
) -> None:
    runners = {f"ex{index}": runner([grades[kind]]) for index, kind in enumerate(kinds)}
    expected = ORACLE.report(runners)
    done = real(runners, tmp_path)
    assert done.returncode == expected.status, done.stdout
    assert "NaN" not in done.stdout
    assert "undefined" not in done.stdout
    notices = re.findall(r"^::notice title=([^:]*)::(.*)$", done.stdout, re.MULTILINE)
    total, possible = expected.notice
    assert notices == [
        ("Autograding complete", f"Points {total}/{possible}"),
        ("Autograding report", json.dumps({"totalPoints": total, "maxPoints": possible}, separators=(",", ":"))),
    ]
    assert done.stdout.count("::notice") == 2
    table = re.findall(r"│ (ex\d+) +│ (\S+) +│ (\S+) +│", re.sub(r"\x1b\[\d+m", "", done.stdout))
    assert {name: (float(score), float(top)) for name, score, top in table} == expected.rows
    plain = re.sub(r"\x1b\[\d+m", "", done.stdout).splitlines()
    assert set(expected.printed) <= set(plain)


@pytest.mark.slow
@pytest.mark.skipif(not REAL, reason="GRADE_REPORTER_JS does not point to the reporter's dist/main.js")
@pytest.mark.parametrize(("kind", "earned"), [("solutions", POSSIBLE), ("one-wrong", POSSIBLE - 6), ("stubs", 0)])
def test_the_real_reporter_says_what_a_whole_job_earned(
    job: Job, fill: Fill, tmp_path: Path, kind: str, earned: int
) -> None:
    if kind == "stubs":
        shutil.copytree(EXERCISES, tmp_path / "exercises", dirs_exist_ok=True)
    else:
        fill(tmp_path / "exercises", kind)
    assert job("--junit", "reports/junit.xml", "--reports", "reports").returncode == 0
    outputs = dict(line.split("=", 1) for line in (tmp_path / "github_output").read_text().splitlines())
    assert list(outputs) == ["result", *(f"ex{each.number}" for each in course.exercises().values())]
    done = real({name: encoded for name, encoded in outputs.items() if name != "result"}, tmp_path)
    assert done.returncode == (0 if earned == POSSIBLE else 1), done.stdout
    assert f"::notice title=Autograding complete::Points {earned}/{POSSIBLE}" in done.stdout
    assert re.search(rf"Total: +│ {earned} +│ {POSSIBLE} ", re.sub(r"\x1b\[\d+m", "", done.stdout))


@pytest.mark.skipif(not REAL, reason="GRADE_REPORTER_JS does not point to the reporter's dist/main.js")
@pytest.mark.parametrize("answered", [True, False])
def test_the_real_reporter_gives_no_points_without_hidden_checks(
    grades: dict[str, Grade], tmp_path: Path, *, answered: bool
) -> None:
    runners = {"ex03": runner([unjudged(grades["full"], answered=answered)])}
    done = real(runners, tmp_path)
    assert done.returncode == (0 if answered else 1)
    assert "::notice" not in done.stdout
    assert "NaN" not in done.stdout
    assert NOT_RUN in done.stdout
    passed = re.search(r"Grand total tests passed: (\d+)/(\d+)", done.stdout)
    assert passed
    assert int(passed[1]) < int(passed[2])
