"""When a file was handed in, by every clock that its surroundings offer, with the source of each."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.records.cohort import Clock

from .found import Found, Unusable, moment, read_below

if TYPE_CHECKING:
    from dulwich.object_store import BaseObjectStore
    from dulwich.objects import Commit

TIMESTAMP = "timestamp.txt"
"""Where nbgrader writes when it collected a submission."""
_TIMESTAMP_CAP = 200
_REFERENCE_CAP = 1_000
_PACKED_CAP = 4 << 20
_COMMITS_CAP = 5_000

Arrival = tuple[datetime, Clock]


def collected(timestamp: Found) -> Arrival | None:
    """Read the time that nbgrader wrote down, such as ``2026-01-30 10:30:47.524219 UTC``."""
    try:
        text = timestamp.read(_TIMESTAMP_CAP).decode().strip().removesuffix("UTC").strip()
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC), Clock.COLLECTED
    except (Unusable, ValueError, OverflowError):
        return None


def commits(repository: Path, paths: Collection[bytes]) -> Mapping[bytes, Arrival]:
    """Return when files of a clone were last changed on its branch, by path; empty where that cannot be told.

    Only git's objects are read, by a library: none of the clone's own settings, which can name programs to run. A
    commit has the time that the clock of its author's computer showed.
    """
    from dulwich.object_store import DiskObjectStore

    try:
        head = _head(repository / ".git")
        if head is None:
            return {}
        store = DiskObjectStore(repository / ".git" / "objects")
        try:
            return _last_changes(store, head, paths)
        finally:
            store.close()
    except Exception:  # noqa: BLE001  whatever damaged objects do to the library: there is no such clock
        return {}


def _head(git: Path) -> bytes | None:
    """Return the commit that is checked out; raise Unusable for what is no file."""
    head = read_below(git, ("HEAD",), _REFERENCE_CAP).strip()
    if head.startswith(b"ref: refs/"):
        branch = head.removeprefix(b"ref: ").decode()
        try:
            head = read_below(git, tuple(branch.split("/")), _REFERENCE_CAP).strip()
        except Unusable:
            head = _packed(read_below(git, ("packed-refs",), _PACKED_CAP), branch.encode())
    return head if re.fullmatch(rb"[0-9a-f]{40,64}", head) else None


def _packed(packed: bytes, branch: bytes) -> bytes:
    return next((line.split()[0] for line in packed.splitlines() if line.endswith(b" " + branch)), b"")


def _last_changes(store: BaseObjectStore, head: bytes, paths: Collection[bytes]) -> dict[bytes, Arrival]:
    """Go back along the first parents until each path was another than it is now."""
    found: dict[bytes, Arrival] = {}
    commit = _commit(store, head)
    now = {path: held for path in paths if commit and (held := _held(store, commit, path))}
    for _ in range(_COMMITS_CAP):
        if commit is None or len(found) == len(now):
            break
        earlier = _commit(store, commit.parents[0]) if commit.parents else None
        for path in now.keys() - found.keys():
            if earlier is None or _held(store, earlier, path) != now[path]:
                found[path] = moment(commit.commit_time), Clock.COMMIT
        commit = earlier
    return found


def _commit(store: BaseObjectStore, name: bytes) -> Commit | None:
    """Return a commit; None for one that is not there, as the parent of the oldest one in a shallow clone."""
    from dulwich.objects import Commit, ObjectID

    try:
        found = store[ObjectID(name)]
    except KeyError:
        return None
    return found if isinstance(found, Commit) else None


def _held(store: BaseObjectStore, commit: Commit, path: bytes) -> bytes | None:
    """Return what a commit has at a path, by its name among git's objects; None where it has nothing there."""
    from dulwich.object_store import tree_lookup_path

    try:
        return tree_lookup_path(store.__getitem__, commit.tree, path)[1]
    except KeyError:
        return None
