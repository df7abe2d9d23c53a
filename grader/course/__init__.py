"""The exercises. One folder each, found by its name; no list of them is kept anywhere.

``exercise.toml`` describes it, ``plan.py`` draws what is asked, ``probe.py`` goes into the sandbox,
``facts.py`` reads what came out, ``checks.py`` judges it, ``misconceptions/NAME.py`` recognise one story each.
"""

from __future__ import annotations

import functools
import importlib
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from grader.errors import CourseFault
from grader.places import COURSE
from grader.records import Exercise

VERSION = "2026.1"
"""Version of checks and contracts; a grade is comparable within one version."""


@functools.cache
def exercises() -> dict[str, Exercise]:
    """Return every exercise by slug, in order."""
    described = sorted(COURSE.glob("[0-9][0-9]_*/exercise.toml"))
    return {path.parent.name: _read(path.parent) for path in described}


def _read(folder: Path) -> Exercise:
    path = folder / "exercise.toml"
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        return msgspec.convert({**table, "slug": folder.name}, Exercise)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CourseFault(f"{path} cannot be read: {error}") from error


def recognise(text: str) -> Exercise | None:
    """Find the exercise that a slug, a number or a file name means."""
    for slug, exercise in exercises().items():
        name = slug[3:].replace("_", "[ _-]?")
        if re.fullmatch(rf"0?{int(slug[:2])}", text) or re.search(rf"(^|[^a-z]){name}([^a-z]|$)", text.lower()):
            return exercise
    number = re.match(r"(\d\d?)(?!\d)", text)
    return next((e for e in exercises().values() if number and int(e.number) == int(number[1])), None)


def part(exercise: Exercise, name: str) -> ModuleType:
    """Import one file of an exercise's folder, such as ``checks`` or ``misconceptions.blocks_reversed``."""
    try:
        return importlib.import_module(f"{__name__}.{exercise.slug}.{name}")
    except ImportError as error:
        raise CourseFault(f"{exercise.slug}/{name.replace('.', '/')}.py cannot be imported: {error}") from error


def probe_path(exercise: Exercise) -> Path:
    """Return the file that goes into the sandbox."""
    return COURSE / exercise.slug / "probe.py"


def draw(exercise: Exercise, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw from the seed what is asked: a JSON plan and the arrays that go in with it."""
    drawn: tuple[dict[str, Any], dict[str, Any]] = part(exercise, "plan").draw(seed)
    return drawn
