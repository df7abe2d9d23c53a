"""A blank adaptation note: what was compared is filled in, figures and reasons are left to the learner."""

from __future__ import annotations

from pathlib import Path

from grader.adaptation import Adaptation
from grader.places import EXERCISES
from grader.text import shown

NAME = "09_adaptation_note.md"
_RULE = "\n---\n"
"""Ends what the exercise's stub explains."""


def handing_in(evidence: Path) -> str:
    """Say how exercise 09 is handed in, and where its evidence has to lie for that."""
    note = evidence.with_name(NAME)
    if note.is_file():
        return f"Exercise 09 is handed in as two files together: {shown(note)} and {shown(evidence)}."
    return f"Exercise 09 is handed in as two files together: put {shown(evidence)} beside your {NAME}."


def template(evidence: Adaptation) -> str:
    """Return the blank sections of exercise 09 with the scenarios that were compared."""
    _, _, blank = (EXERCISES / NAME).read_text("utf-8").partition(_RULE)
    for comparison in evidence.comparisons:
        heading = f"## {comparison.modality.capitalize()}\n"
        blank = blank.replace(heading, f"{heading}\nCompared on {comparison.scenario}.\n")
    return f"# Adaptation note\n{blank}"
