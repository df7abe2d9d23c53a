"""Top-level names in a folder or archive of a whole cohort, as the collecting system gave them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from grader.errors import UsageError

from .archive import open_archive, parts_of
from .found import Unusable, is_skipped


class Shelf(Protocol):
    """A cohort's submissions, seen from above."""

    root: Path
    """The folder or archive."""

    def entries(self, above: tuple[str, ...]) -> Mapping[str, bool]:
        """Return what lies in a folder, name to whether it is a folder, in order; links are neither and left out."""


def open_shelf(root: Path) -> Shelf:
    """Open a folder or an archive; raise UsageError where there is none, or none that can be read."""
    if not root.exists():
        raise UsageError(f"There is no folder or archive {root}.")
    return _Folder(root.resolve()) if root.is_dir() else _Archive(root.resolve())


class _Folder:
    def __init__(self, root: Path) -> None:
        self.root = root

    def entries(self, above: tuple[str, ...]) -> Mapping[str, bool]:
        folder = self.root.joinpath(*above)
        try:
            with os.scandir(folder) as listing:
                found = {
                    each.name: each.is_dir(follow_symlinks=False)
                    for each in sorted(listing, key=lambda each: each.name)
                    if not is_skipped((each.name,)) and not each.is_symlink()
                }
        except OSError as error:
            raise UsageError(f"{folder} cannot be read: {error.strerror}.") from error
        return found


class _Archive:
    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            with open_archive(root) as opened:
                names = [parts_of(entry) for entry in opened.infolist() if not entry.is_dir()]
        except Unusable as reason:
            raise UsageError(f"{root} is not opened: {reason}.") from reason
        self._names = tuple(parts for parts in names if parts and not is_skipped(parts))

    def entries(self, above: tuple[str, ...]) -> Mapping[str, bool]:
        depth = len(above)
        inside = [parts[depth:] for parts in self._names if len(parts) > depth and parts[:depth] == above]
        return {parts[0]: len(parts) > 1 for parts in sorted(inside)}
