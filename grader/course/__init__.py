"""The exercises of a course. One folder each, found by its name; no list of them is kept anywhere.

The folders beside this file are those of the built-in course; ``grader.courses`` says which course is used.

``exercise.toml`` describes it, ``plan.py`` draws what is asked and says what may come back, ``probe.py`` goes into the
sandbox with ``wire.py``, which names what it sends, ``seen.py`` reads that, ``checks.py`` judges it,
``misconceptions.py`` recognises the stories whose pages are in ``misconceptions.md``, and ``figures.py``, where there
is one, draws.

A handout without a judge has the description, the probe and, in place of the plan that knows the answers, a few plans
drawn from it: ``practice/SEED.safetensors``.
"""

from __future__ import annotations

import importlib
import json
import re
import secrets
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from grader.courses import current, package, remembered
from grader.errors import CourseFault, UsageError
from grader.records import Asked, Door, Exercise

from . import pages


def version() -> str:
    """Return the version of checks and contracts; a grade is comparable within one version."""
    return current().version


def edition() -> str:
    """Return name and version of the course."""
    return f"{current().name} {current().version}"


@remembered()
def exercises() -> dict[str, Exercise]:
    """Return every exercise by slug, in order; raise UsageError where there is none."""
    described = sorted(current().hidden.glob("[0-9][0-9]_*/exercise.toml"))
    if not described:
        raise UsageError(f"There is no exercise in {current().hidden}; a course keeps each in a folder such as 01_x.")
    return {path.parent.name: _read(path.parent) for path in described}


def _read(folder: Path) -> Exercise:
    path = folder / "exercise.toml"
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        named = tuple(pages.read(folder))
        return msgspec.convert({**table, "slug": folder.name, "misconceptions": named}, Exercise)
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


def named(text: str) -> Exercise:
    """Return the exercise that the user names; raise UsageError when there is none."""
    if exercise := recognise(text):
        return exercise
    raise UsageError(f"There is no exercise {text!r}. There are: {', '.join(exercises())}.")


def chosen(names: Collection[str]) -> list[Exercise]:
    """Return the exercises that the user names, in the course's order, or all; raise UsageError as ``named`` does."""
    wanted = {named(name).slug for name in names} if names else exercises().keys()
    return [exercise for slug, exercise in exercises().items() if slug in wanted]


def part(exercise: Exercise, name: str) -> ModuleType:
    """Import one file of an exercise's folder, such as ``checks``.

    Raise CourseFault when it is not there or cannot be imported.
    """
    try:
        return importlib.import_module(f"{package()}.{exercise.slug}.{name}")
    except ImportError as error:
        raise CourseFault(f"{exercise.slug}/{name}.py cannot be imported: {error}") from error


def folder(exercise: Exercise) -> Path:
    """Return the hidden folder of an exercise."""
    return current().hidden / exercise.slug


def has(exercise: Exercise, name: str) -> bool:
    """Whether an exercise's folder has this file, without suffix."""
    return (folder(exercise) / f"{name}.py").is_file()


def probe_path(exercise: Exercise) -> Path:
    """Return the file that goes into the sandbox."""
    return folder(exercise) / "probe.py"


def judges() -> bool:
    """Whether what judges is here; a handout may have come without it."""
    return any(current().hidden.glob("*/checks.py"))


def expect_judges(command: str) -> None:
    """Raise UsageError where a command cannot do without what judges."""
    if not judges():
        raise UsageError(f"`{command}` needs the checks, and this handout came without them (`--judge none`).")


REINSTALL = "Install the wheel of your handout anew, into an environment of its own."
Drawn = tuple[dict[str, Any], dict[str, Any]]
"""A JSON plan of what is asked, and the arrays that go in with it."""


def seed(exercise: Exercise, wanted: int | None) -> int:
    """Return the seed of a run, a fresh one where none is wanted; raise UsageError for one that cannot be had.

    Raise CourseFault where nothing can be asked at all.
    """
    if has(exercise, "plan"):
        return secrets.randbits(31) if wanted is None else wanted
    drawn = sorted(path.stem for path in _practice(exercise).glob("*.safetensors"))
    practice = [int(name) for name in drawn if name.isdecimal()]
    if not practice:
        raise CourseFault(f"There is nothing to ask in {exercise.slug}: no plan, no questions. {REINSTALL}")
    if wanted is not None and wanted not in practice:
        raise UsageError(f"For {exercise.slug} there are the seeds {', '.join(map(str, practice))}.")
    return secrets.choice(practice) if wanted is None else wanted


def draw(exercise: Exercise, seed: int) -> Drawn:
    """Draw from the seed what is asked; where nothing judges, take what was drawn from it when it was handed out.

    There the probe is asked to tell its calls as well, because that is all that is shown. Raise CourseFault where what
    was drawn cannot be read.
    """
    if has(exercise, "plan"):
        drawn: Drawn = part(exercise, "plan").draw(seed)
        return drawn
    plan, arrays = _read_practice(_practice(exercise) / f"{seed}.safetensors")
    return {**plan, "tells_calls": True}, arrays


def door(exercise: Exercise, plan: Mapping[str, Any]) -> Door | None:
    """Return what the probe may send for a plan; None where nobody says it, as in a handout without a judge."""
    if not has(exercise, "plan") or exercise.is_note:
        return None
    calls = exercise.parts if "tells_calls" in plan else ()
    asked = [*part(exercise, "plan").asked(plan), *(Asked(f"calls/{name}", cap=CALLS_CAP) for name in calls)]
    return Door.of(asked)


CALLS_CAP = 1 << 20
"""Bytes of what a probe tells of its calls where it is asked to."""


def practice(exercise: Exercise, seed: int) -> bytes:
    """Return the safetensors file of what is asked with a seed."""
    from grader.wire import tensors
    from grader.wire.job import inside

    plan, arrays = part(exercise, "plan").draw(seed)
    return tensors.write(arrays, plan=json.dumps(inside(plan), allow_nan=False))


def _read_practice(path: Path) -> Drawn:
    from grader.wire import tensors

    try:
        about, arrays = tensors.read(path.read_bytes())
        return json.loads(about["plan"]), arrays
    except (OSError, ValueError, KeyError) as error:
        raise CourseFault(f"What is to be asked, {path}, cannot be read: {error}. {REINSTALL}") from error


def _practice(exercise: Exercise) -> Path:
    return folder(exercise) / "practice"
