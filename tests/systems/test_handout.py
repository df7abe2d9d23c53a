"""What is handed out is the same wherever it was made."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from grader.export.gradescope import Visibility
from grader.handout import contents, gradescope
from grader.learning import edition


def test_places_in_a_wheel_have_slashes() -> None:
    house = PureWindowsPath(r"D:\course")
    stub = house / "exercises" / "03_partial_unfreeze.py"
    assert contents._place("grader/data", house, stub) == "grader/data/exercises/03_partial_unfreeze.py"


@pytest.mark.parametrize("judge", [None, "included", "none"])
def test_every_place_is_made_that_way(judge: contents.Judge | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "_place", lambda folder, *_: f"{folder} by _place")
    assert set(contents.learners(judge) if judge else contents.everything()) == {
        "grader by _place",
        "grader/data by _place",
    }


class Caseless(PurePosixPath):
    """A path that sorts as one of Windows does."""

    def __lt__(self, other: PurePosixPath) -> bool:
        return str(self).lower() < str(other).lower()

    def is_file(self) -> bool:
        return True


class Folder:
    """A folder of such paths."""

    def rglob(self, _: str) -> list[Caseless]:
        return [Caseless("a.py"), Caseless("B.py")]


def test_files_come_in_the_same_order_everywhere() -> None:
    assert [str(path) for path in contents._files(Folder())] == ["B.py", "a.py"]  # type: ignore[arg-type]


def test_the_edition_reads_them_in_the_same_order() -> None:
    read: list[str] = []

    class File(Caseless):
        def relative_to(self, *_: object) -> File:
            read.append(str(self))
            raise InterruptedError

    class Course:
        def rglob(self, _: str) -> list[File]:
            return [File("a.py"), File("B.py")]

    with pytest.raises(InterruptedError):
        edition._course_digest(Course())  # type: ignore[arg-type]
    assert read == ["B.py"]


def test_gradescope_may_run_its_scripts_wherever_the_zip_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "some.whl"
    wheel.touch()
    visibility: Visibility = "hidden"
    monkeypatch.setattr(gradescope, "build_full", lambda _: wheel)
    monkeypatch.setattr(zipfile.sys, "platform", "win32")
    gradescope.build_autograder(tmp_path / "autograder.zip", ["03"], visibility, weaker_wall=False)
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        script = archive.getinfo("run_autograder")
    assert (script.create_system, script.external_attr >> 16) == (3, 0o755)
