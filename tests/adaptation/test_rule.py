"""The rule that learners get with the lab is the one that the hidden checks know."""

from __future__ import annotations

import random

import msgspec
import numpy as np
import pytest

from grader import course
from grader.adaptation import STRATEGIES, LearningRates, Strategy, StrategyName, rule

CHOOSE, CONFUSION = (
    course.part(course.exercises()[slug], "truth") for slug in ("08_choose_depth", "07_confusion_analysis")
)


def strategy(name: StrategyName, scores: list[float], confusion: list[list[int]], trainable: int) -> Strategy:
    counts = np.array(confusion)
    return Strategy(
        strategy=name,
        depth=0,
        trainable=trainable,
        scores=tuple(scores),
        mean=float(np.mean(scores)),
        std=float(np.std(scores, ddof=1)) if len(scores) > 1 else 0.0,
        n=len(scores),
        worst_recall=float((np.diag(counts) / counts.sum(1)).min()),
        seconds=0.0,
        confusion=tuple(map(tuple, confusion)),
        learning_rates=LearningRates(head=0.1, backbone=0.1),
    )


def drawn(rng: random.Random, seeds: int) -> list[Strategy]:
    """Draw four strategies of which some lie within an error of each other."""
    rows = []
    for name in STRATEGIES:
        confusion = [[rng.randint(7, 9) if row == column else 1 for column in range(3)] for row in range(3)]
        mean, width = float(np.trace(confusion) / np.sum(confusion)), rng.choice([0.0, 0.1])
        scores = [mean + (seed - (seeds - 1) / 2) * width for seed in range(seeds)]
        rows.append(strategy(name, scores, confusion, rng.choice([10, 20])))
    return rows


@pytest.mark.parametrize("seed", range(40))
def test_the_choice_is_that_of_exercise_08(seed: int) -> None:
    rng = random.Random(seed)
    rows, gate = drawn(rng, rng.randint(1, 4)), rng.choice([0.0, 0.8])
    kept = rule.admitted(rows, gate)
    expected = CHOOSE.choose([msgspec.convert(row, CHOOSE.Row, from_attributes=True) for row in rows], gate)
    assert (rule.cheapest(kept).strategy if kept else None) == (expected.strategy if expected else None)


def test_the_bar_is_a_standard_error_below_the_best() -> None:
    wide = [0.6 - 0.03**0.5, 0.6 - 0.03**0.5, 0.6 + 0.03**0.5, 0.6 + 0.03**0.5]
    best = strategy("full_finetune", wide, [[3, 2], [2, 3]], 2)
    assert rule.bar([best, strategy("frozen", [0.52], [[13, 12], [12, 13]], 1)]) == pytest.approx(0.6 - 0.2 / 2)


def test_what_is_on_the_bar_but_for_rounding_reaches_it() -> None:
    even = [[1, 1], [1, 1]]
    rows = [strategy("frozen", [0.5 - 1e-13], even, 1), strategy("full_finetune", [0.5], even, 2)]
    assert rule.cheapest(rows).strategy == "frozen"
    assert rule.cheapest([strategy("frozen", [0.5 - 1e-11], even, 1), rows[1]]).strategy == "full_finetune"


@pytest.mark.parametrize("seed", range(10))
def test_headline_and_pattern_are_those_of_exercise_07(seed: int) -> None:
    before, after = (row.confusion for row in drawn(random.Random(seed), 2)[:2])
    one, other = np.array(before), np.array(after)
    assert rule.headline(before, after) == pytest.approx(CONFUSION.headline(one, other))
    assert rule.pattern(before, after) == pytest.approx(CONFUSION.pattern(one, other))
    assert np.array_equal(rule.moved(before, after), CONFUSION.moved(one, other))


def test_the_error_of_a_gain_is_that_of_the_pairs() -> None:
    even = [[1, 1], [1, 1]]
    rows = [strategy("frozen", scores, even, 1) for scores in ([0.1, 0.5, 0.9], [0.2, 0.5, 0.8], [0.9, 0.5, 0.1])]
    assert rule.paired_gain(rows[0], rows[1]) == pytest.approx((0.0, 0.1 / 3**0.5))
    assert rule.paired_gain(rows[0], rows[2]) == pytest.approx((0.0, 0.8 / 3**0.5))
    assert rule.paired_gain(strategy("frozen", [0.5], even, 1), strategy("frozen", [0.5], even, 1)) == (0.0, 0.0)
