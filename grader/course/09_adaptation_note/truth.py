"""What a note of exercise 09 should say: the course's rule, applied to the comparison that it speaks of."""

from __future__ import annotations

from grader.adaptation import Comparison, Strategy, rule


def cheapest(comparison: Comparison) -> Strategy | None:
    """Return the cheapest acceptable strategy; None when no strategy passes the gate."""
    return rule.choose(comparison.strategies, comparison.min_recall)


def is_admitted(comparison: Comparison, row: Strategy) -> bool:
    """Whether a strategy passes the gate."""
    return bool(rule.admitted([row], comparison.min_recall))


def bar(comparison: Comparison) -> float:
    """Return the mean that must be reached, where a strategy passes the gate."""
    return rule.bar(rule.admitted(comparison.strategies, comparison.min_recall))


def reaches(comparison: Comparison, row: Strategy) -> bool:
    """Whether a strategy passes the gate and reaches the bar."""
    return is_admitted(comparison, row) and bool(rule.reaching([row], bar(comparison)))
