"""Open files that a learner may have made, and write outputs, without following any link.

``within`` names the folder below which no step leads over a link; without it a path is taken as ``steps`` says.
What cannot be written raises OSError, with a ``strerror`` that a person understands and the whole path.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .steps import FLAGS, Place, reach

_AT_ONCE = getattr(os, "O_NONBLOCK", 0)
"""Wait for nobody: neither for the other end of a pipe nor for a device."""


class Unreadable(Exception):
    """A file that is not read; the message says why, without naming it."""


class Missing(Unreadable):
    """There is no such file."""


def read(path: Path, cap: int, *, within: Path | None = None, follow: bool = False) -> bytes:
    """Return what a regular file holds; raise Unreadable for more than ``cap`` bytes and as ``opened`` does."""
    with opened(path, within=within, follow=follow) as (file, status):
        if status.st_size > cap:
            raise Unreadable(f"it has {status.st_size:,} bytes, and {cap:,} are allowed")
        try:
            content = file.read(cap + 1)
        except OSError as error:
            raise Unreadable(_why(error)) from error
    if len(content) > cap:
        raise Unreadable(f"it has more than the {cap:,} bytes that are allowed")
    return content


@contextlib.contextmanager
def opened(
    path: Path, *, within: Path | None = None, follow: bool = False
) -> Iterator[tuple[BinaryIO, os.stat_result]]:
    """Open a regular file and look at it once; raise Unreadable for anything else, Missing for nothing.

    What the user names and no learner made may be a link, with ``follow``.
    """
    descriptor = _descriptor(path, within, follow=follow)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(_kind(status))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            yield file, status
    finally:
        os.close(descriptor)


def _descriptor(path: Path, within: Path | None, *, follow: bool) -> int:
    try:
        if follow:
            return os.open(path, os.O_RDONLY | FLAGS | _AT_ONCE)
        with reach(path, path.parent if within is None else within) as place:
            return place.open(os.O_RDONLY | _AT_ONCE)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # the last for a null byte
        raise Missing("there is no such file") from error
    except OSError as error:
        raise Unreadable(_why(error)) from error


def _kind(status: os.stat_result) -> str:
    return "it is a folder" if stat.S_ISDIR(status.st_mode) else "it is not a regular file"


def _why(error: OSError) -> str:
    if error.errno in (errno.ELOOP, errno.EISDIR) and isinstance(error.strerror, str):
        return error.strerror
    return (
        "it is not a regular file" if error.errno == errno.ENXIO else f"it cannot be read ({error.strerror or error})"
    )


def write(path: Path, content: bytes, *, within: Path | None = None) -> None:
    """Write a file whole or not at all, and the folders that it lies in; raise OSError where that cannot be done."""
    with new(path, within=within) as file:
        file.write(content)


def write_text(path: Path, text: str, *, within: Path | None = None) -> None:
    """Write a text as ``write`` does, with the line ends that it has: the same bytes on every system."""
    write(path, text.encode("utf-8", "backslashreplace"), within=within)


@contextlib.contextmanager
def new(path: Path, *, within: Path | None = None) -> Iterator[BinaryIO]:
    """Give a new file to fill; when that ends well it takes the place of ``path``, even of a link there.

    Raise OSError where that cannot be done. Nothing unfinished is left behind.
    """
    with _told(path), reach(path, within, make=True) as place:
        _expect_replaceable(path, place)
        unfinished = f".unfinished-{secrets.token_hex(8)}"
        descriptor = place.open(os.O_WRONLY | os.O_CREAT | os.O_EXCL, unfinished)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
            os.replace(place.path(unfinished), place.path(), src_dir_fd=place.folder, dst_dir_fd=place.folder)
        except BaseException:  # Windows replaces no file that somebody has open
            with contextlib.suppress(OSError):
                os.unlink(place.path(unfinished), dir_fd=place.folder)
            raise


def _expect_replaceable(path: Path, place: Place) -> None:
    """Raise OSError where something is that a file should not take the place of."""
    if os.path.realpath(path.parent) == os.devnull.removesuffix("/null"):  # where root could replace /dev/stdout
        raise OSError(errno.EINVAL, "it is among the system's devices")
    status = place.status()
    if status and not stat.S_ISREG(status.st_mode) and not stat.S_ISLNK(status.st_mode):
        raise OSError(errno.EISDIR if stat.S_ISDIR(status.st_mode) else errno.EINVAL, _kind(status))


def append(path: Path, text: str) -> None:
    """Add to a regular file, which is made when there is none; raise OSError for a link and anything else."""
    with _told(path), reach(path, None, make=True) as place:
        descriptor = place.open(os.O_WRONLY | os.O_APPEND | os.O_CREAT | _AT_ONCE)
        with os.fdopen(descriptor, "ab") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "it is not a regular file")
            file.write(text.encode("utf-8", "backslashreplace"))


def make_folder(path: Path, *, within: Path | None = None) -> None:
    """Make a folder and those that it lies in, unless they are there; raise OSError where that cannot be done."""
    with _told(path), reach(path / "in it", within, make=True):
        pass


def move(path: Path, target: Path, *, within: Path) -> None:
    """Move a file, a link itself, to another place within a folder; raise OSError where that cannot be done."""
    with _told(target), reach(path, within) as place, reach(target, within, make=True) as to:
        os.replace(place.path(), to.path(), src_dir_fd=place.folder, dst_dir_fd=to.folder)


def remove(path: Path) -> None:
    """Remove a file if it is there, a link itself; raise OSError where that cannot be done."""
    with _told(path), contextlib.suppress(FileNotFoundError, NotADirectoryError), reach(path, None) as place:
        os.unlink(place.path(), dir_fd=place.folder)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Have every error carry the whole path, and a sentence."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno or errno.EIO, error.strerror or str(error), str(path)) from error
