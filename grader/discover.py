"""Turn a path into a submission; raise UsageError with one sentence for any path that cannot be one."""

from __future__ import annotations

import getpass
import hashlib
import os
from pathlib import Path

from . import course, files, note
from .errors import UsageError
from .notebook import BYTES_CAP, CODE_CAP, Source, read_notebook
from .records import Exercise, Submission
from .text import clean_line

SIZE_CAP = CODE_CAP
"""Bytes of source; more is no exercise."""
CAPS = {".py": SIZE_CAP, ".ipynb": BYTES_CAP, ".md": note.BYTES_CAP}
"""Bytes of a file of each kind that can be graded, by suffix."""


def discover(
    path: Path, *, exercise: str | None = None, learner: str | None = None, evidence: Path | None = None
) -> Submission:
    """Read one submission; raise UsageError when there is nothing to grade at ``path``.

    ``evidence`` is what a note speaks of; without it, what lies beside the note is taken.
    """
    code = _code(path)
    about = _which(path, exercise)
    _expect_kind(path, about, evidence)
    if about.is_note:
        code = note.hand_in(code.source, path, about, evidence)
    return Submission(
        learner=clean_line(learner or _learner()),
        exercise=about.slug,
        path=clean_line(str(path)),
        source=code.source,
        sha256=hashlib.sha256(code.source).hexdigest(),
        cells=code.cells,
        set_aside=code.set_aside,
    )


def _code(path: Path) -> Source:
    content = _read(path)
    code = read_notebook(content, path.name) if path.suffix == ".ipynb" else Source(source=content)
    if len(code.source) > SIZE_CAP:
        raise UsageError(f"{path} has {len(code.source):,} bytes of code; more than {SIZE_CAP:,} is not an exercise.")
    if not code.source.strip():
        raise UsageError(f"{path} is empty. Start from the stub in exercises/ with the same name.")
    return code


def _read(path: Path) -> bytes:
    if os.path.islink(path):  # noqa: PTH114  a Path raises for a name that is too long
        raise UsageError(f"{path} is a link; name the file that it leads to.")
    if os.path.isdir(path):  # noqa: PTH112  as above
        raise UsageError(f"{path} is a folder; name one file{_such_as(path)}.")
    if os.path.lexists(path) and path.suffix not in CAPS:
        raise UsageError(f"{path} does not end in .py, .ipynb or .md, and only such files can be graded.")
    try:
        return files.read(path, CAPS.get(path.suffix, 0))
    except files.Missing as error:
        raise UsageError(f"There is no file {path}. Exercises are in the folder exercises/.") from error
    except files.Unreadable as why:
        raise UsageError(f"{path} is not graded: {why}.") from why


def _such_as(folder: Path) -> str:
    """Name a file that can be graded, where a folder or the exercises below it have one."""
    names = (each.filename for each in course.exercises().values())
    paths = (place / name for name in names for place in (folder, folder / "exercises"))
    return next((f", such as {path}" for path in paths if path.is_file()), "")


def _which(path: Path, wanted: str | None) -> Exercise:
    if wanted is not None:
        return course.named(wanted)
    if found := course.recognise(path.stem):
        return found
    raise UsageError(
        f"The name {path.name} does not tell which exercise it is. Say it with --exercise, such as --exercise 03. "
        f"There are: {', '.join(course.exercises())}."
    )


def _expect_kind(path: Path, exercise: Exercise, evidence: Path | None) -> None:
    """Refuse a note where code is asked for, code where a note is, and evidence for code."""
    if exercise.is_note and path.suffix != exercise.suffix:
        raise UsageError(f"{exercise.slug} is a note: name a Markdown file, such as {exercise.filename}, not {path}.")
    if path.suffix == ".md" and not exercise.is_note:
        raise UsageError(f"{exercise.slug} is code: name a Python file, such as {exercise.filename}, not {path}.")
    if evidence is not None and not exercise.is_note:
        raise UsageError(f"--evidence is for a note, and {path} is none.")


def _learner() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "learner"
