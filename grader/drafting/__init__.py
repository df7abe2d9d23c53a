"""Begin an exercise or a misconception: files that hold together, for an author to go on from.

A new exercise asks for twice a number; its texts are marked TODO, and the course's own check of itself does not hold
while one is left. Nothing that is there is overwritten.
"""

from __future__ import annotations

import ast
import keyword
import os
import re
from collections.abc import Mapping
from pathlib import Path

from grader import course, files
from grader.courses import Course, current
from grader.errors import UsageError
from grader.places import EXERCISES, PACKAGE, ROOT
from grader.records import Exercise
from grader.rendering import render
from grader.selfcheck import specimen_of

_SLUG = re.compile(r"(\d\d)_([a-z][a-z0-9_]*)")
_MISCONCEPTION = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_OUR_NAMES = ("prepare", "seen", "wire")
"""Names that an exercise's own files use beside its functions'."""
_HIDDEN = ("exercise.toml", "plan.py", "wire.py", "probe.py", "seen.py", "checks.py")


def begin_exercise(slug: str) -> list[Path]:
    """Write every file of a new exercise and return them.

    Raise UsageError for a name that no exercise can have, and where something of that name is there.
    """
    named, used = _SLUG.fullmatch(slug), _own_course()
    if not named or keyword.iskeyword(named[2]) or named[2] in _OUR_NAMES:
        raise UsageError(
            f"{slug!r} is no name for an exercise: two digits and a function's name, such as 10_count_all."
        )
    number, function = named.groups()
    if taken := sorted(used.hidden.glob(f"{number}_*")):
        raise UsageError(f"There is an exercise {number}: {taken[0].name}. Take another number.")
    told = {"number": number, "slug": slug, "function": function, "misconception": f"adds-two-{number}"}
    hidden = used.hidden / slug
    places = {
        "stub.py": used.stubs / f"{slug}.py",
        "solution.py": used.solutions / f"{slug}.py",
        **{name: hidden / name for name in _HIDDEN},
        "misconceptions.md": hidden / "misconceptions.md",
        "misconceptions.py": hidden / "misconceptions.py",
        "specimen.py": used.specimens / slug / f"adds_two_{number}.py",
    }
    if used.is_built_in:
        places["second_solution.py"] = ROOT / "tests" / "solutions" / f"{slug}.py"
    made = {path: render("drafting", f"exercise/{name}", **told) for name, path in places.items()}
    _expect_none(made)
    return _written(made)


def begin_misconception(name: str, exercise: Exercise, function: str) -> list[Path]:
    """Write a page, a function and a specimen of a misconception and return their files.

    Page and function come behind those of the same learner's function. Raise UsageError for a name that no
    misconception can have, for one that is there, and for a function that learners do not write.
    """
    _own_course()
    if not _MISCONCEPTION.fullmatch(name) or keyword.iskeyword(name):
        raise UsageError(
            f"{name!r} is no name for a misconception: small words joined by hyphens, such as counts-tensors."
        )
    if function not in exercise.functions:
        raise UsageError(f"{exercise.slug} has no function {function!r}. There are: {', '.join(exercise.functions)}.")
    for other in course.exercises().values():
        if name in other.misconceptions:
            raise UsageError(f"{other.slug} has a misconception {name} already.")
    specimen = specimen_of(exercise, name)
    _expect_none({specimen: ""})
    hidden, told = course.folder(exercise), {"number": exercise.number, "function": function, "misconception": name}
    pages, recognisers = hidden / "misconceptions.md", hidden / "misconceptions.py"
    text = _with_page(_read(pages), render("drafting", "page.md", **told), f"## {function}\n", exercise.number)
    code = _read(recognisers) or render("drafting", "recognisers.py", **told)
    kind = "Seen" if re.search(r"\bimport\b.*\bSeen\b", code) else "object"
    solution = _read(current().solutions / exercise.filename)
    if not solution:
        raise UsageError(f"{exercise.slug} has no solution yet, and a specimen is the solution with one mistake in it.")
    made = {
        pages: text,
        recognisers: _with_function(code, render("drafting", "recogniser.py", kind=kind, **told), _before(text, name)),
        specimen: solution,
    }
    return _written(made)


def _own_course() -> Course:
    """Return the course that is used, where its author works on it; raise UsageError where it is only installed."""
    used = current()
    if (used.is_built_in and EXERCISES.is_relative_to(PACKAGE)) or _INSTALLED.intersection(used.folder.parts):
        raise UsageError("The course is installed here, and written in a checkout. --course names one of your own.")
    return used


_INSTALLED = {"site-packages", "dist-packages"}


def _expect_none(made: Mapping[Path, str]) -> None:
    for path in made:
        if os.path.lexists(path):
            raise UsageError(f"{path} is there already, and nothing was written.")


def _written(made: Mapping[Path, str]) -> list[Path]:
    for path, text in made.items():
        try:
            files.write_text(path, text)
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    return list(made)


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _with_page(text: str, page: str, heading: str, number: str) -> str:
    """Return the pages with another one, the last of its function's section."""
    text = text or f"# Misconceptions of exercise {number}\n"
    before, found, rest = f"{text.rstrip()}\n".partition(f"\n{heading}")
    if not found:
        return f"{before}\n{heading}\n{page}"
    section, more, others = rest.partition("\n## ")
    return f"{before}{found}{section.rstrip()}\n\n{page}" + (f"{more}{others}" if more else "")


def _before(text: str, name: str) -> str:
    """Return the misconception whose page is before that of ``name``; empty for the first."""
    names = re.findall(r"^### ([\w-]+): ", text, re.MULTILINE)
    place = names.index(name)
    return names[place - 1] if place else ""


def _with_function(code: str, function: str, before: str) -> str:
    """Return the code with another function, behind that of a misconception or before all of them."""
    public = [n for n in ast.parse(code).body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
    ends = {each.name: each.end_lineno or 0 for each in public}
    lines, added = code.rstrip().splitlines(), function.rstrip().splitlines()
    place = ends.get(before.replace("-", "_"), len(lines))
    if before or not public:
        return "\n".join([*lines[:place], "", "", *added, *lines[place:], ""])
    place = min([public[0].lineno, *(each.lineno for each in public[0].decorator_list)]) - 1
    while place and lines[place - 1].startswith("#"):
        place -= 1
    return "\n".join([*lines[:place], *added, "", "", *lines[place:], ""])
