"""A comparison made of invented runs: what the lab says of runs needs no training."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from grader.adaptation import Adaptation, Audit, Comparison
from grader.lab import runs, summary
from grader.lab.mine import reference
from grader.lab.runs import Plan, Runner, Trained, WantedRun

HITS = {"scratch": (40, 20), "frozen": (47, 8), "partial_unfreeze": (48, 24), "full_finetune": (47, 22)}
"""Examples that a strategy gets right: of 50 in each common class, and of 30 in the rare last one."""


def _invented(order: WantedRun) -> Trained:
    """Return a run of ``vision-rare`` or ``text-weapons``; a seed costs one right answer.

    A frozen backbone takes a class for the one before it, every other strategy for the next.
    """
    body = runs.backbone(runs.chosen(None, order.scenario)[0])
    size, rare = {"vision-rare": (50, 30), "text-weapons": (50, 30)}[order.scenario]
    common, last = HITS[order.strategy]
    classes = len(runs.chosen(None, order.scenario)[0]["classes"])
    confusion = np.zeros((classes, classes), int)
    for true in range(classes):
        support = rare if true == classes - 1 else size
        right = last if true == classes - 1 else common - (true == order.seed)
        confusion[true, true] = right
        confusion[true, (true + (-1 if order.strategy == "frozen" else 1)) % classes] = support - right
    depth = {"frozen": 0, "partial_unfreeze": order.depth}.get(order.strategy, len(body.blocks))
    frozen = order.strategy == "frozen"
    return Trained(
        trainable=body.size_of(body.live_at(depth)),
        seconds=0.5,
        confusion=tuple(tuple(map(int, row)) for row in confusion),
        audit=Audit(seed=order.seed, verdict="frozen as declared", findings=()) if frozen else None,
    )


@pytest.fixture
def invented() -> Runner:
    return _invented


@pytest.fixture
def hits() -> dict[str, tuple[int, int]]:
    return HITS


@pytest.fixture
def plan() -> Plan:
    return runs.plan(None, None, 3, [3], 0.4)


@pytest.fixture
def compared() -> Callable[[Plan], list[Comparison]]:
    """Do a plan's runs, invented, and summarise them."""

    def do(plan: Plan) -> list[Comparison]:
        done, trouble = runs.collect(plan.every_order(), _invented, lambda _: None)
        assert not trouble
        return summary.comparisons(plan, done, reference("Invented."))

    return do


@pytest.fixture
def evidence(plan: Plan, compared: Callable[[Plan], list[Comparison]]) -> Adaptation:
    return Adaptation(comparisons=tuple(compared(plan)))


@pytest.fixture
def vision(evidence: Adaptation) -> Comparison:
    return evidence.comparisons[0]
