"""Which course this is, and where its things lie: the built-in one, or another that the user names.

A course is a folder with a ``course.toml``, wherever it lies. ``--course`` names one, or the environment variable
``GRADE_COURSE`` does; processes that are started from here get that variable. Its folders are ``exercises/`` with the
stubs, ``hidden/`` with a folder for each exercise, ``solutions/``, ``specimens/`` and ``fixtures/``, unless the table
``[folders]`` says otherwise. The built-in course lies where ``grader.places`` says, and is like any other.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import os
import sys
import tomllib
from collections.abc import Callable, Hashable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Generic, ParamSpec, TypeVar, cast

import msgspec

from . import files
from .errors import UsageError
from .places import COURSE, EXERCISES, FIXTURES, SOLUTIONS, SPECIMENS
from .records import Record

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

FILE: Final = "course.toml"
VARIABLE: Final = "GRADE_COURSE"
GROUP: Final = "transfer_grader.courses"
"""The group of entry points in which a package offers a course: a name, and the package in whose folder it lies."""
_CAP = 64 << 10
_BUILT_IN = "grader.course"

P = ParamSpec("P")
R = TypeVar("R")


class Course(Record, frozen=True, kw_only=True):
    """A course: what it is called, and where its things are, as absolute paths."""

    name: str
    version: str
    """Of its checks and contracts; a grade is comparable within one version."""
    observed_since: str = ""
    """The first version whose probes told what its checks read now; earlier evidence is not judged again."""
    folder: Path
    """Where its ``course.toml`` is."""
    hidden: Path
    """A folder ``NN_x`` for each exercise: what is asked, what is seen, what is checked, what is named."""
    stubs: Path
    solutions: Path
    specimens: Path
    fixtures: Path
    offered_as: str = ""
    """The name under which an installed package offers it, if that is how it was found."""

    @property
    def is_built_in(self) -> bool:
        """Whether it came with the grader."""
        return self.folder == COURSE

    @property
    def address(self) -> str:
        """What names it on another machine: the name that a package offers, or its folder."""
        return self.offered_as or str(self.folder)

    @property
    def rooms(self) -> tuple[Path, ...]:
        """All folders that it has, each once."""
        return tuple(
            dict.fromkeys((self.folder, self.hidden, self.stubs, self.solutions, self.specimens, self.fixtures))
        )

    @property
    def public(self) -> Path:
        """The fixtures that learners' code may read."""
        return self.fixtures / "learner"

    @property
    def package(self) -> str:
        """The name under which its modules are imported: no two courses have one name."""
        if self.hidden == COURSE:
            return _BUILT_IN
        return f"grader_course_{hashlib.sha256(os.fsencode(self.hidden)).hexdigest()[:16]}"


class _Folders(Record, frozen=True, forbid_unknown_fields=True):
    hidden: str = "hidden"
    stubs: str = "exercises"
    solutions: str = "solutions"
    specimens: str = "specimens"
    fixtures: str = "fixtures"


class _Told(Record, frozen=True, forbid_unknown_fields=True):
    """What a ``course.toml`` says."""

    name: str
    version: str
    observed_since: str = ""
    folders: _Folders = _Folders()

    def at(self, folder: Path, **places: Any) -> Course:
        """Return the course whose things are in these places."""
        return Course(name=self.name, version=self.version, observed_since=self.observed_since, folder=folder, **places)


def read(folder: Path) -> Course:
    """Return the course that lies in a folder; raise UsageError where its ``course.toml`` cannot be used."""
    folder = folder.resolve()
    if folder == COURSE:
        return built_in()
    told = _told(folder / FILE)
    places = {name: (folder / place).resolve() for name, place in msgspec.structs.asdict(told.folders).items()}
    if not places["hidden"].is_dir():
        raise UsageError(
            f"{folder} is no course: its exercises should be in {places['hidden']}, and there is no such folder."
        )
    return told.at(folder, **places)


def built_in() -> Course:
    """Return the course that came with the grader."""
    return _told(COURSE / FILE).at(
        COURSE, hidden=COURSE, stubs=EXERCISES, solutions=SOLUTIONS, specimens=SPECIMENS, fixtures=FIXTURES
    )


def _told(path: Path) -> _Told:
    try:
        told = msgspec.convert(tomllib.loads(files.read(path, _CAP, follow=True).decode()), _Told)
    except (files.Unreadable, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"The course {path} cannot be read: {error}.") from error
    if not told.name.strip() or not told.version.strip():
        raise UsageError(f"The course {path} cannot be read: a course needs a name and a version.")
    return told


def find(named: str) -> Course:
    """Return the course of a folder, or of a name under which an installed package offers one; raise UsageError.

    A bare word is never a folder: a job runs where a learner's folders lie, and one of them could be called so.
    """
    folder = Path(named)
    if folder.is_absolute() or folder.name != named:
        return _in_folder(named)
    points = _points()
    if own := [point for point in points if point.name == named]:
        return _offered(named, own)
    if folder.is_dir():
        raise UsageError(f"{named!r} is the name of no installed course. If its folder is meant, say ./{named}.")
    names = sorted({point.name for point in points})
    offered = f"offered are {', '.join(names)}" if names else "no installed package offers one"
    raise UsageError(f"There is no course {named!r}: no folder is called so, and {offered}.")


def installed() -> list[Course]:
    """Return every course that an installed package offers and that can be read."""
    found = []
    for point in _points():
        with contextlib.suppress(UsageError):
            found.append(_offered(point.name, [point]))
    return found


def _points() -> list[EntryPoint]:
    from importlib.metadata import entry_points

    return list(entry_points(group=GROUP))


def _in_folder(named: str) -> Course:
    folder = Path(named)
    if os.path.lexists(folder / FILE):
        return read(folder)
    if folder.is_dir():
        raise UsageError(f"{named} is no course: there is no {FILE} in it.")
    raise UsageError(f"There is no folder {named}, so there is no course in it.")


def _offered(named: str, points: list[EntryPoint]) -> Course:
    if len({point.value for point in points}) > 1:
        raise UsageError(f"Several packages offer a course {named!r}: {', '.join(point.value for point in points)}.")
    try:
        spec = importlib.util.find_spec(points[0].module)
    except (ImportError, ValueError):
        spec = None
    for place in (spec and spec.submodule_search_locations) or ():
        if os.path.lexists(Path(place, FILE)):
            return msgspec.structs.replace(read(Path(place)), offered_as=named)
    raise UsageError(f"The course {named!r} is not there: {points[0].value} is no package with a {FILE} in its folder.")


class _Choice:
    """Which course is used by this process."""

    used: Course | None = None


def current() -> Course:
    """Return the course that is used; raise UsageError where GRADE_COURSE names none."""
    if _Choice.used is None:
        named = os.environ.get(VARIABLE, "")
        if not named:
            _Choice.used = built_in()
        else:
            use(find(named))
    return cast("Course", _Choice.used)


def use(course: Course) -> None:
    """Use a course from here on, in this process and in those that it starts."""
    _Choice.used = course
    os.environ[VARIABLE] = str(course.folder)


def expect_built_in(command: str) -> None:
    """Raise UsageError where a command is about the built-in course and another is used."""
    if not current().is_built_in:
        raise UsageError(f"`{command}` is about the course that comes with the grader; it takes no other.")


def package() -> str:
    """Return the package in which the modules of the course are found; it is there afterwards."""
    course = current()
    if course.package != _BUILT_IN and course.package not in sys.modules:
        made = ModuleType(course.package)
        made.__path__ = [str(course.hidden)]
        sys.modules[course.package] = made
    return course.package


class Remembered(Generic[P, R]):
    """A function that remembers what it returned, for each course apart."""

    def __init__(self, function: Callable[P, R], most: int | None) -> None:
        @functools.lru_cache(maxsize=most)
        def ask(_: Course, *arguments: Hashable, **named: Hashable) -> R:
            return function(*cast("Any", arguments), **cast("Any", named))

        self._ask = ask
        functools.update_wrapper(self, function)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        """Return what it returned before for these arguments and this course, or ask it."""
        return self._ask(current(), *cast("Any", arguments), **cast("Any", named))


def remembered(most: int | None = None) -> Callable[[Callable[P, R]], Remembered[P, R]]:
    """Have a function that depends on the course remember its results, the last ``most`` or all."""

    def decorate(function: Callable[P, R]) -> Remembered[P, R]:
        return Remembered(function, most)

    return decorate
