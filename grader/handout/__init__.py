"""Hand the course to learners: a template repository with stubs, their wheel and a workflow."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from grader import course, files
from grader.errors import UsageError
from grader.note import evidence_name, the_note
from grader.places import CONSTRAINTS, EXERCISES, FIXTURES, ROOT
from grader.records import Exercise
from grader.rendering import render

from .contents import Judge, fixture_rows
from .wheels import build_learners

__all__ = ["Judge", "Platform", "hand_out"]

Platform = Literal["github", "classroom50", "gitlab"]
_EVERYWHERE = {
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "devcontainer.json": ".devcontainer/devcontainer.json",
}
"""Template to its place in the learners' repository."""
_FOR_PLATFORM = {
    "github": {"github.yml": ".github/workflows/classroom.yml"},
    "classroom50": {"classroom50.py": "classroom50/autograder.py"},
    "gitlab": {"gitlab.yml": ".gitlab-ci.yml"},
}


def hand_out(folder: Path, platform: Platform, judge: Judge = "included", *, notebooks: bool) -> list[str]:
    """Fill a folder with the learners' repository and return what was written, as relative paths.

    Raise UsageError when the folder is not empty, or a tool to make it with is not installed.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty. A handout goes into a folder of its own.")
    wheel = build_learners(folder / "wheels", judge)
    exercises, note = list(course.exercises().values()), the_note()
    values = {
        "wheel": wheel.name,
        "exercises": exercises,
        "note": note,
        "evidence": evidence_name(note),
        "suffix": "ipynb" if notebooks else "py",
        "judged": judge == "included",
    }
    for template, place in {**_EVERYWHERE, **_FOR_PLATFORM[platform]}.items():
        files.write_text(folder / place, render("handout", template, **values), within=folder)
    for exercise in exercises:
        _write_stub(folder, exercise, notebooks=notebooks)
    for row in fixture_rows():
        if row["audience"] == "learner":
            _copy(FIXTURES / row["path"], folder, f"fixtures/{row['path']}")
    _copy(FIXTURES / "NOTICE.md", folder, "fixtures/NOTICE.md")
    for path in (CONSTRAINTS, ROOT / "LICENSE"):
        _copy(path, folder, path.name)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _write_stub(folder: Path, exercise: Exercise, *, notebooks: bool) -> None:
    stub = EXERCISES / exercise.filename
    if notebooks and not exercise.is_note:
        from .notebooks import notebook

        made = notebook(exercise, stub.read_text("utf-8"))
        files.write_text(folder / "exercises" / f"{exercise.slug}.ipynb", made, within=folder)
    else:
        _copy(stub, folder, f"exercises/{stub.name}")


def _copy(source: Path, folder: Path, place: str) -> None:
    files.write(folder / place, source.read_bytes(), within=folder)
