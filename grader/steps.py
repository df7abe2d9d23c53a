"""Open the folder of a file component by component, following no link.

A path is walked from an anchor: the folder that the user is trusted to have meant and that may itself be reached over
links; where none is named, the current folder for a path in it, else the deepest folder that is there.
``openat2`` is not used: each folder is opened by its name in the one before, so nothing is left for it to refuse.
Windows opens no file by its name in an open folder; there each step is looked at just before it is taken.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .text import clean_line

WALKS = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
"""Whether this system opens a file by its name in an open folder."""
FLAGS = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
"""How any file is opened."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_LINK = (errno.ELOOP, errno.EMLINK)
"""What systems say of a link that is not followed."""
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)


class Place(NamedTuple):
    """A name in a folder: an open one, or on Windows the path of one."""

    folder: int | None
    above: str
    name: str

    def path(self, name: str = "") -> str:
        """Return what the system's calls take, beside the open folder, for the name or another one in the folder."""
        return os.path.join(self.above, name or self.name)  # noqa: PTH118  for the calls that take an open folder

    def status(self) -> os.stat_result | None:
        """Look at what lies there, a link itself; None for nothing."""
        with contextlib.suppress(FileNotFoundError):
            return os.stat(self.path(), dir_fd=self.folder, follow_symlinks=False)
        return None

    def open(self, flags: int, name: str = "") -> int:
        """Open what has the name, or another one in the folder; raise OSError for a link."""
        try:
            if WALKS or not _is_link(self.path(name)):
                return os.open(self.path(name), flags | FLAGS | _NO_LINK, 0o666, dir_fd=self.folder)
        except OSError as error:
            if error.errno not in _LINK:
                raise
        raise OSError(errno.ELOOP, "it is a link")


@contextlib.contextmanager
def reach(path: Path, within: Path | None, *, make: bool = False) -> Iterator[Place]:
    """Give the place of a file; raise OSError for a link on the way, and for a missing folder unless it is made."""
    anchor, parts = _split(path, within)
    if make:
        os.makedirs(anchor, exist_ok=True)  # noqa: PTH103  where it is a dangling link, this refuses it
    advice = "name the folder that it leads to" if within is None else "nothing goes through one"
    if not WALKS:
        yield Place(None, _look(anchor, parts[:-1], advice, make=make), parts[-1])
        return
    folder = os.open(anchor, _FOLDER)
    try:
        for part in parts[:-1]:
            above, folder = folder, _enter(folder, part, advice, make=make)
            os.close(above)
        yield Place(folder, "", parts[-1])
    finally:
        os.close(folder)


def _split(path: Path, within: Path | None) -> tuple[Path, tuple[str, ...]]:
    """Return the anchor and the steps from there, the last of which is the file."""
    if "\0" in str(path):
        raise FileNotFoundError(errno.ENOENT, "no name has a null byte")
    anchor, below = _anchored(path) if within is None else (within, path.relative_to(within))
    if not below.parts:
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if within is not None and ".." in below.parts:
        raise OSError(errno.EINVAL, "it leads out of its folder")
    return anchor, below.parts


def _anchored(path: Path) -> tuple[Path, Path]:
    if not path.is_absolute():
        return Path(), path
    here = Path.cwd()
    if len(here.parts) > 1 and path.is_relative_to(here):
        return here, path.relative_to(here)
    anchor = next(folder for folder in path.parents if folder.is_dir() or folder == folder.parent)
    return anchor, path.relative_to(anchor)


def _enter(folder: int, part: str, advice: str, *, make: bool) -> int:
    try:
        return os.open(part, _FOLDER | _NO_LINK, dir_fd=folder)
    except FileNotFoundError:
        if not make:
            raise
    except OSError:
        mode = os.stat(part, dir_fd=folder, follow_symlinks=False).st_mode
        if stat.S_ISLNK(mode):
            raise _link(part, advice) from None
        if not stat.S_ISDIR(mode):
            raise _no_folder(part) from None
        raise
    with contextlib.suppress(FileExistsError):
        os.mkdir(part, dir_fd=folder)
    return _enter(folder, part, advice, make=False)


def _look(anchor: Path, parts: tuple[str, ...], advice: str, *, make: bool) -> str:
    """Return the path of a folder; raise OSError for a link among the parts."""
    folder = anchor
    for part in parts:
        folder /= part
        if _is_link(folder):
            raise _link(part, advice)
        if make:
            with contextlib.suppress(FileExistsError):
                folder.mkdir()
        if folder.exists() and not folder.is_dir():
            raise _no_folder(part)
    return str(folder)


def _is_link(path: str | Path) -> bool:
    """Whether a path is a link or a junction of Windows."""
    junction = getattr(Path, "is_junction", None)  # from Python 3.12 on
    return Path(path).is_symlink() or bool(junction and junction(Path(path)))


def _link(part: str, advice: str) -> OSError:
    return OSError(errno.ELOOP, f"{clean_line(part)} is a link: {advice}")


def _no_folder(part: str) -> OSError:
    return NotADirectoryError(errno.ENOTDIR, f"{clean_line(part)} is not a folder")
