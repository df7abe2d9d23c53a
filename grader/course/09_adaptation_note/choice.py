"""What the rule of exercise 08 says about a comparison."""

from __future__ import annotations

from typing import Any

from grader import course
from grader.adaptation import Comparison, Strategy


def cheapest(comparison: Comparison) -> Strategy | None:
    """Return the cheapest acceptable strategy; None when no strategy passes the gate."""
    chosen: Strategy | None = _rule().choose(comparison.strategies, comparison.min_recall)
    return chosen


def is_admitted(comparison: Comparison, row: Strategy) -> bool:
    """Whether a strategy passes the gate."""
    return row.worst_recall >= comparison.min_recall


def bar(comparison: Comparison) -> float:
    """Return the mean that must be reached, where a strategy passes the gate."""
    height: float = _rule().bar(_rule().admitted(comparison.strategies, comparison.min_recall))
    return height


def reaches(comparison: Comparison, row: Strategy) -> bool:
    """Whether a strategy passes the gate and reaches the bar."""
    return is_admitted(comparison, row) and bool(_rule().reaching([row], bar(comparison)))


def _rule() -> Any:
    return course.part(course.exercises()["08_choose_depth"], "truth")
