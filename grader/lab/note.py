"""A blank adaptation note: what was compared is filled in, figures and reasons are left to the learner."""

from __future__ import annotations

from pathlib import Path

from grader.adaptation import Adaptation
from grader.places import EXERCISES
from grader.records import Exercise
from grader.text import shown

_RULE = "\n---\n"
"""Ends what the exercise's stub explains."""


def handing_in(exercise: Exercise, evidence: Path) -> str:
    """Say how a note is handed in, and where its evidence has to lie for that."""
    note = evidence.with_name(exercise.filename)
    how = f"Exercise {exercise.number} is handed in as two files together"
    if note.is_file():
        return f"{how}: {shown(note)} and {shown(evidence)}."
    return f"{how}: put {shown(evidence)} beside your {exercise.filename}."


def template(exercise: Exercise, evidence: Adaptation) -> str:
    """Return the blank sections of a note with the scenarios that were compared."""
    _, _, blank = (EXERCISES / exercise.filename).read_text("utf-8").partition(_RULE)
    for comparison in evidence.comparisons:
        heading = f"## {comparison.modality.capitalize()}\n"
        blank = blank.replace(heading, f"{heading}\nCompared on {comparison.scenario}.\n")
    return f"# Adaptation note\n{blank}"
