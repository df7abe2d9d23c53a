"""What the stories of exercise 06 have in common: rules that hold for every comparison."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .seen import Comparison, Seen, Summary
from .wire import StrategyRun


def summaries(comparison: Comparison) -> tuple[Summary, ...]:
    """Return the summaries of a comparison; none when something else came back."""
    return comparison.summaries or ()


def reports(seen: Seen, rule: Callable[[Summary, list[float]], bool]) -> tuple[Comparison, Summary] | None:
    """Return the first summary of several seeds, where a rule holds for all of them and the scores of their runs."""
    found = [(comparison, row) for comparison in seen.repeated for row in summaries(comparison)]
    scores = [[run.score for run in comparison.of(row.strategy)] for comparison, row in found]
    holds = all(len(its) > 1 and rule(row, its) for (_, row), its in zip(found, scores, strict=True))
    return found[0] if found and holds else None


def unlike(comparison: Comparison, draws: Sequence[tuple[int, ...]]) -> tuple[StrategyRun, ...]:
    """Return two runs with the same seed and other random numbers; nothing if there are none, or runs are missing.

    ``draws`` are the random numbers of each run.
    """
    if not comparison.complete or not comparison.fresh:
        return ()
    for run, mine in zip(comparison.runs, draws, strict=True):
        for other, theirs in zip(comparison.runs, draws, strict=True):
            if run.seed == other.seed and mine != theirs:
                return run, other
    return ()
