"""The scripts that a developer's machine and GitHub both run: they end where something differs, and say what."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from grader import VERSION
from tests.tools import tool

ROOT = Path(__file__).parent.parent


@pytest.fixture
def smoke(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script, at work in an empty folder that has the house's README."""
    module = tool("smoke")
    shutil.copy(ROOT / "README.md", tmp_path)
    (tmp_path / "reports").mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "REPORT", tmp_path / "reports" / "03_partial_unfreeze.html")
    return module


def programs(smoke: ModuleType, monkeypatch: pytest.MonkeyPatch, *statuses: int, reports: bool = True) -> list[object]:
    """Let programs end with these statuses, one after the other, and return the list of what was run."""
    ran: list[object] = []

    def run(command: object) -> int:
        ran.append(command)
        if reports:
            smoke.REPORT.write_text("<html>", "utf-8")
        return statuses[len(ran) - 1]

    monkeypatch.setattr(smoke, "run", run)
    monkeypatch.setattr(smoke.shutil, "which", lambda *_, **__: "grade")
    return ran


def test_the_three_steps_expect_nothing_everything_and_a_sound_course(
    smoke: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = programs(smoke, monkeypatch, 1, 0, 0)
    monkeypatch.setattr("sys.argv", ["smoke.py"])
    smoke.main()
    assert ran == [
        ["grade", "exercises/03_partial_unfreeze.py"],
        ["grade", "solutions/03_partial_unfreeze.py"],
        ["grade", "selfcheck", "--exercises", "03", "08"],
    ]


@pytest.mark.parametrize(("step", "status"), [("stub", 0), ("stub", 3), ("solution", 1), ("selfcheck", 1)])
def test_another_status_is_said(smoke: ModuleType, monkeypatch: pytest.MonkeyPatch, step: str, status: int) -> None:
    programs(smoke, monkeypatch, status)
    with pytest.raises(SystemExit, match=f"ended with exit status {status}, and"):
        smoke.STEPS[step]()


@pytest.mark.parametrize("step", ["stub", "newcomer"])
def test_a_missing_report_is_said_and_an_old_one_is_none(
    smoke: ModuleType, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    smoke.REPORT.write_text("of yesterday", "utf-8")
    programs(smoke, monkeypatch, 1, reports=False)
    with pytest.raises(SystemExit, match=r"left no report at reports/03_partial_unfreeze\.html"):
        smoke.STEPS[step]()


def test_the_newcomers_command_is_the_readmes_first(smoke: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = programs(smoke, monkeypatch, 1)
    smoke.newcomer()
    (command,) = ran
    assert f"\n$ {command}\n" in (ROOT / "README.md").read_text("utf-8")
    assert str(command).endswith("&& grade exercises/03_partial_unfreeze.py")


def test_a_pair_is_installed_with_the_course(smoke: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = programs(smoke, monkeypatch, 0, 0)
    smoke.install("oldest", ["staff"])
    assert isinstance(ran[1], list)
    assert ran[1][-5:] == ["torch==2.9.*", "torchvision==0.24.*", "transformers==4.57.*", "--editable", ".[staff]"]


def test_a_pair_that_no_installer_makes_takes_a_second_command(
    smoke: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = programs(smoke, monkeypatch, 0, 0, 0)
    smoke.install("mismatched", [])
    assert isinstance(ran[2], list)
    assert ran[2][-2:] == ["--no-deps", "torchvision==0.25.*"]


def test_the_oldest_pair_is_the_oldest_that_is_allowed(smoke: ModuleType) -> None:
    allowed = (ROOT / "pyproject.toml").read_text("utf-8")
    for asked in smoke.PAIRS["oldest"][0]:
        assert f'"{asked.replace("==", ">=").removesuffix(".*")},<' in allowed


def test_an_environment_without_the_course_is_said(smoke: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smoke.shutil, "which", lambda *_, **__: None)
    with pytest.raises(SystemExit, match="no `grade` in this environment"):
        smoke.stub()


def test_a_program_and_a_line_of_a_shell_are_run(smoke: ModuleType) -> None:
    assert smoke.run(["git", "--no-such-option"]) == 129
    assert smoke.run("exit 7") == 7


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """A checkout whose version may be released."""
    (tmp_path / "grader").mkdir()
    for name in ("grader/__init__.py", "CITATION.cff", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    changes = tmp_path / "CHANGELOG.md"
    changes.write_text(changes.read_text("utf-8").replace("## Unreleased", f"## {VERSION}"), "utf-8")
    return tmp_path


def test_a_version_that_is_ready_may_be_released(ready: Path) -> None:
    assert tool("release").objections(f"v{VERSION}", ready) == []


@pytest.mark.parametrize("file", ["grader/__init__.py", "CITATION.cff", "CHANGELOG.md"])
def test_every_file_must_name_the_version(ready: Path, file: str) -> None:
    (ready / file).write_text((ready / file).read_text("utf-8").replace(VERSION, "9.9.9"), "utf-8")
    (objection,) = tool("release").objections(f"v{VERSION}", ready)
    assert objection.startswith(file)


@pytest.mark.parametrize("tag", ["", "0.1.0", "v1", "v0.1.0; true"])
def test_a_tag_is_v_and_a_version(ready: Path, tag: str) -> None:
    assert tool("release").objections(tag, ready) == [f"The tag is not v and a version: {tag!r}."]


IMPORTED = """
import sys
before = set(sys.modules)
from grader.handout.contents import everything
everything()
new = [sys.modules[name] for name in set(sys.modules) - before]
print(*(module.__name__.partition(".")[0] for module in new if "site-packages" in str(getattr(module, "__file__", ""))))
"""


def test_an_isolated_build_of_the_wheel_gets_what_it_imports() -> None:
    imported = subprocess.run([sys.executable, "-c", IMPORTED], cwd=ROOT, capture_output=True, text=True, check=True)
    theirs = {"markupsafe", "typing_extensions"}  # what jinja2 brings, and what msgspec takes where it is there
    hook = tool("wheel").CourseData.__new__(tool("wheel").CourseData)
    assert {name.partition(">")[0] for name in hook.dependencies()} == set(imported.stdout.split()) - theirs
