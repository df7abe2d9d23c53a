"""Whose a file is, by its path: the directory layouts of the systems that collect exercises.

========  ==========================================================================================
folders   ``LEARNER/…/03_partial_unfreeze.py``
nested    ``FOLDER/LEARNER/…``, as in a zip of a folder
nbgrader  ``submitted/LEARNER/ASSIGNMENT/….ipynb``, with or without the ``submitted``
clones    ``ASSIGNMENT-LEARNER/…``: GitHub Classroom, Classroom 50
moodle    ``NAME_NUMBER_assignsubmission_file_/…``, or all in one folder
canvas    ``NAME_NUMBER_NUMBER_FILE``, ``NAME_LATE_NUMBER_NUMBER_FILE``
========  ==========================================================================================

Only names that the collecting system gave are looked at, never what lies in a learner's own folder. One layout holds
for all: it is named, or known from an earlier run, or follows without doubt from those names.
"""

from __future__ import annotations

import enum
import hashlib
import os
import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from grader import course
from grader.errors import UsageError
from grader.records import Record
from grader.text import clean_line

from .shelf import Shelf

_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_(?P<file>.*)", re.DOTALL)
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+)", re.DOTALL)
_CLONES = re.compile(r"(?P<prefix>.+?)[-_]submissions(_.*)?", re.DOTALL)
_ANSWERS = (".py", ".ipynb", ".md", ".zip")
_HANDED_OUT = frozenset({"exercises", "reports"})
"""Folders that a learner's own folder has from the handout."""
_COLLECTED = "submitted"
"""The folder into which nbgrader collects, and writes when."""
_REPOSITORIES = 2
"""So many clones tell by what their names share which part of them is the assignment."""


class Layout(enum.Enum):
    """How what was handed in is laid out."""

    FOLDERS = "folders"
    NESTED = "nested"
    NBGRADER = "nbgrader"
    CLONES = "clones"
    MOODLE = "moodle"
    CANVAS = "canvas"


class Laid(Record, frozen=True, kw_only=True):
    """A layout with what has to be known of it."""

    layout: Layout
    wrapper: str = ""
    """The one folder in which all learners lie; empty where they lie in the root."""
    prefix: str = ""
    """What stands before the learner in the names of clones."""


class Owner(NamedTuple):
    """Whose files they are."""

    name: str
    """As the folder or file has it."""
    number: str
    """The number in Moodle's or Canvas's file names; empty elsewhere."""
    is_shared: bool = False
    """Whether somebody else has the same name and another number."""

    @property
    def learner(self) -> str:
        """The name to show and to keep: harmless to look at, and no two owners have the same."""
        shown = clean_line(self.name)
        if shown != self.name:  # what is typed out and what is meant by it are two people
            shown = f"{shown} ~{hashlib.sha256(os.fsencode(self.name)).hexdigest()[:6]}"
        return f"{shown} ({self.number})" if self.is_shared else shown


class Lot(NamedTuple):
    """All that one learner handed in."""

    owner: Owner
    places: tuple[HandinPlace, ...]


class HandinPlace(NamedTuple):
    """A file or folder of a learner's."""

    parts: tuple[str, ...]
    """Where it is below the root."""
    below: tuple[str, ...]
    """The same place as the learner knows it; empty for the learner's own folder."""


def lay_out(shelf: Shelf, laid: Laid) -> list[Lot]:
    """Return who handed in what; what is nobody's, such as a list of scores beside the folders, is left out."""
    above = (laid.wrapper,) if laid.wrapper else ()
    owned: dict[Owner, list[HandinPlace]] = {}
    for name, is_folder in shelf.entries(above).items():
        if found := _place(laid, name, is_folder=is_folder):
            owner, below = found
            owned.setdefault(owner, []).append(HandinPlace((*above, name), below))
    return [Lot(owner, tuple(places)) for owner, places in sorted(_told_apart(owned).items())]


def _place(laid: Laid, name: str, *, is_folder: bool) -> tuple[Owner, tuple[str, ...]] | None:
    match laid.layout:
        case Layout.MOODLE:
            found = _MOODLE.fullmatch(name)
        case Layout.CANVAS:
            found = None if is_folder else _CANVAS.fullmatch(name)
        case _:
            return (Owner(name.removeprefix(laid.prefix) or name, ""), ()) if is_folder else None
    return found and (Owner(found["name"], found["number"]), (found["file"],) if found["file"] else ())


def _told_apart(owned: Mapping[Owner, list[HandinPlace]]) -> dict[Owner, list[HandinPlace]]:
    """Mark those whose name somebody else has too."""
    names = [owner.name for owner in owned]
    return {owner._replace(is_shared=names.count(owner.name) > 1): places for owner, places in owned.items()}


def recognise(shelf: Shelf, is_learner: Callable[[str], bool]) -> Laid:
    """Return the layout that the names leave no doubt about; raise UsageError where they do.

    ``is_learner`` knows names of learners, from a roster or an earlier run.
    """
    top = shelf.entries(())
    folders = [name for name, is_folder in top.items() if is_folder]
    if len(folders) == 1 and (laid := _in_one_folder(shelf, folders[0], is_learner)):
        return laid
    layout = _layout(shelf, top)
    prefix = _prefix(shelf, folders) if layout is Layout.FOLDERS else ""
    return Laid(layout=Layout.CLONES, prefix=prefix) if prefix else Laid(layout=layout)


def as_named(shelf: Shelf, layout: Layout) -> Laid:
    """Return what else has to be known of a layout that was named; raise UsageError where it cannot be this one."""
    folders = [name for name, is_folder in shelf.entries(()).items() if is_folder]
    only = folders[0] if len(folders) == 1 else ""
    match layout:
        case Layout.NESTED:
            if not only:
                raise UsageError(f"In the layout nested all lie in one folder, and {shelf.root} has {len(folders)}.")
            return Laid(layout=layout, wrapper=only)
        case Layout.NBGRADER:
            return Laid(layout=layout, wrapper=only if only == _COLLECTED else "")
        case Layout.CLONES:
            return Laid(layout=layout, prefix=_prefix(shelf, folders))
        case Layout.MOODLE | Layout.CANVAS:
            pattern = _MOODLE if layout is Layout.MOODLE else _CANVAS
            return Laid(layout=layout, wrapper="" if pattern.fullmatch(only) else only)
        case _:
            return Laid(layout=layout)


def _in_one_folder(shelf: Shelf, only: str, is_learner: Callable[[str], bool]) -> Laid | None:
    """Return the layout when everything lies in one folder; None when that folder is one learner's."""
    inside = shelf.entries((only,))
    if _MOODLE.fullmatch(only) or is_learner(only):
        return None
    if only == _COLLECTED:
        return Laid(layout=Layout.NBGRADER, wrapper=only)
    if platform := _platform(inside):
        return Laid(layout=platform, wrapper=only)
    folders = [name for name, is_folder in inside.items() if is_folder]
    own = [name for name in folders if name in _HANDED_OUT or name in course.exercises()]
    if any(map(is_learner, folders)):
        return Laid(layout=Layout.NESTED, wrapper=only)
    if len(own) == len(folders) or _has_answers(inside) or _is_clone(shelf, only):
        return None
    if own:
        raise UsageError(
            f"{shelf.root} holds one folder, {clean_line(only)}, with {clean_line(own[0])} in it as in a learner's own "
            f"folder, and others, such as {clean_line(next(name for name in folders if name not in own))}. "
            "Say --layout folders if it is one learner's, or --layout nested if learners' folders lie in it."
        )
    return Laid(layout=Layout.NESTED, wrapper=only)


def _has_answers(inside: Mapping[str, bool]) -> bool:
    return any(name.lower().endswith(_ANSWERS) for name, is_folder in inside.items() if not is_folder)


def _platform(entries: Mapping[str, bool]) -> Layout | None:
    """Return the platform after whose way all answers and folders are named; None where it is not all of them."""
    names = [name for name, is_folder in entries.items() if is_folder or name.lower().endswith(_ANSWERS)]
    for layout in (Layout.CANVAS, Layout.MOODLE):  # a learner may name a file on Canvas as Moodle would
        if names and all(_is_of(layout, name, is_folder=entries[name]) for name in names):
            return layout
    return None


def _is_of(layout: Layout, name: str, *, is_folder: bool) -> bool:
    return _place(Laid(layout=layout), name, is_folder=is_folder) is not None


def _layout(shelf: Shelf, top: Mapping[str, bool]) -> Layout:
    """Return the layout of what lies in no folder of its own."""
    if platform := _platform(top):
        return platform
    strange = [name for name, is_folder in top.items() if _is_of(Layout.MOODLE, name, is_folder=is_folder)]
    strange += [name for name, is_folder in top.items() if _is_of(Layout.CANVAS, name, is_folder=is_folder)]
    if strange:
        raise UsageError(
            f"Some of what lies in {shelf.root} is named as Moodle or Canvas would, such as {clean_line(strange[0])}, "
            "and some is not. Say --layout moodle, --layout canvas or --layout folders; what does not fit is left out."
        )
    return Layout.NBGRADER if shelf.root.name == _COLLECTED else Layout.FOLDERS


def _prefix(shelf: Shelf, folders: Collection[str]) -> str:
    """Return what stands before the learner in the names of clones; empty where these are none."""
    collected = _CLONES.fullmatch(shelf.root.name)
    if collected and any(name.startswith(f"{collected['prefix']}-") for name in folders):
        return f"{collected['prefix']}-"
    if len(folders) < _REPOSITORIES or not all(_is_clone(shelf, name) for name in folders):
        return ""
    shared = os.path.commonprefix(list(folders))  # noqa: RUF071  names, not paths: letter by letter is meant
    return shared[: shared.rfind("-") + 1]


def _is_clone(shelf: Shelf, name: str) -> bool:
    return os.path.isdir(shelf.root / name / ".git")  # noqa: PTH112  which raises nothing where nobody may look
