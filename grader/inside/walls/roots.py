"""What every confined process may read: the interpreter, its libraries, and a few facts about the machine.

Landlock can only give, never take back out of something given. A folder with something to hide in it is
therefore given entry by entry, and so on down to the thing that stays out.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.machinery import PathFinder
from pathlib import Path

SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/urandom",
    "/dev/random",
    "/sys/devices/system/cpu",
    "/proc/cpuinfo",
    "/proc/meminfo",
)
"""Not /dev/zero: mapped shared, it is memory that no limit on data counts."""

_PACKAGE = Path(__file__).resolve().parents[2]
_PACKAGE_FOLDERS = ("site-packages", "dist-packages")
_PREFIX = os.path.realpath(sys.prefix)


def default_readable_roots(closed: Iterable[str] = ()) -> tuple[str, ...]:
    """List what every policy may read: resolved paths that exist, without grader, its checkout and what is *closed*.

    Left out of site-packages are ``grader*``, ``__editable__*``, ``*.pth`` and the metadata of packages that
    are installed from a folder. Takes some milliseconds: call it once, before the forks. Add by name
    ``grader/inside``, the probe, the fixtures and the copy of the submission.
    """
    libraries = Path(sys.base_prefix, "lib"), Path("/usr/lib")
    packages = [Path(path) for path in sys.path if Path(path).name in _PACKAGE_FOLDERS]
    hidden = {
        *_own_places(),
        *map(Path, closed),
        *_pointers(packages),
        *(path for folder in packages for path in folder.glob("*.pth")),
    }
    # Another Python's packages are not needed, but a grader that is installed there is hidden all the same.
    hidden |= {*_pointers([place for root in libraries for place in root.glob("python3*/*-packages")])}
    places = [os.path.realpath(path) for path in hidden]
    found: dict[str, None] = {}
    for root in (*libraries, Path(os.__file__).parent, *packages, *map(Path, SYSTEM)):
        found |= dict.fromkeys(_without(os.path.realpath(root), places))
    return tuple(found)


def names_of_roots() -> tuple[str, ...]:
    """List what programs call those places, with the symbolic links that may be in it; not all of it may be read."""
    return (f"{sys.prefix}/lib", f"{sys.base_prefix}/lib", os.__file__, *sys.path, *SYSTEM)


def remember_packages() -> None:
    """Have the import system list the folders it searches, now, while it can.

    A folder given entry by entry cannot be listed afterwards; imports from it work from what is remembered.
    """
    PathFinder.find_spec("no module has this name")
    if "importlib.metadata" in sys.modules:
        distributions = sys.modules["importlib.metadata"].distributions
        next(iter(distributions(name="no-distribution-has-this-name")), None)


def _own_places() -> Iterator[Path]:
    """Name the grader package and, where it is a checkout and not installed, the folder it lies in."""
    yield _PACKAGE
    if _PACKAGE.parent.name not in _PACKAGE_FOLDERS:
        yield _PACKAGE.parent


def _pointers(packages: Sequence[Path]) -> Iterator[Path]:
    """Find what belongs to grader, or leads to somebody's checkout, in folders of installed packages."""
    for folder in packages:
        for pattern in ("grader*", "__editable__*", "*.egg-link"):
            yield from folder.glob(pattern)
        for origin in folder.glob("*/direct_url.json"):
            if _is_folder(origin):
                yield origin.parent


def _is_folder(origin: Path) -> bool:
    """Tell whether a package's direct_url.json speaks of a folder; when it cannot be read, suppose so."""
    try:
        return "dir_info" in json.loads(origin.read_text())
    except (OSError, ValueError):
        return True


def _without(path: str, hidden: Sequence[str]) -> Iterator[str]:
    """Give *path* whole if nothing *hidden* lies in it, else give what can be given of its entries."""
    if not Path(path).exists() or any(_covers(place, path) for place in hidden):
        return
    if any(_within(place, path) for place in hidden):
        for entry in sorted(Path(path).iterdir()):
            yield from _without(os.path.realpath(entry), hidden)
    else:
        yield path


def _covers(place: str, path: str) -> bool:
    """Tell whether *path* lies in the hidden *place*; an environment inside a checkout does not."""
    return _within(path, place) and not (_within(_PREFIX, place) and _within(path, _PREFIX))


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")
