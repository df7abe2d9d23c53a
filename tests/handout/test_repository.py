"""The learners' repository: everything they need, said in their words, and nothing in the way."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from grader import course
from grader.cli import app
from grader.errors import UsageError
from grader.handout import hand_out
from grader.places import EXERCISES, ROOT

STUBS = {path.name for slug in course.exercises() for path in EXERCISES.glob(f"{slug}.*")}


def test_it_holds_the_allowed_and_nothing_else(handout: Path) -> None:
    rooms = {path.relative_to(handout).parts[0] for path in handout.rglob("*")}
    assert rooms == {
        *(".devcontainer", ".github", ".gitignore"),
        *("LICENSE", "README.md", "constraints.txt", "exercises", "fixtures", "wheels"),
    }
    assert {path.name for path in (handout / "exercises").iterdir()} == STUBS
    for name in STUBS:
        assert (handout / "exercises" / name).read_bytes() == (EXERCISES / name).read_bytes()


def test_the_readme_speaks_of_every_exercise_and_says_what_points_are_worth(handout: Path, exam: Path) -> None:
    for folder, said in ((handout, "Points here are **practice**."), (exam, "nothing that judges was handed out")):
        readme = (folder / "README.md").read_text("utf-8")
        for exercise in course.exercises().values():
            assert f"| {exercise.number} | {exercise.title} | {exercise.teaches} |" in readme
        assert said in readme.replace("\n", " ")
        assert "[[" not in readme
        assert "[%" not in readme


def test_every_command_of_the_readme_is_one(handout: Path, exam: Path) -> None:
    known = set(app)
    for folder in (handout, exam):
        words = re.findall(r"^\$ grade ([a-z]+)(?: |$)", (folder / "README.md").read_text("utf-8"), re.MULTILINE)
        assert {"watch", "hint", "tour", "compare"} <= set(words) <= known
        assert ("explain" in words) == (folder == handout)


def test_every_path_that_is_named_is_there(handout: Path, notebooks: Path) -> None:
    for folder in (handout, notebooks):
        for file in ("README.md", ".devcontainer/devcontainer.json"):
            named = re.findall(r"(?:exercises|wheels|fixtures)/[\w.+-]+\.[a-z]\w*", (folder / file).read_text("utf-8"))
            assert named
            assert [path for path in named if not (folder / path).is_file()] == []


def test_the_dev_container_is_json_that_installs_the_wheel(handout: Path) -> None:
    container = json.loads((handout / ".devcontainer" / "devcontainer.json").read_text())
    assert ".whl" in container["postCreateCommand"]


def test_whatever_installs_the_wheel_takes_the_versions_that_marks_are_given_with(handout: Path, exam: Path) -> None:
    assert (handout / "constraints.txt").read_bytes() == (ROOT / "constraints.txt").read_bytes()
    paths = (
        path for folder in (handout, exam) for path in folder.rglob("*") if path.suffix in (".md", ".yml", ".json")
    )
    lines = [line for path in paths for line in path.read_text("utf-8").splitlines() if "pip install" in line]
    told = [line for line in lines if ".whl" in line]
    assert len(told) >= 6
    assert [line for line in told if "-c constraints.txt wheels/" not in line] == []


def test_the_other_platforms_have_their_own_file(notebooks: Path, tmp_path: Path) -> None:
    job = yaml.safe_load((notebooks / ".gitlab-ci.yml").read_text())["exercises"]
    assert job["artifacts"]["reports"]["junit"] in job["script"][0]
    assert not (notebooks / ".github").exists()
    hand_out(tmp_path / "c50", "classroom50", notebooks=False)
    compile((tmp_path / "c50" / "classroom50" / "autograder.py").read_text(), "autograder.py", "exec")
    assert not (tmp_path / "c50" / ".github").exists()


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(UsageError, match="is not empty"):
        hand_out(tmp_path, "github", notebooks=False)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
