"""Resolve what somebody types to files, and suggest corrections for typing errors."""

from __future__ import annotations

import difflib
import os
import shlex
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from grader import course
from grader.discover import CAPS
from grader.errors import UsageError
from grader.records import Exercise, Record
from grader.text import clean_line

from .folder import find, find_or_refuse

_CLOSE = 0.7
"""How much of two words has to agree for one to be taken for the other; 1 is all."""
_OPTIONS = ("--help", "--version")


class Commands(Record, frozen=True):
    """The commands of the program."""

    here: Mapping[str, Sequence[str]]
    """Those of this edition, each with examples of command lines."""
    elsewhere: Collection[str] = ()
    """Those that only other editions have."""


def files(words: Sequence[Path], commands: Commands | None = None) -> list[Path]:
    """Return the file that each word means: what lies there, or the learner's own file of the exercise it names.

    Raise UsageError for a word that means neither, with the one that may have been meant; ``commands`` are told of
    where one of them could have stood in the place of the words.
    """
    typed = [str(word) for word in words]
    return [_file(word, typed, commands) for word in words]


def exercise(word: str) -> Exercise | None:
    """Return the exercise of a number or a slug; None for a path and for anything else."""
    return None if _is_path(Path(word)) else course.recognise(word)


def line(*words: object) -> str:
    """Return a command line as this system's shell reads it, if no name in it is out of the ordinary."""
    typed = [clean_line(str(word)) for word in words]
    return subprocess.list2cmdline(typed) if sys.platform == "win32" else shlex.join(typed)


def misconceptions() -> list[str]:
    """Return the id of every misconception that has a page here."""
    return [name for each in course.exercises().values() for name in each.misconceptions]


def no_misconception(word: str) -> str:
    """Say that no misconception is called so, with those that may have been meant."""
    close = difflib.get_close_matches(word, misconceptions(), n=3)
    advice = f"Did you mean {', '.join(close)}?" if close else "`grade explain` lists them."
    return f"There is no misconception {word!r}. {advice}"


def _is_path(word: Path) -> bool:
    return bool(word.suffix) or len(word.parts) != 1 or "\\" in str(word)


def _file(word: Path, typed: Sequence[str], commands: Commands | None) -> Path:
    if os.path.lexists(word):
        return word
    if _is_path(word):
        _refuse_path(word)
    if commands:
        _refuse_command(word.name, typed, commands)
    if meant := course.recognise(word.name):
        return _own_or_refuse(meant)
    if word.name.isdecimal():
        course.named(word.name)  # which says what exercises there are
    raise UsageError(f"There is no file or exercise {word.name!r}. An exercise has a number, such as 03.")


def _own(meant: Exercise) -> list[Path]:
    """Return the learner's files of an exercise, as they are named from here."""
    here = Path.cwd()
    folder = find(here)
    for place in (folder.exercises, here) if folder else (here,):
        if found := [path for suffix in CAPS if (path := place / f"{meant.slug}{suffix}").is_file()]:
            return [path.relative_to(here) if path.is_relative_to(here) else path for path in found]
    return []


def _own_or_refuse(meant: Exercise) -> Path:
    found = _own(meant)
    if len(found) > 1:
        raise UsageError(f"There are {' and '.join(map(str, found))}; keep the one that is to be graded.")
    return found[0] if found else find_or_refuse(Path.cwd()).file_or_refuse(meant)


def _refuse_path(path: Path) -> NoReturn:
    close = [path.with_name(name) for name in _close(path.name, _names(path.parent))[:1]]
    meant = course.recognise(path.stem)
    if near := close or (_own(meant) if meant else []):
        raise UsageError(f"There is no file {path}. Did you mean {' or '.join(map(str, near))}?")
    folder = find(Path.cwd())
    if folder and folder.exercises == path.parent.resolve():
        if meant:
            folder.file_or_refuse(meant)
        raise UsageError(f"There is no file {path}.")
    raise UsageError(f"There is no file {path}. Exercises are in the folder exercises/.")


def _names(folder: Path) -> list[str]:
    """Return the names of a folder's files that can be graded."""
    try:
        return sorted(path.name for path in folder.iterdir() if path.suffix in CAPS)
    except OSError:
        return []


def _refuse_command(word: str, typed: Sequence[str], commands: Commands) -> None:
    """Raise UsageError for a command in the wrong place or of another edition, and for what is nearly a command.

    Numbers and slugs are left alone, whatever they resemble.
    """
    if word in commands.here:
        raise UsageError(f"A command comes first, and `{word}` is one; `grade {word} --help` shows how it is used.")
    if word in commands.elsewhere:
        raise UsageError(f"`grade {word}` is a command of another edition; `grade --help` lists those of this one.")
    if word in misconceptions():
        raise UsageError(f"{word} is a misconception; `grade explain {word}` shows its page.")
    if course.recognise(word) or word.isdecimal():
        return
    if near := _near(word, typed, commands):
        raise UsageError(f"There is no file, exercise or command {word!r}. Did you mean {' or '.join(near)}?")
    raise UsageError(f"There is no file, exercise or command {word!r}. `grade --help` lists the commands.")


def _near(word: str, typed: Sequence[str], commands: Commands) -> list[str]:
    """Return the command lines that may have been meant."""
    pages = misconceptions()
    rest = typed[1:] if word == typed[0] else []
    found = []
    for name in _close(word, [*commands.here, *_OPTIONS, *pages]):
        if name in pages:
            found.append(f"`grade explain {name}`")
        elif name in _OPTIONS or rest or f"grade {name}" in commands.here[name]:
            found.append(f"`{line('grade', name, *rest)}`")
        else:
            found.append(f"`grade {name}`, as in `{commands.here[name][0]}`")
    return found


def _close(word: str, known: Collection[str]) -> list[str]:
    return difflib.get_close_matches(word.lower(), known, n=2, cutoff=_CLOSE)
