"""Which exercises a job grades."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from grader import course, note
from grader.discover import CAPS
from grader.errors import UsageError
from grader.programs import program
from grader.records import Exercise, Record


class Work(Record, frozen=True, kw_only=True):
    """What a job has to grade."""

    files: dict[str, Path]
    """Slug to the learner's file; a file that is not there is named all the same."""


def find_work(folder: Path, only: Sequence[str], since: str | None) -> Work:
    """Find the files of all exercises or some in a folder, or those of them that changed since a commit.

    Raise UsageError where there is no such folder, exercise or commit, and for two files of one exercise.
    """
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}. Name it, or run this in the learner's repository.")
    files = {exercise.slug: _file(folder, exercise) for exercise in course.chosen(only)}
    if since is None:
        return Work(files=files)
    changed = _changed(folder, since)
    return Work(files={slug: path for slug, path in files.items() if not changed.isdisjoint(_handed_in(path))})


def _handed_in(path: Path) -> set[Path]:
    """Return a learner's file and, for a note, the evidence beside it."""
    own = note.beside(path) if path.suffix == ".md" else None
    return {each.resolve() for each in (path, own) if each}


def _file(folder: Path, exercise: Exercise) -> Path:
    files = [path for suffix in CAPS if (path := folder / f"{exercise.slug}{suffix}").is_file()]
    if len(files) > 1:
        raise UsageError(f"There are {' and '.join(map(str, files))}; keep the one that is to be graded.")
    return files[0] if files else folder / exercise.filename


def _changed(folder: Path, since: str) -> set[Path]:
    asked = ["-C", str(folder), "diff", "--name-only", "--relative", "-z", "--end-of-options", since, "--", "."]
    try:
        done = subprocess.run([program("git"), *asked], capture_output=True, check=False)  # noqa: S603  no shell
    except FileNotFoundError as error:
        raise UsageError("--since asks git what changed, and there is no git here.") from error
    if done.returncode:
        raise UsageError(f"git cannot say what changed since {since}: {_first(done.stderr)}")
    return {(folder / name).resolve() for name in done.stdout.decode("utf-8", "surrogateescape").split("\0") if name}


def _first(told: bytes) -> str:
    """Return the first line of what a program said."""
    return told.decode(errors="replace").strip().partition("\n")[0]
