"""Which files go to whom: learners get what is listed here and nothing else, staff get everything.

With the judge included, learners get the whole course with it: plans, checks, misconceptions and the fixtures that
only a judge reads. Without, they get what asks and nothing that judges. Solutions, specimens and labels of held-out
data are the staff's either way.

Only the standard library: the build of a wheel reads this before anything is installed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path, PurePath
from typing import Any, Literal

from grader.places import CONSTRAINTS, COURSE, EXERCISES, FIXTURES, PACKAGE, ROOT, SOLUTIONS, SPECIMENS

Judge = Literal["included", "none"]
"""Whether what judges is handed out."""
Contents = dict[str, Path]
"""Path inside the wheel to the file that goes there."""
FOR_EVERYONE = frozenset(
    (
        *(
            "__init__",
            "py",
            "courses",
            "ending",
            "errors",
            "files",
            "places",
            "programs",
            "records",
            "steps",
            "text",
            "wire",
        ),
        *("discover", "notebook", "fixtures", "authoring", "isolate", "inside", "pipeline", "judging", "report"),
        *("ci", "adaptation", "audit", "lab", "learning", "note"),
        *("cli/__init__", "cli/app", "cli/grading", "cli/ci", "cli/lab", "cli/learning", "cli/staff"),
        *("export/__init__", "export/common", "export/classroom", "export/classroom50", "export/gradescope"),
        "export/junit",
    )
)
"""Files and folders of the package that learners get too, without suffix."""
FOR_STAFF = frozenset(
    (
        *(
            "batch",
            "confined",
            "drafting",
            "handout",
            "records/cohort",
            "rendering",
            "selfcheck",
            "similarity",
            "statistics",
        ),
        *("report/cohort", "report/feedback", "report/publish", "report/similar"),
        *("cli/cohort", "cli/export", "cli/handout", "cli/new", "cli/results"),
        *("export/canvas", "export/cohort", "export/marks", "export/moodle", "export/people", "export/sheet"),
        *("export/table", "export/template"),
    )
)
"""The others; where a folder is for everyone, some of its files need not be."""
AUDIENCES: dict[Judge, tuple[str, ...]] = {"included": ("learner", "judge"), "none": ("learner",)}
"""Whose fixtures learners get."""
_COURSE_WITHOUT_JUDGE = frozenset(
    ("__init__.py", "course.toml", "example-evidence.json", "exercise.toml", "pages.py", "probe.py", "wire.py")
)
_NOTES_FOR_EVERYONE = (ROOT / "LICENSE", FIXTURES / "NOTICE.md")


def everything() -> Contents:
    """Return the staff's wheel."""
    package = {_place("grader", PACKAGE, path): path for path in _package()}
    shipped = [FIXTURES / row["path"] for row in fixture_rows()]
    rooms = [*_stubs(), *_files(SOLUTIONS, SPECIMENS)]
    notes = (ROOT / "pyproject.toml", CONSTRAINTS, FIXTURES / "manifest.toml", *_NOTES_FOR_EVERYONE)
    return package | _data([*rooms, *shipped, *notes])


def learners(judge: Judge) -> Contents:
    """Return what learners get of what lies here; their manifest, and plans without a judge, are made for them."""
    package = {_place("grader", PACKAGE, path): path for path in _package() if _is_for_everyone(path, judge)}
    shipped = [FIXTURES / row["path"] for row in fixture_rows() if row["audience"] in AUDIENCES[judge]]
    return package | _data([*_stubs(), *shipped, *_NOTES_FOR_EVERYONE])


def _stubs() -> Iterator[Path]:
    """Yield the exercises, without what working on them leaves beside them, such as evidence."""
    return (path for path in _files(EXERCISES) if path.suffix in (".py", ".md"))


def fixture_rows() -> list[dict[str, Any]]:
    """Return the rows of the manifest: each names a file and its audience, ``learner`` or ``grader``."""
    rows: list[dict[str, Any]] = tomllib.loads((FIXTURES / "manifest.toml").read_text("utf-8"))["file"]
    return rows


def _is_for_everyone(path: Path, judge: Judge) -> bool:
    if path.is_relative_to(COURSE):
        return judge == "included" or path.name in _COURSE_WITHOUT_JUDGE
    names = rooms(path)
    return not FOR_EVERYONE.isdisjoint(names) and FOR_STAFF.isdisjoint(names)


def rooms(path: Path) -> set[str]:
    """Return a file of the package and every folder that it is in, relative to the package and without suffix."""
    inside = path.relative_to(PACKAGE)
    whole = inside.with_name(inside.name.partition(".")[0])
    return {place.as_posix() for place in (whole, *whole.parents)}


def _package() -> Iterator[Path]:
    return (path for path in _files(PACKAGE) if PACKAGE / "data" not in path.parents)


def _data(files: list[Path]) -> Contents:
    return {_place("grader/data", ROOT, path): path for path in files}


def _place(folder: str, root: PurePath, path: PurePath) -> str:
    """Return where a file goes; inside of a wheel the separator is a slash on every system."""
    return f"{folder}/{path.relative_to(root).as_posix()}"


def _files(*folders: Path) -> Iterator[Path]:
    """Yield the files of folders in order, without what Python leaves behind."""
    found = (path for folder in folders for path in sorted(folder.rglob("*"), key=attrgetter("parts")))
    return (path for path in found if path.is_file() and "__pycache__" not in path.parts)
