"""What learners have is what a clone has: the same points, the same names, the same words, from the wheel alone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from grader import course
from grader.places import COURSE, EXERCISES, ROOT, SOLUTIONS, SPECIMENS
from tests.whole import POSSIBLE

Run = Callable[..., "subprocess.CompletedProcess[str]"]
SEED = 20_262
GRADE_ALL = """
import json, pathlib, sys
from grader import course
from grader.discover import discover
from grader.isolate import open_sandbox
from grader.pipeline import grade

folder, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2])
example = folder / "example.json"
told = {}
with open_sandbox(list(course.exercises().values()), warm=True) as sandbox:
    for path in sorted(folder.glob("*/*.*")):
        evidence = example if path.suffix == ".md" else None
        submission = discover(path, exercise=path.parent.name, learner="learner-01", evidence=evidence)
        result = grade(submission, sandbox, seed)
        names = [each.misconception for each in result.diagnoses]
        told[f"{path.parent.name}/{path.stem}"] = [result.earned, result.full_marks, names]
print(json.dumps(told))
"""
"""Grades every file below a folder, each named by its exercise's folder."""


@pytest.fixture
def solved(tmp_path: Path) -> Path:
    """A learner's folder with all worked answers, and the evidence that the ninth speaks of."""
    shutil.copytree(SOLUTIONS, tmp_path / "exercises", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(COURSE / "09_adaptation_note" / "example-evidence.json", tmp_path / "exercises" / "09_evidence.json")
    return tmp_path


@pytest.mark.slow
def test_all_worked_answers_earn_every_point_in_a_job(learner: Run, solved: Path) -> None:
    done = learner("grade", "ci", "--strict", "--junit", "junit.xml", cwd=solved)
    assert done.returncode == 0, done.stdout + done.stderr
    cases = ET.parse(solved / "junit.xml").getroot().iter("testcase")
    assert sum(int(value.get("value", "")) for case in cases for value in case.iter("property")) == POSSIBLE
    suites = ET.parse(solved / "junit.xml").getroot()
    assert {(suite.get("failures"), suite.get("errors"), suite.get("skipped")) for suite in suites} == {("0", "0", "0")}


@pytest.mark.slow
def test_a_wrong_answer_is_red_in_a_job_and_named(learner: Run, tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    wrong = SPECIMENS / "03_partial_unfreeze" / "partial_off_by_one.py"
    shutil.copy(wrong, tmp_path / "exercises" / "03_partial_unfreeze.py")
    done = learner("grade", "ci", "--only", "03", "--strict", "--junit", "junit.xml", cwd=tmp_path)
    assert done.returncode == 1
    assert "10 of 15 points" in done.stdout
    assert "Every depth is one block off" in done.stdout
    assert "A practice result" in done.stdout
    assert int(ET.parse(tmp_path / "junit.xml").getroot()[0].get("failures", "")) > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["partial_off_by_one", "03_partial_unfreeze"])
def test_the_terminal_says_what_it_says_in_a_clone(learner: Run, tmp_path: Path, name: str) -> None:
    source = EXERCISES / f"{name}.py" if name.startswith("03") else SPECIMENS / "03_partial_unfreeze" / f"{name}.py"
    said = []
    here = [sys.executable, "-c", "from grader.cli import main; main()"]
    for place, run in (("wheel", learner), ("clone", None)):
        exercises = tmp_path / place / "exercises"
        exercises.mkdir(parents=True)
        shutil.copy(source, exercises / "03_partial_unfreeze.py")
        words = ["--seed", str(SEED), "exercises/03_partial_unfreeze.py"]
        if run is None:
            done = subprocess.run([*here, *words], cwd=exercises.parent, capture_output=True, text=True, check=False)
        else:
            done = run("grade", *words, cwd=exercises.parent)
        assert done.returncode == 1, done.stderr
        said.append(done.stdout)
    assert said[0] == said[1]


@pytest.mark.slow
def test_every_specimen_is_named_as_in_a_clone_and_none_is_green(learner: Run, tmp_path: Path) -> None:
    for slug, exercise in course.exercises().items():
        shutil.copytree(SPECIMENS / slug, tmp_path / slug, ignore=shutil.ignore_patterns("__pycache__"))
        assert len(list((tmp_path / slug).iterdir())) == len(exercise.misconceptions)
    shutil.copy(COURSE / "09_adaptation_note" / "example-evidence.json", tmp_path / "example.json")
    done = learner("python", "-c", GRADE_ALL, tmp_path, SEED)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told) == sum(len(each.misconceptions) for each in course.exercises().values()) > 100
    assert {name: names for name, (_, _, names) in told.items()} == {
        name: [name.partition("/")[2].replace("_", "-")] for name in told
    }
    assert [name for name, (_, full, _) in told.items() if full] == []


@pytest.mark.slow
def test_whatever_a_report_names_can_be_explained(learner: Run) -> None:
    for name in ("partial-off-by-one", "note-experiment-repeats"):
        done = learner("grade", "explain", name)
        assert done.returncode == 0, done.stderr
        assert name in done.stdout


@pytest.mark.slow
def test_the_edition_names_the_course_that_a_clone_names(learner: Run) -> None:
    ours = subprocess.run(
        [sys.executable, "-c", "from grader.cli import main; main()", "--version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = learner("grade", "--version")
    assert theirs.stdout.splitlines()[:2] == ours.stdout.splitlines()[:2]


@pytest.mark.slow
def test_a_learners_help_has_no_command_of_the_staffs(learner: Run) -> None:
    listed = set(re.findall(r"^│ ([a-z]+) ", learner("grade", "--help").stdout, re.MULTILINE))
    assert {"watch", "hint", "explain", "tour", "compare", "ci", "doctor"} <= listed
    assert listed.isdisjoint({"batch", "cohort", "export", "handout", "rejudge", "selfcheck", "similar", "solution"})
