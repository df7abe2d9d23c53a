"""Handouts and wheels are built once: they are only read."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.handout import hand_out
from grader.handout.wheels import build_full

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def installed(folder: Path, wheel: Path) -> Run:
    """Install a wheel into a new environment that borrows its dependencies; return what runs programs of it."""
    venv.create(folder / "venv", with_pip=False)
    (packages,) = (folder / "venv" / "lib").glob("python3*/site-packages")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--ignore-installed"]
    subprocess.run([*install, "--prefix", folder / "venv", wheel], check=True, capture_output=True)
    (packages / "borrowed.pth").write_text("\n".join(path for path in sys.path if path.endswith("site-packages")))
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()

    def run(program: str, *arguments: object, cwd: Path = elsewhere) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        python = folder / "venv" / "bin" / "python"
        script = [python, folder / "venv" / "bin" / program] if program == "grade" else [python]
        command = [*script, *map(str, arguments)]
        return subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True, check=False, timeout=280)

    return run


@pytest.fixture(scope="session")
def handout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The learners' repository for GitHub, with the judge."""
    folder = tmp_path_factory.mktemp("handout") / "learners"
    hand_out(folder, "github", notebooks=False)
    return folder


@pytest.fixture(scope="session")
def exam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The learners' repository for GitLab without a judge, with notebooks."""
    folder = tmp_path_factory.mktemp("handout") / "exam"
    hand_out(folder, "gitlab", "none", notebooks=True)
    return folder


@pytest.fixture(scope="session")
def notebooks(exam: Path) -> Path:
    return exam


def wheel_of(folder: Path) -> Path:
    (wheel,) = (folder / "wheels").iterdir()
    return wheel


@pytest.fixture(scope="session")
def full_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_full(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="session")
def learner(tmp_path_factory: pytest.TempPathFactory, handout: Path) -> Run:
    """Run programs where the wheel of the handout is all there is of this grader."""
    return installed(tmp_path_factory.mktemp("learner"), wheel_of(handout))


@pytest.fixture(scope="session")
def examinee(tmp_path_factory: pytest.TempPathFactory, exam: Path) -> Run:
    """The same without a judge."""
    return installed(tmp_path_factory.mktemp("examinee"), wheel_of(exam))


@pytest.fixture(scope="session")
def staff(tmp_path_factory: pytest.TempPathFactory, full_wheel: Path) -> Run:
    return installed(tmp_path_factory.mktemp("staff"), full_wheel)


def everything_in(handout: Path) -> dict[str, bytes]:
    """Return every file that a learner gets, those inside the wheel as well."""
    files = {str(path.relative_to(handout)): path.read_bytes() for path in handout.rglob("*") if path.is_file()}
    with zipfile.ZipFile(wheel_of(handout)) as archive:
        return files | {f"wheel/{name}": archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def with_judge(handout: Path) -> dict[str, bytes]:
    return everything_in(handout)


@pytest.fixture(scope="session")
def without_judge(exam: Path) -> dict[str, bytes]:
    return everything_in(exam)
