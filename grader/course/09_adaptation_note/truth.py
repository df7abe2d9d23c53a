"""What a note of exercise 09 should say: the course's rule, applied to the comparison that it speaks of."""

from __future__ import annotations

from grader.adaptation import Comparison, Strategy, rule


def cheapest(comparison: Comparison) -> Strategy | None:
    """Return the cheapest acceptable strategy; None when the gate turns every strategy away."""
    return comparison.choice


def is_admitted(comparison: Comparison, row: Strategy) -> bool:
    """Whether the gate does not turn a strategy away."""
    return comparison.gate(row).verdict != "fails"


def is_undecided(comparison: Comparison, row: Strategy) -> bool:
    """Whether a recall of a strategy cannot be told from the gate, and none fails it."""
    return comparison.gate(row).verdict == "undecided"


def best(comparison: Comparison) -> Strategy:
    """Return the best of the strategies that stay in; ValueError when the gate turns every strategy away."""
    return rule.best(comparison.admitted, comparison.price)


def is_as_good(comparison: Comparison, row: Strategy) -> bool:
    """Whether a strategy stays in and cannot be told from the best."""
    if not is_admitted(comparison, row):
        return False
    return bool(rule.not_told_from(best(comparison), [row], comparison.gain))
