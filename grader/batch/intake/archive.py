"""Look into zip files without unpacking them: nothing is written, and only what is graded is ever decompressed.

A download from Moodle or Canvas is staff's own file full of learners' names; a learner's zip inside it may be
anything. Both are read with the same caution.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from grader.records.cohort import Clock

from .found import Found, Unusable, is_skipped, moment

ENTRIES_CAP = 100_000
RATIO_CAP = 200
"""How many times its size in the archive a file may claim to have; source shrinks to a fourth or so."""
SMALL = 1 << 20
"""Bytes up to which any ratio is harmless."""
NESTED_CAP = 16 << 20
"""Bytes of a learner's own archive."""
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What zipfile raises for a damaged, encrypted or exotic archive."""
_UNIX_TIMES = 0x5455


def open_archive(file: Path | IO[bytes]) -> zipfile.ZipFile:
    """Open an archive; raise Unusable when it is none that can be read."""
    try:
        opened = zipfile.ZipFile(file)
    except BROKEN as error:
        raise Unusable(f"it is not a zip file that can be read ({error})") from error
    if len(opened.infolist()) > ENTRIES_CAP:
        raise Unusable(f"it holds {len(opened.infolist()):,} files, and {ENTRIES_CAP:,} are allowed")
    return opened


def look(opened: zipfile.ZipFile, top: tuple[str, ...]) -> Iterator[Found]:
    """Yield every file that lies in an open archive below a folder, or is that file."""
    for found in _look(opened, ()):
        if found.parts[: len(top)] == top:
            yield found


def open_nested(archive: Found) -> Iterator[Found]:
    """Yield every file in an archive that was found; raise Unusable when it is refused.

    They arrived when the archive did: the times inside it are the learner's own word.
    """
    with _reopened(archive) as opened:
        _refuse_bomb(opened.infolist())
        for found in _look(opened, archive.parts):
            yield found._replace(read=_read_again(archive, found), modified=archive.modified, clock=archive.clock)


def _read_again(archive: Found, found: Found) -> Callable[[int], bytes]:
    """Open the archive anew for every reading: a cohort's archives do not fit into memory together."""

    def read(cap: int) -> bytes:
        with _reopened(archive) as opened:
            return next(each for each in _look(opened, archive.parts) if each.parts == found.parts).read(cap)

    return read


def _reopened(archive: Found) -> zipfile.ZipFile:
    return open_archive(io.BytesIO(archive.read(NESTED_CAP)))


def parts_of(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    """Return the path of an entry, whichever way its slashes lean."""
    return PurePosixPath(entry.filename.replace("\\", "/")).parts


def _look(opened: zipfile.ZipFile, above: tuple[str, ...]) -> Iterator[Found]:
    for entry in opened.infolist():
        parts = parts_of(entry)
        if not entry.is_dir() and parts and not is_skipped(tuple(part for part in parts if part != "..")):
            yield Found((*above, *parts), _modified(entry), Clock.ARCHIVE, _reader(opened, entry, parts))


def _refuse_bomb(entries: Sequence[zipfile.ZipInfo]) -> None:
    claimed = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if _is_bomb(claimed, packed):
        raise Unusable(f"it claims to unpack to {claimed:,} bytes from {packed:,}, as a zip bomb does")


def _is_bomb(claimed: int, packed: int) -> bool:
    return claimed > SMALL and claimed > RATIO_CAP * packed


def _reader(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, parts: tuple[str, ...]) -> Callable[[int], bytes]:
    def read(cap: int) -> bytes:
        if reason := _suspicious(entry, parts):
            raise Unusable(reason)
        if entry.file_size > cap:
            raise Unusable(f"it has {entry.file_size:,} bytes, and {cap:,} are allowed")
        return _decompress(opened, entry, cap)

    return read


def _suspicious(entry: zipfile.ZipInfo, parts: tuple[str, ...]) -> str:
    """Say what is wrong with an entry before a byte of it is read; empty for an honest one."""
    mode = entry.external_attr >> 16
    if parts[0] == "/" or ".." in parts or parts[0][1:2] == ":":
        return "its name leads out of the archive"
    if stat.S_ISLNK(mode):
        return "it is a link"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is not a regular file"
    if entry.flag_bits & 1:
        return "it is encrypted"
    if _is_bomb(entry.file_size, entry.compress_size):
        return f"it claims to unpack to {entry.file_size:,} bytes from {entry.compress_size:,}, as a zip bomb does"
    return ""


def _decompress(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, cap: int) -> bytes:
    """Read no more than the cap, whatever the entry claims."""
    try:
        with opened.open(entry) as stream:
            content = stream.read(cap + 1)
    except BROKEN as error:
        raise Unusable(f"it is damaged ({error})") from error
    if len(content) > cap:
        raise Unusable(f"it unpacks to more than the {cap:,} bytes that are allowed")
    return content


def _modified(entry: zipfile.ZipInfo) -> datetime:
    """Return when an entry was changed: in UTC where it says so, else its local time taken for this machine's."""
    try:
        return _unix_time(entry.extra) or datetime(*entry.date_time).astimezone(UTC)
    except (ValueError, OverflowError, OSError, struct.error):
        return datetime(1980, 1, 1, tzinfo=UTC)


def _unix_time(extra: bytes) -> datetime | None:
    while len(extra) >= 9:  # noqa: PLR2004  id, length, flags and one time
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _UNIX_TIMES and extra[4] & 1:
            return moment(struct.unpack_from("<i", extra, 5)[0])
        extra = extra[4 + length :]
    return None
