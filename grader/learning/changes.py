"""Detect which of the learner's files changed on disk.

What changed is decided by looking at the files themselves, twice a second at least. Events of the file system only
make the look come sooner, so nothing depends on them where they do not arrive: on WSL, on network mounts, or when
the system has no watch left to give.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from grader import course, note
from grader.records import Exercise

from .folder import Folder

LOOK_SECONDS = 0.5
"""The longest time between two looks."""
DEBOUNCE_MS = 200
"""A burst of saves is one change once it is over, or after this long."""
QUIET_MS = 20
"""A burst is over when nothing happened for so long."""


class _Stamp(NamedTuple):
    path: Path
    modified_ns: int
    size: int
    number: int
    """Of the inode: many editors save by putting another file in the place of the old one."""


def changes(folder: Folder, stop: threading.Event) -> Iterator[list[Exercise]]:
    """Yield the exercises whose file was saved, came, or went, until ``stop`` is set; evidence is part of its note."""
    known = _stamps(folder)
    for _ in _wakes(folder.exercises, stop):
        seen = _stamps(folder)
        changed = [exercise for exercise in course.exercises().values() if seen[exercise.slug] != known[exercise.slug]]
        known = seen
        if changed:
            yield changed


def _stamps(folder: Folder) -> dict[str, tuple[_Stamp | None, ...]]:
    return {slug: tuple(map(_stamp, _files(folder, exercise))) for slug, exercise in course.exercises().items()}


def _files(folder: Folder, exercise: Exercise) -> tuple[Path | None, ...]:
    file = folder.file(exercise)
    return (file, note.beside(file, exercise)) if file and exercise.is_note else (file,)


def _stamp(path: Path | None) -> _Stamp | None:
    try:
        status = path.lstat() if path else None
    except OSError:
        return None
    return _Stamp(path, status.st_mtime_ns, status.st_size, status.st_ino) if path and status else None


def _wakes(directory: Path, stop: threading.Event) -> Iterator[object]:
    """Yield whenever it is time to look."""
    import watchfiles

    look_ms = int(LOOK_SECONDS * 1000)
    try:
        yield from watchfiles.watch(
            directory,
            watch_filter=None,
            debounce=DEBOUNCE_MS,
            step=QUIET_MS,
            rust_timeout=look_ms,
            yield_on_timeout=True,
            stop_event=stop,
            recursive=False,
            force_polling=False,
            raise_interrupt=False,
        )
    except OSError:  # no watch to be had: look by the clock alone
        while not stop.wait(LOOK_SECONDS):
            yield None
