"""A file found in a submission and where it was found; its content is not read yet."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from grader import files
from grader.records.cohort import Clock

SKIPPED = frozenset({"__pycache__", "__MACOSX", "node_modules", "venv", "env", "site-packages"})
"""Folders in which nobody hands anything in; neither in those whose name starts with a dot."""
FILES_CAP = 20_000
"""Files of one learner that are looked at, those that lie highest first; a data set may lie beside the answers."""
DEPTH_CAP = 32
"""Folders below each other that are looked into."""


class Unusable(Exception):
    """A file or archive that is not opened; the message says why, without naming it."""

    def __init__(self, why: str, *, in_part: bool = False) -> None:
        super().__init__(why)
        self.in_part = in_part
        """Whether some of it was looked at."""


class Found(NamedTuple):
    """One file, in a folder or in an archive."""

    parts: tuple[str, ...]
    """Its path below what was handed in; an archive on the way counts as a folder."""
    modified: datetime
    """In UTC."""
    clock: Clock
    read: Callable[[int], bytes]
    """Return the content, at most so many bytes; raise Unusable for a longer one or one that is no plain file."""

    @property
    def suffix(self) -> str:
        """The ending of its name, in lower case."""
        return os.path.splitext(self.parts[-1])[1].lower()  # noqa: PTH122  a Path for each of many files is slow


def is_skipped(parts: tuple[str, ...]) -> bool:
    """Whether a path leads through a folder in which nobody hands anything in."""
    return any(part in SKIPPED or part.startswith(".") for part in parts)


def walk(root: Path, top: tuple[str, ...]) -> Iterator[Found]:
    """Yield every file below ``root/top``, or that file itself; links are found and never followed.

    Raise Unusable when not all were looked at, after those that were, and for a folder that cannot be listed.
    """
    if not stat.S_ISDIR((status := _status(root.joinpath(*top))).st_mode):
        yield _found(root, top, status)
        return
    waiting, seen, unseen = deque([top]), 0, ""
    while waiting:
        parts = waiting.popleft()
        for name, status in _listed(root.joinpath(*parts)):
            below = (*parts, name)
            if is_skipped((name,)):
                continue
            if not stat.S_ISDIR(status.st_mode):
                seen += 1
                yield _found(root, below, status)
            elif len(below) - len(top) < DEPTH_CAP:
                waiting.append(below)
            else:
                unseen = f"it has folders more than {DEPTH_CAP} deep"
            if seen >= FILES_CAP:
                raise Unusable(f"it has more than {FILES_CAP:,} files", in_part=True)
    if unseen:
        raise Unusable(unseen, in_part=True)


def _listed(folder: Path) -> list[tuple[str, os.stat_result]]:
    """Return what lies in a folder, in order of the names; what is gone meanwhile is left out."""
    try:
        with os.scandir(folder) as listing:
            return sorted((entry.name, entry.stat(follow_symlinks=False)) for entry in listing)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Unusable(f"a folder in it cannot be read ({error.strerror or error})") from error


def _status(path: Path) -> os.stat_result:
    try:
        return path.lstat()
    except OSError as error:
        raise Unusable(f"it cannot be read ({error.strerror or error})") from error


def _found(root: Path, parts: tuple[str, ...], status: os.stat_result) -> Found:
    return Found(parts, moment(status.st_mtime), Clock.FILE, _reader(root, parts))


def moment(seconds: float) -> datetime:
    """Return the time so many seconds after 1970, as far as there is a calendar; Windows' own clock begins there."""
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return (_LAST if seconds > 0 else _FIRST).replace(tzinfo=UTC)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(2, 1, 1), datetime(9998, 1, 1)  # noqa: DTZ001  a day from the ends, so that any zone can tell them


def _reader(root: Path, parts: tuple[str, ...]) -> Callable[[int], bytes]:
    return lambda cap: read_below(root, parts, cap)


def read_below(root: Path, parts: tuple[str, ...], cap: int) -> bytes:
    """Read a file below a folder; raise Unusable for a link on the way, what is no plain file, or a longer one."""
    try:
        return files.read(root.joinpath(*parts), cap, within=root)
    except files.Unreadable as reason:
        raise Unusable(str(reason)) from reason
