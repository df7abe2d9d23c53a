"""The course's rule: what lab, note and hidden checks all choose by, and its edges."""

from __future__ import annotations

import random

import numpy as np
import pytest

from grader import course
from grader.adaptation import STRATEGIES, LearningRates, Strategy, StrategyName, matrices, rule

CONFUSION = course.part(course.exercises()["07_confusion_analysis"], "truth")
EVEN = [[1, 1], [1, 1]]


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


def by_hand(rows: list[Strategy], gate: float) -> Strategy | None:
    """Choose as the contract of exercise 08 says it, one row against each other."""
    kept = [row for row in rows if not row.worst_recall < gate]
    top = max((row.mean for row in kept), default=0.0)
    highest = next((row for row in kept if row.mean == top), None)
    if highest is None:
        return None
    good = [row for row in kept if row.mean + 1e-12 >= top - highest.std / highest.n**0.5]
    least = min(row.trainable for row in good)
    cheap = [row for row in good if row.trainable == least]
    return next(row for row in cheap if all(row.mean >= other.mean for other in cheap))


@pytest.mark.parametrize("seed", range(200))
def test_the_choice_is_the_one_made_by_hand(seed: int) -> None:
    rng = random.Random(seed)
    rows, gate = drawn(rng, rng.randint(1, 4)), rng.choice([0.0, 0.8])
    rng.shuffle(rows)
    assert rule.choose(rows, gate) is by_hand(rows, gate)


def test_the_earlier_of_equals_sets_the_bar_and_is_chosen() -> None:
    one, other = strategy("frozen", [0.4, 0.6], EVEN, 1), strategy("scratch", [0.5, 0.5], EVEN, 1)
    for rows in ([one, other], [other, one]):
        assert rule.best(rows) is rule.choose(rows, 0.0) is rows[0]
        assert rule.bar(rows) == pytest.approx(0.5 - rule.error(rows[0]))


def test_a_recall_on_the_gate_passes_and_nothing_passes_a_higher_one() -> None:
    rows = [strategy("frozen", [0.5], EVEN, 1)]
    assert rule.choose(rows, 0.5) is rows[0]
    assert rule.choose(rows, 0.5 + 1e-15) is None
    with pytest.raises(ValueError, match="empty"):
        rule.pick([])


def test_the_bar_is_a_standard_error_below_the_best() -> None:
    wide = [0.6 - 0.03**0.5, 0.6 - 0.03**0.5, 0.6 + 0.03**0.5, 0.6 + 0.03**0.5]
    best = strategy("full_finetune", wide, [[3, 2], [2, 3]], 2)
    assert rule.bar([best, strategy("frozen", [0.52], [[13, 12], [12, 13]], 1)]) == pytest.approx(0.6 - 0.2 / 2)


def test_what_is_on_the_bar_but_for_rounding_reaches_it() -> None:
    rows = [strategy("frozen", [0.5 - 1e-13], EVEN, 1), strategy("full_finetune", [0.5], EVEN, 2)]
    assert rule.pick(rows).strategy == "frozen"
    assert rule.pick([strategy("frozen", [0.5 - 1e-11], EVEN, 1), rows[1]]).strategy == "full_finetune"


@pytest.mark.parametrize("seed", range(10))
def test_headline_and_pattern_are_those_of_exercise_07(seed: int) -> None:
    before, after = (row.confusion for row in drawn(random.Random(seed), 2)[:2])
    one, other = np.array(before), np.array(after)
    assert matrices.headline(before, after) == pytest.approx(CONFUSION.headline(one, other))
    assert matrices.pattern(before, after) == pytest.approx(CONFUSION.pattern(one, other))
    assert np.array_equal(matrices.moved(before, after), CONFUSION.moved(one, other))


def test_the_error_of_a_gain_is_that_of_the_pairs() -> None:
    scores = (0.1, 0.5, 0.9)
    assert rule.paired_gain(scores, (0.2, 0.5, 0.8)) == pytest.approx((0.0, 0.1 / 3**0.5))
    assert rule.paired_gain(scores, (0.9, 0.5, 0.1)) == pytest.approx((0.0, 0.8 / 3**0.5))
    assert rule.paired_gain((0.6,), (0.5,)) == pytest.approx((0.1, 0.0))
