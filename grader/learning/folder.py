"""The learner's folder: it holds ``exercises/``, and ``.grade/`` for what is remembered about them."""

from __future__ import annotations

import contextlib
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from grader import course, files
from grader.courses import current
from grader.discover import CAPS
from grader.errors import UsageError
from grader.programs import program
from grader.records import Exercise, Record

from .state import is_untouched


class Folder(Record, frozen=True):
    """A folder in which somebody takes the course."""

    root: Path

    @property
    def exercises(self) -> Path:
        """The learner's files."""
        return self.root / "exercises"

    @property
    def memory(self) -> Path:
        """What is remembered about them; git ignores it."""
        return self.root / ".grade"

    def file(self, exercise: Exercise) -> Path | None:
        """Return the learner's file for an exercise, the last one saved where there are several."""
        found: dict[Path, int] = {}
        for suffix in CAPS:
            path = self.exercises / f"{exercise.slug}{suffix}"
            with contextlib.suppress(OSError):
                found[path] = path.lstat().st_mtime_ns
        return max(found, key=found.__getitem__) if found else None

    def file_or_refuse(self, exercise: Exercise) -> Path:
        """Return the learner's file for an exercise; raise UsageError when there is none."""
        if file := self.file(exercise):
            return file
        self._stub_or_refuse(exercise)
        raise UsageError(f"There is no file for {exercise.slug}; `grade reset {exercise.number}` brings its stub back.")

    def report(self, exercise: Exercise) -> Path:
        """Return where the report on an exercise goes."""
        return self.root / "reports" / f"{exercise.slug}.html"

    def reset(self, exercise: Exercise) -> Path | None:
        """Put the stub back and return where the learner's version is now; None when there was no other version.

        Raise UsageError where the stub is not to be had or cannot be written.
        """
        stub, file = self._stub_or_refuse(exercise), self.file(exercise)
        path = self.exercises / exercise.filename
        try:
            if file == path and self._is_alike(path, stub):
                return None
            kept = self._put_aside(file) if file else None
            files.write(path, stub, within=self.root)
        except OSError as error:
            raise UsageError(f"{path} cannot be reset: {error.strerror}.") from error
        return kept

    def _put_aside(self, file: Path) -> Path:
        moment = datetime.now(tz=UTC).astimezone().strftime("%Y-%m-%d-%H%M%S-%f")
        kept = self.memory / "aside" / f"{file.stem}-{moment}{file.suffix}"
        self.keep_out_of_git()
        files.move(file, kept, within=self.root)
        return kept

    def _is_alike(self, file: Path, stub: bytes) -> bool:
        """Whether a file is the stub, but for its line ends; what cannot be read is not."""
        with contextlib.suppress(files.Unreadable):
            content = files.read(file, CAPS[file.suffix], within=self.root)
            return content.replace(b"\r\n", b"\n") == stub.replace(b"\r\n", b"\n")
        return False

    def keep_out_of_git(self) -> None:
        """Make the folder for what is remembered, with a note for git to leave it alone; raise OSError if it cannot."""
        note = self.memory / ".gitignore"
        files.make_folder(self.memory, within=self.root)
        if not os.path.lexists(note):
            files.write_text(note, "*\n", within=self.root)

    def stub(self, exercise: Exercise) -> bytes | None:
        """Return the untouched stub; None where it is not to be had.

        In a checkout the learner edits the very files that ship, so there git is asked for what they were.
        """
        shipped = stub_path(exercise)
        if shipped.parent != self.exercises.resolve():
            return shipped.read_bytes()
        with contextlib.suppress(OSError):
            command = [program("git"), "cat-file", "blob", f"HEAD:./{shipped.name}"]
            shown = subprocess.run(command, cwd=self.exercises, capture_output=True, check=False)  # noqa: S603
            return shown.stdout if shown.returncode == 0 else None
        return None

    def is_stub(self, file: Path, exercise: Exercise) -> bool:
        """Whether a learner's file is still the stub, in whatever layout."""
        with contextlib.suppress(OSError, files.Unreadable):
            content = files.read(file, CAPS[file.suffix])
            stub = self.stub(exercise)
            return stub is not None and is_untouched(content, file.suffix, stub)
        return False

    def _stub_or_refuse(self, exercise: Exercise) -> bytes:
        stub = self.stub(exercise)
        if stub is None:
            raise UsageError(
                f"The untouched stub of {exercise.slug} is not at hand: this folder is the course's own, and git does "
                "not know it. `grade init FOLDER` starts the course in a folder of yours."
            )
        return stub


def find(start: Path) -> Folder | None:
    """Return the learner's folder that ``start`` is or lies in."""
    start = start.resolve()
    for root in (start, *start.parents):
        folder = Folder(root)
        if folder.exercises.is_dir() and any(folder.file(each) for each in course.exercises().values()):
            return folder
    return None


def find_or_refuse(start: Path) -> Folder:
    """Return the learner's folder; raise UsageError when there is none."""
    if folder := find(start):
        return folder
    raise UsageError(f"There is no course in {start} or above it. `grade init FOLDER` starts it in a folder of yours.")


def owner(path: Path) -> Folder | None:
    """Return the learner's folder in which ``path`` is the file of an exercise."""
    exercises = Path(os.path.abspath(path)).parent  # noqa: PTH100  a link in its place leads to another's folder
    folder = Folder(exercises.parent.resolve())
    file = folder.exercises / path.name
    is_its_own = exercises.name == folder.exercises.name
    return folder if is_its_own and any(folder.file(each) == file for each in course.exercises().values()) else None


def begin(root: Path) -> tuple[Folder, list[Path]]:
    """Put the stubs that are missing into a folder; return it and what was written.

    Raise UsageError where the folder cannot be written.
    """
    folder = Folder(root.resolve())
    try:
        files.make_folder(folder.exercises, within=folder.root)
        missing = [exercise for exercise in course.exercises().values() if folder.file(exercise) is None]
        written = [folder.exercises / exercise.filename for exercise in missing]
        for exercise, path in zip(missing, written, strict=True):
            files.write(path, stub_path(exercise).read_bytes(), within=folder.root)
    except OSError as error:
        raise UsageError(f"The course cannot start in {root}: {error.strerror}.") from error
    return folder, written


def stub_path(exercise: Exercise) -> Path:
    """Return where the shipped stub of an exercise is."""
    return current().stubs / exercise.filename


def solution_path(exercise: Exercise) -> Path:
    """Return where the course's own solution is, in the distributions that have it."""
    return current().solutions / exercise.filename
