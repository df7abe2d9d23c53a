"""A file that was found among what was handed in, not yet read, and where it was found."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from grader.cohort import Clock

SKIPPED = frozenset({"__pycache__", "__MACOSX", "node_modules", "venv", "env", "site-packages"})
"""Folders in which nobody hands anything in; neither in those whose name starts with a dot."""


class Unusable(Exception):
    """A file or archive that is not opened; the message says why, without naming it."""


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


def walk(folder: Path, parts: tuple[str, ...] = ()) -> Iterator[Found]:
    """Yield every file below a folder, in order of their names; links are found and never followed."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        below = (*parts, entry.name)
        if is_skipped((entry.name,)):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(Path(entry.path), below)
        else:
            modified = moment(entry.stat(follow_symlinks=False).st_mtime)
            yield Found(below, modified, Clock.FILE, _reader(Path(entry.path)))


def moment(seconds: float) -> datetime:
    """Return the time so many seconds after 1970; before it, too, where Windows' own clock would be no help."""
    return _EPOCH + timedelta(seconds=seconds)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _reader(path: Path) -> Callable[[int], bytes]:
    def read(cap: int) -> bytes:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise Unusable("it is a link")
        if not stat.S_ISREG(status.st_mode):
            raise Unusable("it is not a regular file")
        return within(cap, status.st_size, path.read_bytes)

    return read


def within(cap: int, size: int, read: Callable[[], bytes]) -> bytes:
    """Read something of ``size`` bytes; raise Unusable when it is more than ``cap`` or cannot be read."""
    if size > cap:
        raise Unusable(f"it has {size:,} bytes, and {cap:,} are allowed")
    try:
        return read()
    except OSError as error:
        raise Unusable(f"it cannot be read ({error.strerror or error})") from error
