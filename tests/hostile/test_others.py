"""Whatever one learner hands in, the others' answers are what they are without that learner."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader import course
from grader.batch import intake
from grader.batch.intake import Handin, Layout, Reader, read_here, survey, take_in
from grader.confined import Confined
from grader.records.cohort import Clock, Note
from tests.forking import in_a_fork

spec = importlib.util.spec_from_file_location("kinds", Path(__file__).with_name("kinds.py"))
assert spec
assert spec.loader
kinds = importlib.util.module_from_spec(spec)
spec.loader.exec_module(kinds)

ALL = list(course.exercises().values())
HONEST = ("learner-01", "learner-02", "learner-04")
HOSTILE = "learner-03"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="makes what only Linux has")


def _folders(root: Path, learner: str, _: int) -> Path:
    return root / learner


def _nested(root: Path, learner: str, _: int) -> Path:
    return root / "week 3" / learner


def _nbgrader(root: Path, learner: str, _: int) -> Path:
    return root / "submitted" / learner / kinds.NAME


def _moodle(root: Path, learner: str, number: int) -> Path:
    return root / f"{learner}_{number}_assignsubmission_file_"


FOLDERED: dict[str, Callable[[Path, str, int], Path]] = {
    "folders": _folders,
    "nested": _nested,
    "nbgrader": _nbgrader,
    "Moodle": _moodle,
}
FLAT = {
    "Moodle, flat": "{learner}_{number}_assignsubmission_file_{file}",
    "Canvas": "{learner}_{number}_90{number}_{file}",
}


def answers(found: Iterator[Handin | Note]) -> list[Handin]:
    return [each for each in found if isinstance(each, Handin)]


def of_others(root: Path, read: Reader) -> list[Handin]:
    """Return the answers of everybody but the hostile learner."""
    found = answers(take_in(survey(root), ALL, read))
    return [each for each in found if HOSTILE not in each.learner]


def honest(folder: Callable[[str, int], Path]) -> None:
    for number, learner in enumerate(HONEST, 1):
        path = folder(learner, number)
        path.mkdir(parents=True)
        (path / f"{kinds.NAME}.py").write_text(f"{kinds.CODE}# {learner}\n")


@pytest.fixture
def forget(tmp_path: Path) -> Iterator[None]:
    """Have pytest find a folder that it can take away again."""
    yield
    subprocess.run(["chmod", "-R", "u+rwX", tmp_path], check=True)
    subprocess.run(["rm", "-rf", tmp_path], check=True)  # Python's own way calls itself for each folder


@pytest.mark.parametrize("layout", FOLDERED)
@pytest.mark.parametrize("kind", [*kinds.FOLDERS, *kinds.FILES])
@pytest.mark.usefixtures("forget")
def test_a_folder_of_theirs_changes_nobody_elses_answers(tmp_path: Path, read: Reader, layout: str, kind: str) -> None:
    root = tmp_path / "in"
    honest(lambda learner, number: FOLDERED[layout](root, learner, number))
    before = of_others(root, read)
    assert [each.refusal for each in before] == ["", "", ""]
    own = FOLDERED[layout](root, HOSTILE, 7)
    own.mkdir(parents=True)
    if kind in kinds.FILES:
        name, content = kinds.FILES[kind]
        (own / name).write_bytes(content)
    else:
        kinds.FOLDERS[kind](own)
    assert of_others(root, read) == before


@pytest.mark.parametrize("pattern", FLAT.values(), ids=FLAT)
@pytest.mark.parametrize("kind", kinds.FILES)
@pytest.mark.parametrize("is_zip", [False, True], ids=["in a folder", "in a zip"])
def test_a_file_of_theirs_among_all_files_changes_nobody_elses_answers(
    tmp_path: Path, read: Reader, pattern: str, kind: str, *, is_zip: bool
) -> None:
    root = tmp_path / "in"
    root.mkdir()
    for number, learner in enumerate(HONEST, 1):
        (root / pattern.format(learner=learner, number=number, file=f"{kinds.NAME}.py")).write_text(learner)
    before = of_others(_as_download(root, is_zip=is_zip), read)
    assert len(before) == 3
    name, content = kinds.FILES[kind]
    (root / pattern.format(learner=HOSTILE, number=7, file=name)).write_bytes(content)
    assert of_others(_as_download(root, is_zip=is_zip), read) == before


@pytest.mark.parametrize("pattern", FLAT.values(), ids=FLAT)
@pytest.mark.parametrize(
    "name",
    [
        "x_1_assignsubmission_file_03_partial_unfreeze.py",
        "onelearner_1_901_03_partial_unfreeze.py",
        "\x1b[2J\n::set-output name=x::03_partial_unfreeze.py",
        "\u200b03_partial_unfreeze.py",
        "/03_partial_unfreeze.py",
    ],
)
def test_a_name_of_theirs_takes_nobody_elses_place(tmp_path: Path, read: Reader, pattern: str, name: str) -> None:
    root = tmp_path / "in"
    root.mkdir()
    for number, learner in enumerate(HONEST, 1):
        (root / pattern.format(learner=learner, number=number, file=f"{kinds.NAME}.py")).write_text(learner)
    before = of_others(root, read)
    (root / pattern.format(learner=HOSTILE, number=7, file=name).replace("/", "_")).write_text(kinds.CODE)
    assert of_others(root, read) == before
    found = answers(take_in(survey(root), ALL, read))
    assert [(each.learner, each.number) for each in found if each.path not in {one.path for one in before}] == [
        (HOSTILE, "7")
    ]


def _as_download(root: Path, *, is_zip: bool) -> Path:
    if not is_zip:
        return root
    download = root.with_suffix(".zip")
    with zipfile.ZipFile(download, "w") as archive:
        for path in sorted(root.iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name, (2026, 11, 20, 10, 0, 0)), path.read_bytes())
    return download


def test_times_inside_their_own_archive_are_not_believed(tmp_path: Path, read: Reader) -> None:
    own = tmp_path / "in" / HOSTILE
    own.mkdir(parents=True)
    (own / "all.zip").write_bytes(kinds.FILES["a zip from 1999"][1])
    (answer,) = answers(take_in(survey(tmp_path / "in"), ALL, read))
    assert (answer.arrived.year > 2020, answer.clock) == (True, Clock.FILE)


@pytest.mark.parametrize("layout", [Layout.FOLDERS, Layout.NBGRADER])
def test_a_timestamp_of_their_own_is_not_believed(tmp_path: Path, read: Reader, layout: Layout) -> None:
    own = tmp_path / "in" / HOSTILE / "work" / "deeper"
    own.mkdir(parents=True)
    (own / f"{kinds.NAME}.py").write_text(kinds.CODE)
    (own / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
    (answer,) = answers(take_in(survey(tmp_path / "in", layout), ALL, read))
    assert answer.clock is Clock.FILE


def test_what_an_ordinary_user_may_not_read_costs_the_others_nothing(tmp_path: Path) -> None:
    root = tmp_path / "in"
    honest(lambda learner, number: FOLDERED["folders"](root, learner, number))
    for folder in (root, *root.parents):
        if folder.is_relative_to(tmp_path.parent.parent):
            folder.chmod(0o755)
    (root / HOSTILE / "work").mkdir(parents=True)
    for closed in (root / HOSTILE / "work", root / "learner-00"):
        closed.mkdir(exist_ok=True)
        closed.chmod(0)

    def as_an_ordinary_user() -> list[str]:
        if os.geteuid() == 0:
            os.setresuid(65_534, 65_534, 65_534)
        found = list(take_in(survey(root), ALL, read_here))
        assert sum(isinstance(each, Handin) for each in found) == len(HONEST)
        return [each.text.partition(": ")[2] for each in found if isinstance(each, Note) and "not opened" in each.text]

    try:
        told = in_a_fork(as_an_ordinary_user)
    finally:
        for closed in (root / HOSTILE / "work", root / "learner-00"):
            closed.chmod(0o755)
    assert told == ["a folder in it cannot be read (Permission denied)."] * 2


@pytest.mark.parametrize("kind", ["a pipe", "a head that is a pipe", "folders too deep", "a zip bomb"])
@pytest.mark.usefixtures("forget")
def test_where_nothing_is_forked_the_others_answers_are_the_same_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(intake, "SECONDS", 4.0)
    root = tmp_path / "in"
    honest(lambda learner, number: FOLDERED["folders"](root, learner, number))
    with Confined([intake.READER], forks=False) as alone:
        before = of_others(root, intake.apart(alone))
        own = root / HOSTILE
        own.mkdir()
        if kind in kinds.FILES:
            (own / kinds.FILES[kind][0]).write_bytes(kinds.FILES[kind][1])
        else:
            kinds.FOLDERS[kind](own)
        assert of_others(root, intake.apart(alone)) == before
