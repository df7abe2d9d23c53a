"""From a path to a submission. Whatever is wrong with the path is the user's to mend, and said in a sentence."""

from __future__ import annotations

import getpass
import hashlib
import stat
from pathlib import Path

from . import course
from .errors import UsageError
from .records import Exercise, Submission
from .text import clean_line

SIZE_CAP = 1 << 20
"""Bytes of source; more is no exercise."""


def discover(path: Path, *, exercise: str | None = None, learner: str | None = None) -> Submission:
    """Read one submission; raise UsageError when there is nothing to grade at ``path``."""
    source = _read(path)
    return Submission(
        learner=clean_line(learner or _learner()),
        exercise=_which(path, exercise).slug,
        path=clean_line(str(path)),
        source=source,
        sha256=hashlib.sha256(source).hexdigest(),
    )


def _read(path: Path) -> bytes:
    try:
        status = path.lstat()
    except (OSError, ValueError) as error:
        raise UsageError(f"There is no file {path}. Exercises are in the folder exercises/.") from error
    if stat.S_ISLNK(status.st_mode):
        raise UsageError(f"{path} is a link; name the file that it leads to.")
    if stat.S_ISDIR(status.st_mode):
        raise UsageError(f"{path} is a folder; name one file, such as {path / '03_partial_unfreeze.py'}.")
    if not stat.S_ISREG(status.st_mode):
        raise UsageError(f"{path} is not a regular file.")
    if status.st_size > SIZE_CAP:
        raise UsageError(f"{path} has {status.st_size:,} bytes; more than {SIZE_CAP:,} is not an exercise.")
    if path.suffix != ".py":
        raise UsageError(f"{path} does not end in .py, and only Python files can be graded.")
    try:
        source = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    if not source.strip():
        raise UsageError(f"{path} is empty. Start from the stub in exercises/ with the same name.")
    return source


def _which(path: Path, wanted: str | None) -> Exercise:
    known = ", ".join(course.exercises())
    if wanted is not None:
        if found := course.recognise(wanted):
            return found
        raise UsageError(f"There is no exercise {wanted!r}. There are: {known}.")
    if found := course.recognise(path.stem):
        return found
    raise UsageError(
        f"The name {path.name} does not tell which exercise it is. Say it with --exercise, such as --exercise 03. "
        f"There are: {known}."
    )


def _learner() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "learner"
