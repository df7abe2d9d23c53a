"""What a note of exercise 09 should say: the course's rule, applied to the comparison that it speaks of."""

from __future__ import annotations

from grader.adaptation import Comparison, Strategy, rule


def cheapest(comparison: Comparison) -> Strategy | None:
    """Return the cheapest acceptable strategy; None when the gate turns every strategy away."""
    return rule.choose(comparison.strategies, comparison.gain, comparison.min_recall, comparison.price)


def is_admitted(comparison: Comparison, row: Strategy) -> bool:
    """Whether the gate does not turn a strategy away."""
    return bool(rule.admitted([row], comparison.min_recall))


def is_undecided(comparison: Comparison, row: Strategy) -> bool:
    """Whether a strategy's worst recall cannot be told from the gate."""
    return rule.gate(row, comparison.min_recall) == "undecided"


def best(comparison: Comparison) -> Strategy:
    """Return the best of the strategies that stay in; ValueError when the gate turns every strategy away."""
    return rule.best(rule.admitted(comparison.strategies, comparison.min_recall), comparison.price)


def is_as_good(comparison: Comparison, row: Strategy) -> bool:
    """Whether a strategy stays in and cannot be told from the best."""
    if not is_admitted(comparison, row):
        return False
    return bool(rule.not_told_from(best(comparison), [row], comparison.gain))
