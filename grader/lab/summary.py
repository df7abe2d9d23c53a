"""From finished runs to the evidence: pure functions, no torch."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from grader import VERSION, course, fixtures
from grader.adaptation import (
    STRATEGIES,
    Comparison,
    Depth,
    Function,
    LearningRates,
    RunOrigin,
    Strategy,
    StrategyName,
    records,
)
from grader.authoring.anatomy import Anatomy

from . import runs
from .runs import Plan, Row, Runs, backbone, complete_seeds

_LIBRARIES = ("torch", "torchvision", "transformers", "numpy")


def comparisons(plan: Plan, done: Runs, functions: Sequence[Function]) -> list[Comparison]:
    """Summarise every scenario for which at least one seed is complete."""
    found = (_comparison(row, plan, done, functions) for row in plan.rows)
    return [each for each in found if each is not None]


def _comparison(row: Row, plan: Plan, done: Runs, functions: Sequence[Function]) -> Comparison | None:
    wanted = plan.orders(row)
    seeds = complete_seeds(wanted, done)
    if not seeds:
        return None
    body = backbone(row)
    kept = {order: done[order] for order in wanted if order.seed in seeds}
    truth = runs.truth(row)
    rows = tuple(_strategy(row, body, strategy, kept, truth) for strategy in STRATEGIES)
    return Comparison(
        modality=row["modality"],
        scenario=row["name"],
        about=row["about"],
        classes=tuple(row["classes"]),
        examples=len(truth),
        truth=truth,
        steps=row["steps"],
        batch=row["batch"],
        warmup=row["warmup"],
        seeds=seeds,
        min_recall=plan.min_recall,
        cost=plan.cost,
        blocks=body.block_titles,
        strategies=rows,
        depths=_depths(row, body, rows, kept, truth),
        audits=tuple(run.audit for run in kept.values() if run.audit is not None),
        functions=tuple(functions),
        provenance=_provenance(row),
    )


def _strategy(row: Row, body: Anatomy, name: StrategyName, kept: Runs, truth: str) -> Strategy:
    depth = {"frozen": 0, "partial_unfreeze": row["depth"]}.get(name, len(body.blocks))
    its = [run for order, run in kept.items() if (order.strategy, order.depth) == (name, row["depth"])]
    predicted = [run.predicted for run in its]
    head, rest = row["rates"][name]
    return Strategy(
        strategy=name,
        depth=depth,
        trainable=its[0].trainable,
        seconds=round(statistics.fmean(run.seconds for run in its), 4),
        moved_buffers=its[0].moved_buffers,
        learning_rates=LearningRates(head=head, backbone=rest),
        **records.figures(truth, predicted, len(row["classes"])),
    )


def _depths(row: Row, body: Anatomy, rows: Sequence[Strategy], kept: Runs, truth: str) -> tuple[Depth, ...]:
    """Return every depth of the pretrained backbone, with the scores of those that were trained."""
    tried = {each.depth: each.scores for each in rows if each.strategy != "scratch"}
    for order, run in kept.items():
        if order.strategy == "partial_unfreeze" and order.depth != row["depth"]:
            scores = records.accuracies(records.outcomes(truth, [run.predicted]))
            tried[order.depth] = (*tried.get(order.depth, ()), *scores)
    return tuple(
        Depth(depth=depth, trainable=body.size_of(body.live_at(depth)), scores=tried.get(depth, ()))
        for depth in range(len(body.blocks) + 1)
    )


def _provenance(row: Row) -> RunOrigin:
    used = ("scenarios", f"scenario-{row['name']}", f"{row['modality']}-backbone")
    return RunOrigin(
        created=datetime.now(UTC).replace(microsecond=0),
        grader=VERSION,
        course=course.version(),
        versions={"python": sys.version.split()[0], **{name: version(name) for name in _LIBRARIES}},
        fixtures={name: fixtures.verified(name).sha256 for name in used},
    )


def kept(plan: Plan, comparisons: Sequence[Comparison]) -> str:
    """Say of each scenario how many seeds came to their end with every strategy."""
    whole = {each.scenario: len(each.seeds) for each in comparisons}
    told = ", ".join(f"{row['name']} {whole.get(row['name'], 0)} of {plan.seeds}" for row in plan.rows)
    return f"Complete seeds, which are kept: {told}."
