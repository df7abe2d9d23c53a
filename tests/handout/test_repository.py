"""The learners' repository: everything they need, said in their words, and nothing in the way."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from grader import course
from grader.errors import UsageError
from grader.handout import hand_out
from grader.places import EXERCISES, HOUSE

STUBS = {path.name for slug in course.exercises() for path in EXERCISES.glob(f"{slug}.*")}


def test_it_holds_the_allowed_and_nothing_else(handout: Path) -> None:
    rooms = {path.relative_to(handout).parts[0] for path in handout.rglob("*")}
    assert rooms == {
        *(".devcontainer", ".github", ".gitignore"),
        *("LICENSE", "README.md", "exercises", "fixtures", "wheels"),
    }
    assert {path.name for path in (handout / "exercises").iterdir()} == STUBS
    for name in STUBS:
        assert (handout / "exercises" / name).read_bytes() == (EXERCISES / name).read_bytes()


def test_the_readme_speaks_of_every_exercise_and_promises_no_points(handout: Path) -> None:
    readme = (handout / "README.md").read_text("utf-8")
    for exercise in course.exercises().values():
        assert f"| {exercise.number} | {exercise.title} | {exercise.teaches} |" in readme
    assert "**no points**" in readme
    assert "[[" not in readme
    assert "[%" not in readme


def test_every_path_that_is_named_is_there(handout: Path, notebooks: Path) -> None:
    for folder in (handout, notebooks):
        for file in ("README.md", ".devcontainer/devcontainer.json"):
            named = re.findall(r"(?:exercises|wheels|fixtures)/[\w.-]+\.[a-z]\w*", (folder / file).read_text("utf-8"))
            assert named
            assert [path for path in named if not (folder / path).is_file()] == []


def test_the_dev_container_is_json_that_installs_the_wheel(handout: Path) -> None:
    container = json.loads((handout / ".devcontainer" / "devcontainer.json").read_text())
    assert ".whl" in container["postCreateCommand"]


def test_torch_is_the_one_that_the_wheel_asks_for(handout: Path) -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    (asked,) = [each for each in project["dependencies"] if each.startswith("torch==")]
    (named,) = re.findall(r"pip install (torch==[\d.]+)", (handout / "README.md").read_text("utf-8"))
    assert named.startswith(asked.removesuffix("*"))


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
