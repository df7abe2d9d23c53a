"""Gradescope's autograder: a zip with the staff's wheel, what installs it and what runs it."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from grader import course, files
from grader.export.gradescope import Visibility
from grader.judging.check import points
from grader.places import CONSTRAINTS
from grader.rendering import render

from .wheels import build_full

EXECUTABLE = 0o755 << 16
"""Mode of a script, as a zip keeps it."""
UNIX = 3
"""A zip says on which system it was made, and of no other is the mode believed; on Windows that would be 0."""


def build_autograder(target: Path, only: Sequence[str], visibility: Visibility, *, weaker_wall: bool) -> int:
    """Write the zip and return the points that its exercises are worth: the assignment must have as many."""
    exercises = course.chosen(only)
    with tempfile.TemporaryDirectory() as made:
        wheel = build_full(Path(made))
        options = [f"--only {' '.join(exercise.number for exercise in exercises)}", f"--visibility {visibility}"]
        options += ["--weaker-wall"] * weaker_wall
        with files.new(target) as written, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(wheel, wheel.name)
            archive.write(CONSTRAINTS, CONSTRAINTS.name)
            for name in ("setup.sh", "run_autograder"):
                script = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
                script.create_system, script.external_attr = UNIX, EXECUTABLE
                archive.writestr(script, render("handout", name, wheel=wheel.name, options=" ".join(options)))
    return sum(points(exercise).total() for exercise in exercises)
