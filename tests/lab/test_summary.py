"""Runs become evidence: every figure follows from what the runs predicted."""

from __future__ import annotations

import statistics
from collections.abc import Callable

import pytest

from grader import fixtures
from grader.adaptation import STRATEGIES, Adaptation, Comparison, records
from grader.lab import runs
from grader.lab.changes import deltas
from grader.lab.runs import Plan, Runner, WantedRun
from tests.lab.conftest import SECONDS


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_strategy_is_summed_up_over_its_seeds(
    vision: Comparison, hits: dict[str, tuple[int, int]], name: str
) -> None:
    row = vision.strategy(name)
    common, rare = hits[name]
    assert vision.examples == 9 * 50 + 30
    assert row.scores == tuple((9 * common - 1 + rare) / 480 for _ in range(3))
    assert row.mean == statistics.fmean(row.scores)
    assert row.std == 0.0
    assert row.confusion[9][9] == 3 * rare
    assert row.worst_recall == pytest.approx(min(rare / 30, (3 * common - 1) / 150))
    assert (row.seconds, row.n, len(row.predicted)) == (SECONDS[name], 3, 3)


def test_the_worst_recall_has_its_error_over_the_examples_of_its_class(vision: Comparison) -> None:
    """The rare class is alike for every seed, so that its 8 of 30 are all the noise there is."""
    right = [1] * 8 + [0] * 22
    assert vision.strategy("frozen").worst_recall_error == pytest.approx(statistics.stdev(right) / 30**0.5)


def test_the_truth_is_that_of_the_fixtures(vision: Comparison) -> None:
    labels = fixtures.arrays("scenario-vision-rare")["validation_labels"]
    assert vision.truth == "".join(map(str, labels))
    assert records.confusion(vision.truth, [vision.truth], 10) == tuple(
        tuple(30 if true == 9 else 50 if true == said else 0 for said in range(10)) if true < 9 else (*[0] * 9, 30)
        for true in range(10)
    )


def test_what_is_kept_for_a_task_are_its_scalars_and_the_buffers_that_moved(vision: Comparison) -> None:
    assert [row.stored_bytes for row in vision.strategies] == [
        4 * 78_002 + 100, 4 * 650, 4 * 58_378 + 100, 4 * 78_002 + 100
    ]  # fmt: skip
    assert vision.cost == "scalars"


def test_spread_is_that_of_a_sample(compared: Callable[[Plan], list[Comparison]]) -> None:
    plan = runs.plan(None, "text-weapons", 7, [], 0.0)
    (text,) = compared(plan)
    scores = [(5 * 141 + 12 - (seed < 5)) / 795 for seed in range(7)]
    assert text.strategy("frozen").std == pytest.approx(statistics.stdev(scores))


def test_every_depth_has_its_cost_and_those_that_were_trained_their_scores(vision: Comparison) -> None:
    assert vision.blocks == ("stem", "layer1", "layer2", "layer3", "layer4")
    assert [row.trainable for row in vision.depths] == [650, 58378, 72906, 76586, 77770, 78002]
    assert vision.tested == (0, 1, 3, 5)
    assert vision.depths[1].scores == vision.strategy("partial_unfreeze").scores
    assert vision.depths[5].scores == vision.strategy("full_finetune").scores
    assert len(vision.depths[3].scores) == 3


def test_rates_and_depths_are_the_recipes(vision: Comparison) -> None:
    assert [row.depth for row in vision.strategies] == [5, 0, 1, 5]
    rates = vision.strategy("full_finetune").learning_rates
    assert (rates.head, rates.backbone) == (1e-2, 2e-3)


def test_all_pairs_are_compared(vision: Comparison) -> None:
    pairs = [(delta.before, delta.after) for delta in deltas(vision)]
    assert pairs == [(a, b) for i, a in enumerate(STRATEGIES) for b in STRATEGIES[i + 1 :]]
    delta = next(each for each in deltas(vision) if (each.before, each.after) == ("frozen", "partial_unfreeze"))
    assert delta.headline == pytest.approx((9 + 16) / 480)
    assert delta.pattern == pytest.approx((9 * 3 + 1 + 22 + 9 * 2 + 1 + 6) / 2 / 480)
    assert (delta.cell.true, delta.cell.predicted) == (9, 8)
    assert (delta.cell.before, delta.cell.after) == (3 * 22, 0)


def test_an_extra_depth_leaves_the_strategy_alone(
    plan: Plan, compared: Callable[[Plan], list[Comparison]], vision: Comparison
) -> None:
    (without,) = compared(runs.plan("vision", None, 3, [], 0.4))
    assert without.strategies == vision.strategies
    assert without.tested == (0, 1, 5)
    assert WantedRun(scenario="vision-rare", strategy="partial_unfreeze", depth=3, seed=0) in plan.every_order()


def test_the_audits_of_all_seeds_are_kept(evidence: Adaptation, plan: Plan, invented: Runner) -> None:
    assert all([audit.seed for audit in each.audits] == [0, 1, 2] for each in evidence.comparisons)
    assert all(each.frozen_as_declared for each in evidence.comparisons)
    assert invented(plan.every_order()[0]).audit is None


def test_the_provenance_names_every_file_that_was_used(vision: Comparison) -> None:
    assert set(vision.provenance.fixtures) == {"scenarios", "scenario-vision-rare", "vision-backbone"}
    assert {"python", "torch", "torchvision", "transformers", "numpy"} == set(vision.provenance.versions)
