"""Contents of a private root: the readable paths, and the symbolic links that lead to them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

_MOST_LINKS = 40
"""As many as the kernel follows in one path."""
_NOT_STORED = ("/dev", "/proc", "/sys")
"""Where links say something about the process that looks."""


@dataclass(frozen=True)
class Tree:
    """The plan of a private root; every path in it is absolute."""

    paths: tuple[str, ...]
    """Files and folders that are to be seen as they are; none lies in another."""
    links: Mapping[str, str]
    """Symbolic links outside of them, as they have to be made again, with what each says."""

    def folders(self) -> list[str]:
        """List the folders that have to be made, those above first."""
        made = {str(above) for path in (*self.paths, *self.links) for above in PurePosixPath(path).parents}
        return sorted(made - {"/", *self.paths})


def draw(readable: Iterable[str], names: Iterable[str] = ()) -> Tree:
    """Plan a root in which all of *readable* is found, and *names* lead where they lead now.

    What does not exist, or cannot be reached by this user, is left out.
    """
    links: dict[str, str] = {}
    wanted = set()
    for path in readable:
        found, real = follow(path)
        links |= found
        if os.path.exists(real):  # noqa: PTH110  which raises nothing where this user may not look
            wanted.add(real)
    for name in names:
        links |= follow(name)[0]
    paths = _outermost(wanted)
    for link in _neighbours(paths):
        found, real = follow(link)
        if _lies_in(real, paths):
            links |= found
    return Tree(paths, {link: says for link, says in links.items() if not _lies_in(link, paths)})


def follow(path: str) -> tuple[dict[str, str], str]:
    """Give the symbolic links on the way of *path*, with what they say, and the path without them.

    A way of more links than the kernel would follow ends where the last one stands.
    """
    links: dict[str, str] = {}
    here, ahead, followed = "/", _parts(path), 0
    while ahead:
        part = ahead.pop()
        there = os.path.dirname(here) if part == ".." else os.path.join(here, part)  # noqa: PTH118, PTH120  text
        says = _says(there) if followed < _MOST_LINKS else None
        if says is None:
            here = there
        else:
            links[there] = says
            ahead += _parts(says)
            here = "/" if says.startswith("/") else here
            followed += 1
    return links, here


def _says(path: str) -> str | None:
    """Read a symbolic link; None for anything else, and where this user may not look."""
    try:
        return os.readlink(path)  # noqa: PTH115  text
    except OSError:
        return None


def _parts(path: str) -> list[str]:
    """Split a path into what is still to be walked, the last part first."""
    return [part for part in reversed(path.split("/")) if part not in {"", "."}]


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for path in sorted(paths, key=lambda path: path.rstrip("/").split("/")):
        if not kept or not _lies_in(path, kept[-1:]):
            kept.append(path)
    return tuple(kept)


def _neighbours(paths: Sequence[str]) -> Iterator[str]:
    """Find the symbolic links beside *paths*: a package is often one of them."""
    for folder in {os.path.dirname(path) for path in paths if not _lies_in(path, _NOT_STORED)}:  # noqa: PTH120
        try:
            with os.scandir(folder) as entries:
                yield from [entry.path for entry in entries if entry.is_symlink()]
        except OSError:
            continue


def _lies_in(path: str, folders: Sequence[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder.rstrip('/')}/") for folder in folders)
