"""Gradescope's results and autograder: the documented rules in our own words, and a run in the container's layout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import course
from grader.ci.files import Wanted
from grader.ci.work import WorkToGrade
from grader.errors import GraderFault
from grader.export.gradescope import RAN, WAITING, Visibility, results
from grader.handout.gradescope import build_autograder
from grader.judging.check import points
from grader.places import SOLUTIONS
from grader.records import Grade

VISIBILITIES = {"visible", "after_due_date", "after_published", "hidden"}
SLUG = "03_partial_unfreeze"
POSSIBLE = 15


def objections(made: dict[str, Any]) -> list[str]:
    """Return what the documentation of results.json forbids."""
    found = [] if made["stdout_visibility"] in VISIBILITIES else ["stdout_visibility"]
    found += [] if isinstance(made["execution_time"], int | float) else ["execution_time"]
    found += [] if isinstance(made["extra_data"], dict) else ["extra_data"]
    known = {"name", "score", "max_score", "status", "output", "output_format", "visibility", "extra_data"}
    for test in made["tests"]:
        found += [f"fields {test.keys() - known}"] if test.keys() - known else []
        found += ["visibility"] if test["visibility"] not in VISIBILITIES else []
        found += ["status"] if test.get("status", "passed") not in ("passed", "failed") else []
        found += ["format"] if test["output_format"] not in ("text", "html", "simple_format", "md", "ansi") else []
        whole = type(test["score"]) is int and type(test["max_score"]) is int
        found += [] if whole and 0 <= test["score"] <= test["max_score"] else ["score"]
        found += ["newline"] if "\r" in test["output"] else []
    return found


def read(grades: list[Grade], waiting: dict[str, int], visibility: Visibility = "after_published") -> dict[str, Any]:
    made: dict[str, Any] = json.loads(results(grades, waiting, visibility))
    assert objections(made) == []
    return made


@pytest.fixture
def grade(graded: Callable[..., Grade], solution: str) -> Grade:
    """One that names a misconception and prints."""
    return graded("print('<script>')\n" + solution.replace("parameter.numel()", "1"), slug=SLUG)


def test_points_add_up_to_the_assignments(grade: Grade) -> None:
    made = read([grade], {"07_confusion_analysis": 12})
    assert sum(test["score"] for test in made["tests"]) == grade.earned
    assert sum(test["max_score"] for test in made["tests"]) == grade.possible + 12


@pytest.mark.parametrize("visibility", sorted(VISIBILITIES))
def test_there_are_two_tiers(grade: Grade, visibility: Visibility) -> None:
    grade = grade if grade.diagnoses else pytest.fail("no misconception was named")
    made = read([grade], {}, visibility)
    happened, *judged = made["tests"]
    assert happened["visibility"] == "visible"
    assert {test["visibility"] for test in judged} == {visibility}
    assert "<script>" in happened["output"]
    told = grade.diagnoses[0].question in happened["output"]
    assert told == (visibility == "visible"), "what was judged stays with the checks"
    assert (RAN in happened["output"]) == (visibility != "visible")
    assert grade.diagnoses[0].seen in judged[-1]["output"]
    assert made["stdout_visibility"] == "hidden"


def test_learner_text_is_never_more_than_text(grade: Grade) -> None:
    assert {test["output_format"] for test in read([grade], {})["tests"]} == {"text"}


def test_a_crash_is_always_told(graded: Callable[..., Grade]) -> None:
    made = read([graded("import torhc\n", slug=SLUG)], {}, "hidden")
    assert "could not be imported" in made["tests"][0]["output"]
    solved = (SOLUTIONS / f"{SLUG}.py").read_text("utf-8")
    made = read([graded(f"import torhc\n{solved}", slug=SLUG)], {}, "hidden")
    assert "A line of your file raised ModuleNotFoundError" in made["tests"][0]["output"]
    assert "All points" not in made["tests"][0]["output"]


def test_before_anything_was_graded_the_file_says_so(tmp_path: Path) -> None:
    wanted = Wanted(junit=None, reports=None, gradescope=tmp_path / "r" / "results.json", visibility="hidden")
    work = WorkToGrade(files={SLUG: tmp_path / "03.py", "08_choose_depth": tmp_path / "08.py"})
    wanted.write_gradescope([], work)
    made = json.loads((tmp_path / "r" / "results.json").read_text())
    assert objections(made) == []
    assert [(test["name"], test["max_score"], test["output"]) for test in made["tests"]] == [
        (SLUG, POSSIBLE, WAITING),
        ("08_choose_depth", 8, WAITING),
    ]
    wanted.withdraw()
    assert not (tmp_path / "r" / "results.json").exists()


def test_a_fault_of_ours_takes_the_results_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from grader import pipeline
    from grader.cli.ci import ci

    def broken(*_: object) -> None:
        assert target.is_file()
        raise GraderFault("broken on purpose")

    target = tmp_path / "results.json"
    shutil.copy(SOLUTIONS / f"{SLUG}.py", tmp_path)
    monkeypatch.setattr(pipeline, "examine", broken)
    with pytest.raises(GraderFault):
        ci(tmp_path, only=["3"], gradescope=target, visibility="hidden")
    assert not target.exists()


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder /autograder as Gradescope lays it out, installed from nothing but the zip."""
    target = tmp_path_factory.mktemp("zip") / "autograder.zip"
    assert build_autograder(target, ["3"], "after_published", weaker_wall=False) == POSSIBLE
    root = tmp_path_factory.mktemp("container") / "autograder"
    with zipfile.ZipFile(target) as archive:
        archive.extractall(root / "source")
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "run_autograder").chmod(0o755)
    (root / "results").mkdir()
    venv.create(root / "venv", with_pip=False)
    (packages,) = (root / "venv" / "lib").glob("python3*/site-packages")
    (wheel,) = (root / "source").glob("*.whl")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(packages)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    (packages / "host.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    script = root / "venv" / "bin" / "grade"
    script.write_text(f"#!{root}/venv/bin/python\nfrom grader.cli import main\nmain()\n")
    script.chmod(0o755)
    return root


@pytest.mark.slow
@pytest.mark.parametrize("nested", [False, True])
def test_the_zip_grades_a_submission_in_the_containers_layout(container: Path, *, nested: bool) -> None:
    shutil.rmtree(container / "submission", ignore_errors=True)
    folder = container / "submission" / ("exercises" if nested else "")
    folder.mkdir(parents=True)
    shutil.copy(SOLUTIONS / f"{SLUG}.py", folder)
    (container / "submission_metadata.json").write_text('{"id": 1}')
    (container / "results" / "results.json").unlink(missing_ok=True)
    surroundings = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [container / "run_autograder"], cwd=container, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    made = json.loads((container / "results" / "results.json").read_text())
    assert objections(made) == []
    assert sum(test["score"] for test in made["tests"]) == POSSIBLE
    assert made["extra_data"][SLUG]["versions"]["course"] == course.version()


@pytest.mark.slow
def test_the_zip_has_its_scripts_at_the_root_and_executable(container: Path) -> None:
    source = container / "source"
    for name in ("setup.sh", "run_autograder"):
        text = (source / name).read_text()
        assert text.startswith("#!")
        assert "\r" not in text
        subprocess.run(["bash", "-n", source / name], check=True)
    assert re.search(r"--only 03 --visibility after_published$", (source / "run_autograder").read_text(), re.MULTILINE)


def test_the_points_are_those_of_the_checks() -> None:
    assert points(course.exercises()[SLUG]).total() == POSSIBLE
    assert [points(each).total() for each in course.exercises().values()] == [
        each.points for each in course.exercises().values()
    ]
