"""What runs on GitHub: pinned, with the least permissions, and nothing that a developer's machine could not run."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools import tool

ROOT = Path(__file__).parent.parent
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("[!c]*.yml"))

each_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
each_form = pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)


def load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = load(path)["jobs"]
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    return (step for job in jobs(path).values() for step in job["steps"])


def commands(path: Path) -> Iterator[list[str]]:
    """Yield each step's command as words, once for every value that the matrix gives to its variables."""
    for job in jobs(path).values():
        matrix = job.get("strategy", {}).get("matrix", {})
        for step in job["steps"]:
            given = {
                name: matrix[value.removeprefix("${{ matrix.").removesuffix(" }}")]
                for name, value in step.get("env", {}).items()
                if value.startswith("${{ matrix.")
            }
            for values in itertools.product(*given.values()) if "run" in step else ():
                line = step["run"]
                for name, value in zip(given, values, strict=True):
                    line = line.replace(f"${name}", value)
                yield shlex.split(line)


def understood(words: list[str]) -> bool:
    """Whether a command is one of the repository's, or installs something."""
    match words:
        case ["python", "-m", "pip", "install", *what]:
            return all((ROOT / what[at + 1]).is_file() for at, word in enumerate(what) if word == "-r")
        case ["python", "tools/smoke.py", *arguments]:
            return bool(tool("smoke").parser().parse_args(arguments))
        case ["python", script, *_]:
            return script.startswith("tools/") and (ROOT / script).is_file()
        case ["nox", "-s", session]:
            return f"\ndef {session}(session: nox.Session)" in (ROOT / "noxfile.py").read_text("utf-8")
    return "/" in words[0] and os.access(ROOT / words[0], os.X_OK)


@each_workflow
def test_nothing_is_permitted_but_what_a_job_asks_for(path: Path) -> None:
    assert load(path)["permissions"] == {}
    assert all(job["permissions"] for job in jobs(path).values())


def test_only_what_publishes_may_write_or_say_who_it_is() -> None:
    writing = {
        (path.stem, name): {what for what, how in job["permissions"].items() if how == "write"}
        for path in WORKFLOWS
        for name, job in jobs(path).items()
    }
    assert {job: what for job, what in writing.items() if what} == {
        ("docs", "publish"): {"pages", "id-token"},
        ("release", "publish"): {"attestations", "id-token"},
    }
    assert jobs(GITHUB / "workflows" / "release.yml")["publish"]["environment"] == {"name": "pypi"}


@each_workflow
def test_nothing_runs_for_ever_or_twice(path: Path) -> None:
    assert load(path)["concurrency"]["group"]
    assert all(job["timeout-minutes"] <= 120 for job in jobs(path).values())


@each_workflow
def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    assert lines
    assert [line for line in lines if not re.search(r"uses: [\w/.-]+@[0-9a-f]{40} # v\d+(\.\d+)+$", line)] == []


def test_an_action_has_one_pin_in_all_workflows() -> None:
    texts = "".join(path.read_text("utf-8") for path in WORKFLOWS)
    pins = set(re.findall(r"uses: (.+)", texts))
    assert len(pins) == len({pin.partition("@")[0] for pin in pins})


@each_workflow
def test_the_checkout_leaves_no_credentials_and_there_are_no_secrets(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    text = path.read_text("utf-8")
    assert not [word for word in ("secrets.", "github.token", "pull_request_target", "workflow_run") if word in text]


@each_workflow
def test_every_command_is_one_line_and_the_repositorys_own(path: Path) -> None:
    lines = [step["run"] for step in steps(path) if "run" in step]
    assert [line for line in lines if len(line.splitlines()) > 1 or re.search(r"\$\{\{|[|;&<>`]", line)] == []
    assert [words for words in commands(path) if not understood(words)] == []


def test_each_system_python_and_pair_is_tried() -> None:
    ci = jobs(GITHUB / "workflows" / "ci.yml")
    matrix = ci["smoke"]["strategy"]["matrix"]
    assert [name.partition("-")[0] for name in matrix["os"]] == ["ubuntu", "macos", "windows"]
    assert set(matrix["pair"]) == set(tool("smoke").PAIRS) - {"mismatched"}, "pip makes that one here and there"
    oldest = re.search(r'requires-python = ">=(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert oldest
    assert matrix["python"][0] == oldest[1]
    assert [step["run"] for step in ci["gates"]["steps"] if "run" in step] == [".ci/run"]


def test_updates_are_grouped_and_wait_a_week() -> None:
    updates = load(GITHUB / "dependabot.yml")["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"pip", "github-actions", "docker"}
    for update in updates:
        assert update["schedule"] == {"interval": "weekly"}
        assert update["cooldown"]["default-days"] >= 7
        assert update["groups"]
        for folder in update.get("directories", [update.get("directory")]):
            assert (ROOT / folder.lstrip("/")).is_dir()


@each_form
def test_a_form_asks_for_the_walls_and_the_versions(path: Path) -> None:
    form = load(path)
    assert form.keys() <= {"name", "description", "title", "labels", "body"}
    asked = [field for field in form["body"] if field["type"] != "markdown"]
    assert all(field["attributes"]["label"] for field in asked)
    names = [field["id"] for field in asked]
    assert len(set(names)) == len(names)
    assert {"doctor", "versions"} <= set(names)
    (doctor,) = (field for field in asked if field["id"] == "doctor")
    assert "grade doctor" in doctor["attributes"]["label"]


def test_there_is_a_form_for_each_kind_of_trouble_and_no_blank_one() -> None:
    assert [path.stem for path in FORMS] == ["bug", "feature", "wrong_mark"]
    assert load(GITHUB / "ISSUE_TEMPLATE" / "config.yml") == {"blank_issues_enabled": False}


def test_zizmor_finds_nothing() -> None:
    command = [Path(sys.executable).parent / "zizmor", "--offline", "--no-progress", "--persona=pedantic", GITHUB]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert all(path.name in done.stderr for path in WORKFLOWS)


@pytest.mark.skipif(not shutil.which("actionlint"), reason="actionlint is not installed")
def test_actionlint_finds_nothing() -> None:
    done = subprocess.run(["actionlint", *WORKFLOWS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
