"""The handout's GitLab job, run by gitlab-ci-local where it is at hand."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from grader.handout import hand_out
from tests.whole import COUNT, POSSIBLE

REAL = os.environ.get("GRADE_GITLAB_CI_LOCAL")
Fill = Callable[[Path, str], None]
Push = Callable[[Path], "subprocess.CompletedProcess[str]"]
UV = """\
#!{python}
import os, sys

words = [word for word in sys.argv[1:] if word != "--torch-backend=cpu"]
place = words.index("--system")
words[place : place + 1] = ["--python", {job_python!r}]
os.environ.pop("UV_CACHE_DIR", None)
os.environ |= {cache!r}
os.execv({uv!r}, [{uv!r}, *words])
"""
"""Stands before uv: a container's own Python becomes an environment of the test's, PyTorch's own index the usual one,
and the job's cache that of whoever runs the test."""


@pytest.fixture(scope="module")
def handout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gitlab") / "learners"
    hand_out(folder, "gitlab", notebooks=False)
    return folder


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands for the image: a Python with pip and nothing else, whose programs come first."""
    folder = tmp_path_factory.mktemp("container")
    venv.create(folder / "venv", with_pip=True)
    programs, first = folder / "venv" / "bin", folder / "first"
    first.mkdir()
    cache = {name: os.environ[name] for name in ("UV_CACHE_DIR",) if name in os.environ}
    told = UV.format(python=sys.executable, job_python=str(programs / "python"), cache=cache, uv=str(programs / "uv"))
    (first / "uv").write_text(told)
    (first / "uv").chmod(0o755)
    return folder


@pytest.fixture
def push(container: Path, tmp_path: Path) -> Push:
    """Commit a folder as a learner's repository and run its job, with a home of its own."""

    def run(repository: Path) -> subprocess.CompletedProcess[str]:
        git = ["git", "-c", "user.name=learner-01", "-c", "user.email=learner-01@example.org"]
        remote = ["remote", "add", "origin", "https://gitlab.example.org/school/learner-01.git"]
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "work"], remote):
            subprocess.run([*git, *words], cwd=repository, check=True)
        (tmp_path / "home").mkdir()
        path = os.pathsep.join([str(container / "first"), str(container / "venv" / "bin"), os.environ["PATH"]])
        return subprocess.run(
            [*shlex.split(str(REAL)), "--force-shell-executor", "exercises"],
            cwd=repository,
            env={**os.environ, "PATH": path, "HOME": str(tmp_path / "home"), "COLUMNS": "100"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def points(junit: Path) -> tuple[int, int]:
    """Return the points earned and possible that a JUnit file tells."""
    earned = possible = 0
    for case in ET.parse(junit).getroot().iter("testcase"):
        worth = sum(int(each.get("value", "")) for each in case.iter("property"))
        possible += worth
        earned += worth * all(case.find(kind) is None for kind in ("failure", "error", "skipped"))
    return earned, possible


@pytest.mark.slow
@pytest.mark.skipif(not REAL, reason="GRADE_GITLAB_CI_LOCAL does not name a command that starts gitlab-ci-local")
@pytest.mark.parametrize(("kind", "earned"), [("solutions", POSSIBLE), ("one-wrong", POSSIBLE - 6), ("stubs", 0)])
def test_the_real_job_is_green_for_every_point_and_red_otherwise(
    handout: Path, push: Push, fill: Fill, tmp_path: Path, kind: str, earned: int
) -> None:
    repository = shutil.copytree(handout, tmp_path / "repository")
    if kind != "stubs":
        fill(repository / "exercises", kind)
    done = push(repository)
    assert done.returncode == (0 if kind == "solutions" else 1), done.stdout + done.stderr
    kept = repository / ".gitlab-ci-local" / "artifacts" / "exercises" / "reports"
    assert points(kept / "junit.xml") == (earned, POSSIBLE)
    assert len(list(kept.glob("*.html"))) == COUNT
    assert ("Every depth is one block off" in done.stdout) == (kind == "one-wrong")
