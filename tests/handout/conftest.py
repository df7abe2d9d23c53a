"""Handouts and wheels are built once: they are only read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from grader.handout import hand_out
from grader.handout.wheels import build_full


@pytest.fixture(scope="session")
def handout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The learners' repository for GitHub."""
    folder = tmp_path_factory.mktemp("handout") / "learners"
    hand_out(folder, "github", notebooks=False)
    return folder


@pytest.fixture(scope="session")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for GitLab, with notebooks."""
    folder = tmp_path_factory.mktemp("handout") / "notebooks"
    hand_out(folder, "gitlab", notebooks=True)
    return folder


@pytest.fixture(scope="session")
def learners_wheel(handout: Path) -> Path:
    (wheel,) = (handout / "wheels").iterdir()
    return wheel


@pytest.fixture(scope="session")
def full_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_full(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="session")
def handed_out(handout: Path, learners_wheel: Path) -> dict[str, bytes]:
    """Every file that a learner gets, those inside the wheel as well."""
    files = {str(path.relative_to(handout)): path.read_bytes() for path in handout.rglob("*") if path.is_file()}
    with zipfile.ZipFile(learners_wheel) as archive:
        return files | {f"wheel/{name}": archive.read(name) for name in archive.namelist()}
