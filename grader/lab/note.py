"""The adaptation note, blank: what was compared is named, figures and reasons are left to the learner."""

from __future__ import annotations

from grader.adaptation import Adaptation
from grader.places import EXERCISES

NAME = "09_adaptation_note.md"
_RULE = "\n---\n"
"""Ends what the exercise's stub explains."""


def template(evidence: Adaptation) -> str:
    """Return the blank sections of exercise 09 with the scenarios that were compared."""
    _, _, blank = (EXERCISES / NAME).read_text("utf-8").partition(_RULE)
    for comparison in evidence.comparisons:
        heading = f"## {comparison.modality.capitalize()}\n"
        blank = blank.replace(heading, f"{heading}\nCompared on {comparison.scenario}.\n")
    return f"# Adaptation note\n{blank}"
