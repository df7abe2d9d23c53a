"""The blank note: every figure is left to the learner."""

from __future__ import annotations

from grader.adaptation import Adaptation, Comparison
from grader.lab import note
from grader.note import the_note


def test_the_note_is_the_exercises_with_the_scenarios_named(evidence: Adaptation) -> None:
    text = note.template(the_note(), evidence)
    assert text.startswith("# Adaptation note\n")
    assert "## Vision\n\nCompared on vision-rare.\n\n- strategy: <one of the four>\n" in text
    assert "## Text\n\nCompared on text-weapons.\n" in text
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert len(lines) == 22
    assert all("<" in line for line in lines)


def test_what_was_not_compared_is_not_said_to_be(vision: Comparison) -> None:
    text = note.template(the_note(), Adaptation(comparisons=(vision,)))
    assert "## Text\n\n- strategy: <" in text
    assert "text-" not in text
