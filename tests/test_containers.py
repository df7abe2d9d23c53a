"""The images, read closely: no engine is needed here."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tools import tool

ROOT = Path(__file__).parent.parent
IMAGES = sorted((ROOT / "containers").glob("*.Dockerfile"))
IGNORED = ROOT / "containers" / "staff.Dockerfile.dockerignore"
TEMPLATES = ROOT / "grader" / "handout" / "templates"

each_image = pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.stem)


def instructions(path: Path) -> list[str]:
    """Return the instructions, each on one line with single spaces."""
    text = re.sub(r"^#.*\n", "", path.read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def last_stage(path: Path) -> list[str]:
    """Return the instructions that make the image itself."""
    lines = instructions(path)
    return lines[max(number for number, line in enumerate(lines) if line.startswith("FROM ")) :]


def test_there_is_one_for_staff_and_one_for_learners() -> None:
    assert [path.name for path in IMAGES] == ["learner.Dockerfile", "staff.Dockerfile"]


@each_image
def test_its_base_is_the_one_of_the_handout(path: Path) -> None:
    bases = {line.split()[1] for line in instructions(path) if line.startswith("FROM ")}
    (base,) = bases
    for name in ("devcontainer.json.jinja", "gitlab.yml.jinja"):
        assert base in (TEMPLATES / name).read_text("utf-8")


@each_image
def test_its_small_torch_is_the_pinned_one_and_no_cache_is_left(path: Path) -> None:
    (installing,) = (line for line in instructions(path) if "uv pip install" in line)
    for option in ("--torch-backend=cpu", "--constraint constraints.txt", "--no-cache "):
        assert option in installing
    assert not [line for line in last_stage(path) if "install" in line]


@each_image
def test_nobody_in_it_is_root(path: Path) -> None:
    lines = last_stage(path)
    assert "USER 1000" in lines
    assert not [line for line in lines[lines.index("USER 1000") :] if line.startswith(("RUN", "COPY", "ADD"))]
    assert lines[-1] == 'CMD ["grade", "doctor"]'


def test_the_learners_image_gets_nothing_but_the_handouts_wheel() -> None:
    lines = instructions(ROOT / "containers" / "learner.Dockerfile")
    assert [line for line in lines if line.startswith(("COPY", "ADD"))] == ["COPY --from=build /opt/grader /opt/grader"]
    mounted = re.findall(r"--mount=(\S+)", " ".join(lines))
    assert mounted == [
        "type=bind,source=wheels,target=wheels",
        "type=bind,from=checkout,source=constraints.txt,target=constraints.txt",
    ]


def test_what_git_ignores_stays_out_of_the_staffs_image() -> None:
    ignored = IGNORED.read_text("utf-8").splitlines()
    assert {".git", "**/.venv", "**/__pycache__", "build", "dist", "reports"} <= set(ignored)


def test_one_uv_installs_everywhere() -> None:
    places = [*IMAGES, *TEMPLATES.iterdir(), ROOT / "tools" / "smoke.py"]
    named = {place.name: set(re.findall(r"\buv==([\d.]+\d)", place.read_text("utf-8"))) for place in places}
    assert len(set().union(*named.values())) == 1
    assert all(named[path.name] for path in IMAGES)


def test_the_page_shows_the_commands_that_are_tried_every_week() -> None:
    page = (ROOT / "docs" / "containers.md").read_text("utf-8")
    shown = [line.removeprefix("$ ") for line in page.splitlines() if line.startswith("$ ")]
    tried = [command.replace("build/image", "build/learners") for command in tool("images").COMMANDS]
    assert [command for command in tried if "selfcheck" not in command and command not in shown] == []


@pytest.mark.skipif(not shutil.which("hadolint"), reason="hadolint is not installed")
def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(["hadolint", *IMAGES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
