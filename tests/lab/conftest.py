"""A comparison made of invented runs: what the lab says of runs needs no training."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from grader.adaptation import Adaptation, Audit, Comparison
from grader.lab import runs, summary
from grader.lab.mine import reference
from grader.lab.runs import Plan, Runner, Trained, WantedRun
from grader.wire.names import LETTERS

HITS = {"scratch": (40, 20), "frozen": (47, 8), "partial_unfreeze": (48, 24), "full_finetune": (47, 22)}
"""Examples that a strategy gets right: of every 50 in a common class, and of every 30 in the rare last one."""

SECONDS = {"scratch": 0.5, "frozen": 0.25, "partial_unfreeze": 0.75, "full_finetune": 0.6}


def _invented(order: WantedRun) -> Trained:
    """Return a run of ``vision-rare`` or ``text-weapons``; a seed costs one right answer, the last of its class.

    What is right are the first examples of each class. A frozen backbone takes a class for the one before it, every
    other strategy for the next.
    """
    row = runs.chosen(None, order.scenario)[0]
    body, truth = runs.backbone(row), runs.truth(row)
    common, last = HITS[order.strategy]
    classes, step = len(row["classes"]), -1 if order.strategy == "frozen" else 1
    seen: Counter[int] = Counter()
    predicted = ""
    for true in map(LETTERS.index, truth):
        support = truth.count(LETTERS[true])
        right = last * support // 30 if true == classes - 1 else common * support // 50 - (true == order.seed)
        predicted += LETTERS[true if seen[true] < right else (true + step) % classes]
        seen[true] += 1
    depth = {"frozen": 0, "partial_unfreeze": order.depth}.get(order.strategy, len(body.blocks))
    frozen = order.strategy == "frozen"
    return Trained(
        trainable=body.size_of(body.live_at(depth)),
        seconds=SECONDS[order.strategy],
        moved_buffers=0 if frozen else 100,
        predicted=predicted,
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
def compared() -> Callable[..., list[Comparison]]:
    """Do a plan's runs, invented unless a runner is given, and summarise them."""

    def do(plan: Plan, runner: Runner = _invented) -> list[Comparison]:
        done, trouble = runs.collect(plan.every_order(), runner, lambda _: None)
        assert not trouble
        return summary.comparisons(plan, done, reference("Invented."))

    return do


@pytest.fixture
def evidence(plan: Plan, compared: Callable[..., list[Comparison]]) -> Adaptation:
    return Adaptation(comparisons=tuple(compared(plan)))


@pytest.fixture
def vision(evidence: Adaptation) -> Comparison:
    return evidence.comparisons[0]
