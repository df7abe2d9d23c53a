"""What a note of exercise 09 should say: the course's rule and its gate, applied to what the runs predicted."""

from __future__ import annotations

import msgspec

from grader.adaptation import Comparison, Strategy, rule

from .plan import MIN_RECALL, Task


def other_runs(comparison: Comparison, task: Task) -> str:
    """Say in what a comparison is not about the runs of the course; empty where it is."""
    asked = {
        "scenario": task.scenario,
        "classes": task.classes,
        "truth": task.truth,
        "steps": task.steps,
        "batch": task.batch,
        "warmup": task.warmup,
        "blocks": task.blocks,
    }
    for name, right in asked.items():
        if getattr(comparison, name) != right:
            return name
    if tuple(row.trainable for row in comparison.depths) != task.trainable:
        return "cost of a depth"
    wrong = [row.strategy for row in comparison.strategies if not _is_asked(row, task)]
    return f"depth or rate of {wrong[0]}" if wrong else ""


def _is_asked(row: Strategy, task: Task) -> bool:
    """Whether a strategy learned where, and at the rates, that the course says."""
    depth, rates = task.depth_of(row.strategy), (row.learning_rates.head, row.learning_rates.backbone)
    asked = (depth, task.trainable[depth], tuple(task.rates[row.strategy]))
    return (row.depth, row.trainable, rates) == asked


def as_asked(comparison: Comparison) -> Comparison:
    """Return the comparison with the gate of the course, and with its idea of what is cheap."""
    return msgspec.structs.replace(comparison, min_recall=MIN_RECALL, cost="scalars")


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


def grounds(comparison: Comparison, row: Strategy) -> list[tuple[float, float]]:
    """Return the figures, each with its standard error, of which a reason for a strategy has to quote one.

    They are what the rule's choice, or the best, scores above the strategy; where the gate turns every strategy away,
    the recall for which this one is.
    """
    right = cheapest(comparison)
    if right is None:
        recall = comparison.gate(row).recall
        return [(recall.mean, recall.error)]
    return [comparison.gain(row, other) for other in (right, best(comparison)) if other is not row]
