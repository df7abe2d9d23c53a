"""The course's rule: what lab, note and hidden checks all choose by, and its edges."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from grader import course
from grader.adaptation import gate, matrices, records, rule

CONFUSION = course.part(course.exercises()["07_confusion_analysis"], "truth")
Told = Callable[["Row", "Row"], tuple[float, float]]


@dataclass(frozen=True, eq=False)
class Row:
    """As much of a strategy as the rule looks at; equal rows are still two."""

    trainable: int = 1
    mean: float = 0.5
    worst_recall: float = 1.0
    worst_recall_error: float = 0.0


def drawn(rng: random.Random) -> tuple[list[Row], Told]:
    """Draw rows on a coarse grid, so that ties of every kind are frequent, and the errors of their gains."""
    rows = [
        Row(
            trainable=rng.choice([10, 20, 30]),
            mean=rng.randint(10, 14) / 16,
            worst_recall=rng.randint(6, 10) / 16,
            worst_recall_error=rng.randint(0, 3) / 16,
        )
        for _ in range(rng.randint(1, 5))
    ]
    return rows, told((one, other, rng.randint(0, 3) / 16) for one, other in itertools.combinations(rows, 2))


def told(errors: Iterable[tuple[Row, Row, float]]) -> Told:
    """Return the gains with these errors, the same for both orders of a pair."""
    known = {frozenset((id(one), id(other))): error for one, other, error in errors}
    return lambda first, second: (second.mean - first.mean, known.get(frozenset((id(first), id(second))), 0.0))


def by_hand(rows: Sequence[Row], gain: Told, gate: float) -> Row | None:
    """Choose as the contract of exercise 08 says it, one row against each other."""
    kept = [row for row in rows if not row.worst_recall + row.worst_recall_error < gate]
    if not kept:
        return None
    top = max(row.mean for row in kept)
    highest = [row for row in kept if row.mean == top]
    best = next(row for row in highest if row.trainable == min(each.trainable for each in highest))
    good = []
    for row in kept:
        mean, error = gain(best, row)
        if row is best or -mean <= error + 1e-12:
            good.append(row)
    cheap = [row for row in good if row.trainable == min(each.trainable for each in good)]
    return next(row for row in cheap if all(row.mean >= other.mean for other in cheap))


@pytest.mark.parametrize("seed", range(100))
def test_the_choice_is_the_one_made_by_hand(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        (rows, gain), gate = drawn(rng), rng.choice([0.0, 0.5, 0.625, 1.0])
        assert rule.choose(rows, gain, gate) is by_hand(rows, gain, gate)


@pytest.mark.parametrize("seed", range(100))
def test_where_nothing_is_tied_the_order_of_the_rows_makes_no_difference(seed: int) -> None:
    sets = (drawn(random.Random(f"{seed} {attempt}")) for attempt in itertools.count())
    rows, gain = next(each for each in sets if len({(row.mean, row.trainable) for row in each[0]}) == len(each[0]) > 1)
    assert len({id(rule.choose(order, gain, 0.5)) for order in itertools.permutations(rows)}) == 1


def test_the_one_that_trains_less_is_the_best_of_equals_and_then_the_earlier() -> None:
    dear, cheap, twin = Row(trainable=3), Row(trainable=2), Row(trainable=2)
    assert rule.best([dear, cheap, twin]) is cheap
    assert rule.best([dear, twin, cheap]) is twin
    less = Row(trainable=1, mean=0.4)
    gain = told([(less, dear, 0.2), (less, cheap, 0.05)])
    assert rule.choose([dear, cheap, less], gain, 0.0) is cheap


def test_each_row_is_measured_by_the_error_of_its_own_difference() -> None:
    low, middle, high = Row(1, 0.80), Row(2, 0.85), Row(3, 0.90)
    errors = {(low, high): 0.09, (middle, high): 0.06, (low, middle): 0.2}
    gain = told((*pair, error) for pair, error in errors.items())
    assert rule.not_told_from(high, [low, middle, high], gain) == [middle, high]
    assert rule.choose([low, middle, high], gain, 0.0) is middle


def test_a_gain_of_exactly_its_error_is_not_told_and_rounding_is_allowed_for() -> None:
    cheap, best = Row(1, 0.25), Row(2, 0.5)
    for error, right in ((0.25, cheap), (0.25 - 1e-13, cheap), (0.25 - 1e-11, best), (0.0, best)):
        assert rule.pick([cheap, best], told([(cheap, best, error)])) is right


def test_equal_means_cannot_be_told_even_without_an_error() -> None:
    cheap, dear = Row(1), Row(2)
    assert rule.pick([dear, cheap], told([])) is cheap


def test_on_equal_cost_the_higher_mean_is_chosen() -> None:
    lower, higher = Row(1, 0.49), Row(1, 0.50)
    assert rule.pick([lower, higher], told([(lower, higher, 0.1)])) is higher


def test_on_equal_cost_means_that_differ_by_rounding_are_equal_and_the_earlier_is_chosen() -> None:
    lower, higher = Row(1, 0.1 * 3 - 1e-13), Row(1, 0.1 * 3)
    for rows in ([lower, higher], [higher, lower]):
        assert rule.cheapest([*rows, Row(2, 0.9)]) is rows[0]
        assert rule.pick(rows, told([(lower, higher, 0.1)])) is rows[0]


@pytest.mark.parametrize("seed", range(50))
def test_the_gate_is_held_against_every_class(seed: int) -> None:
    rng = random.Random(seed)
    found = {
        letter: rule.Estimate(mean=rng.randint(0, 8) / 8, over_seeds=rng.randint(0, 2) / 8, over_examples=0.0)
        for letter in records.LETTERS[: rng.randint(1, 5)]
    }
    verdicts = {letter: rule.verdict(each.mean, each.error, 0.5) for letter, each in found.items()}
    gated = gate.gated(found, 0.5)
    assert (gated.verdict == "fails") == ("fails" in verdicts.values())
    assert (gated.verdict == "passes") == (set(verdicts.values()) == {"passes"})
    decisive = records.LETTERS[gated.true]
    assert (verdicts[decisive], found[decisive]) == (gated.verdict, gated.recall)
    same = [found[letter].mean for letter in found if verdicts[letter] == gated.verdict]
    assert gated.recall.mean == min(same)


@pytest.mark.parametrize(
    ("recall", "error", "verdict"),
    [
        (0.5, 0.0, "passes"),
        (0.625, 0.125, "passes"),
        (0.625, 0.1875, "undecided"),
        (0.5, 0.125, "undecided"),
        (0.375, 0.125, "undecided"),
        (0.375, 0.0625, "fails"),
        (0.4999, 0.0, "fails"),
    ],
)
def test_the_gate_has_three_answers(recall: float, error: float, verdict: str) -> None:
    row = Row(worst_recall=recall, worst_recall_error=error)
    assert rule.gate(row, 0.5) == verdict
    assert rule.admitted([row], 0.5) == ([] if verdict == "fails" else [row])


def test_what_is_turned_away_is_neither_chosen_nor_the_best() -> None:
    low, middle, high = Row(1, 0.80), Row(2, 0.85), Row(3, 0.90, 0.1, 0.3)
    gain = told([(low, middle, 0.06), (low, high, 0.01), (middle, high, 0.01)])
    assert rule.choose([low, middle, high], gain, 0.5) is low
    assert rule.choose([low, middle, high], gain, 0.4) is high
    assert rule.choose([low, middle, high], gain, 1.1) is None
    with pytest.raises(ValueError, match="empty"):
        rule.pick([], gain)


def outcomes(rng: np.random.Generator, seeds: int, examples: int) -> list[list[bool]]:
    return (rng.random((seeds, examples)) < rng.random(examples)).tolist()


@pytest.mark.parametrize("seed", range(50))
def test_an_estimate_has_the_errors_that_numpy_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 6), rng.integers(1, 40)
    values = rng.normal(size=shape)
    found = rule.estimate(values.tolist())
    over = [
        means.std(ddof=1) / len(means) ** 0.5 if len(means) > 1 else 0.0
        for means in (values.mean(axis=1), values.mean(axis=0))
    ]
    assert found.mean == pytest.approx(values.mean())
    assert (found.over_seeds, found.over_examples) == pytest.approx(tuple(over))
    assert found.error**2 == pytest.approx(over[0] ** 2 + over[1] ** 2)


@pytest.mark.parametrize("seed", range(50))
def test_a_paired_gain_is_the_estimate_of_the_differences(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = int(rng.integers(1, 5)), int(rng.integers(1, 60))
    first, second = (outcomes(rng, *shape) for _ in range(2))
    there, back = rule.paired_gain(first, second), rule.paired_gain(second, first)
    assert there == rule.estimate((np.array(second, dtype=int) - np.array(first, dtype=int)).tolist())
    assert back.mean == pytest.approx(-there.mean)
    assert back.error == pytest.approx(there.error)


def test_a_single_seed_or_example_adds_no_error_of_its_own() -> None:
    one = rule.estimate([[1, 0, 1, 0]])
    assert (one.over_seeds, one.over_examples) == pytest.approx((0.0, 3**-0.5 / 2))
    assert rule.estimate([[1], [0]]).over_examples == 0.0
    assert rule.estimate([[1], [0]]).over_seeds == pytest.approx(0.5)
    assert rule.estimate([[1]]).error == 0.0


def test_what_is_easy_or_hard_for_both_drops_out_of_a_gain() -> None:
    hard = [[True] * 30 + [False] * 30] * 3
    assert rule.estimate(hard).over_examples > 0.06
    assert rule.paired_gain(hard, hard).error == 0.0
    apart = [[not right for right in seed] for seed in hard]
    assert rule.paired_gain(hard, apart).over_examples == pytest.approx(2 * rule.estimate(hard).over_examples)


@pytest.mark.parametrize("other", [[[True, False]], [[True], [False]], [[True, False], [True]]])
def test_runs_that_cannot_be_paired_are_refused(other: list[list[bool]]) -> None:
    with pytest.raises(ValueError, match="argument"):
        rule.paired_gain([[True, False], [False, True]], other)


def confusion(rng: np.random.Generator) -> records.Matrix:
    return tuple(tuple(row) for row in rng.integers(1, 9, size=(3, 3)).tolist())


@pytest.mark.parametrize("seed", range(10))
def test_headline_and_pattern_are_those_of_exercise_07(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before, after = confusion(rng), confusion(rng)
    one, other = np.array(before), np.array(after)
    assert matrices.headline(before, after) == pytest.approx(CONFUSION.headline(one, other))
    assert matrices.pattern(before, after) == pytest.approx(CONFUSION.pattern(one, other))
    assert np.array_equal(matrices.moved(before, after), CONFUSION.moved(one, other))
