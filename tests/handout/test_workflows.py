"""The workflow that learners get: pinned, with the least permissions, and what the reporter insists on."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader import course


@pytest.fixture
def path(handout: Path) -> Path:
    return handout / ".github" / "workflows" / "classroom.yml"


@pytest.fixture
def workflow(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


@pytest.fixture
def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    (job,) = workflow["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def test_the_reporters_two_naming_conditions_are_kept(workflow: dict[str, Any]) -> None:
    assert workflow["name"] == "Autograding Tests"
    assert list(workflow["jobs"]) == ["run-autograding-tests"]


def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    assert len(lines) == 4
    for line in lines:
        assert re.search(r"uses: [\w/.-]+@[0-9a-f]{40} # v[\d.]+$", line), line


def test_it_may_read_the_contents_and_holds_no_secret(workflow: dict[str, Any], path: Path) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow["jobs"]["run-autograding-tests"]
    text = path.read_text("utf-8")
    assert "secrets." not in text
    assert "github.token" not in text
    assert "pull_request_target" not in text


def test_the_checkout_leaves_no_credentials_and_packages_are_cached(steps: list[dict[str, Any]]) -> None:
    checkout, setup = steps[:2]
    assert checkout["with"]["persist-credentials"] is False
    assert setup["with"]["enable-cache"] is True
    assert "*.whl" in setup["with"]["cache-dependency-glob"]


def test_the_reporter_gets_a_result_for_each_exercise(steps: list[dict[str, Any]]) -> None:
    reporter = steps[-1]
    numbers = [exercise.number for exercise in course.exercises().values()]
    assert reporter["with"]["runners"] == ",".join(f"ex{number}" for number in numbers)
    (grading,) = [step for step in steps if step.get("id") == "grade"]
    assert "grade ci" in grading["run"]
    assert reporter["env"] == {
        f"EX{number}_RESULTS": "${{ " + f"steps.grade.outputs.ex{number}" + " }}" for number in numbers
    }


def test_zizmor_finds_nothing(path: Path) -> None:
    command = [Path(sys.executable).parent / "zizmor", "--offline", "--no-progress", "--persona=pedantic", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(not shutil.which("actionlint"), reason="actionlint is not installed")
def test_actionlint_finds_nothing(path: Path) -> None:
    done = subprocess.run(["actionlint", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
