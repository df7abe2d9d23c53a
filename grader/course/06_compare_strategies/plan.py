"""What exercise 06 asks: comparisons of toys, pairs of summaries, and one comparison in which all is real.

Which examples a toy is right about is made of its strategy's quality and of the random numbers that building and
fitting it drew, so outcomes tell whether they came about as the contract asks. Drawn are strategies, seeds, sizes and
outcomes.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from grader import fixtures
from grader.adaptation import rule
from grader.records import Asked, at_most
from grader.wire.names import STRATEGIES

from . import wire
from .truth import first_draws

DEPTHS = ("depth_2", "depth_3")
"""Strategies that nobody can know by heart."""
REAL = {
    "vision-case": (0, 1, 3, 4, 5, 6, 7, 8, 9, 15),
    "vision-negatives": (1, 2, 3, 4, 6, 7, 9, 11, 12, 14, 15),
    "text-topics": tuple(range(16)),
    "text-cipher": tuple(range(16)),
}
"""Scenarios with four different answers, and the seeds of which two are drawn: any two of them give the answer, also
when scores differ by four times as much as they do between processors (``benchmarks/real_seeds.py`` finds them)."""
SCALARS = 150
"""At least so many has a toy; no two of a comparison have as many."""
SMALL_GAIN = 0.02
"""Larger than this are the gains that are asked for."""
COMPARED_CAP = 256 << 10
"""Bytes of a comparison: the probe takes 200 builds and fits, each of which has some 150 and its marks."""
PREDICTIONS_CAP = 1 << 18
"""Numbers in the predictions of so many runs; right are eight runs."""


def draw(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw the plan for a run; the same seed draws the same. There are no arrays."""
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    plan: dict[str, Any] = {
        "worker_seed": rng.randrange(2**31),
        "comparisons": [
            _comparison(rng, "several", "list", [*STRATEGIES, rng.choice(DEPTHS)], rng.randint(4, 6)),
            _comparison(rng, "few", "tuple", ["frozen", *rng.sample([*STRATEGIES[2:], *DEPTHS], 2)], 3),
            _comparison(rng, "single", "list", rng.sample(STRATEGIES, 2), 1),
        ],
        "pairs": _pairs(rng),
        "real": _real(rng),
    }
    placed = [{**pair, "_place": place} for place, pair in enumerate(plan["pairs"])]
    shuffled = rng.sample(placed, len(placed))
    return {**plan, "pairs": [{**pair, "id": f"pair-{number}"} for number, pair in enumerate(shuffled)]}, {}


def _comparison(rng: random.Random, name: str, kind: str, names: list[str], runs: int) -> dict[str, Any]:
    """Draw one comparison; ``kind`` is what strategies and seeds are handed over in."""
    shared = [rng.uniform(0, 1) for _ in range(rng.randint(60, 80))]
    strategies = [_strategy(rng, each, index, shared) for index, each in enumerate(rng.sample(names, len(names)))]
    rows, luck = _unsorted(rng, strategies, key=lambda row: row["name"]), rng.uniform(0.3, 0.4)
    return {"id": name, "kind": kind, "strategies": rows, "seeds": _seeds(rng, runs, rows, luck), "luck": luck}


def _seeds(rng: random.Random, runs: int, rows: Sequence[dict[str, Any]], luck: float) -> list[int]:
    """Draw seeds until no two runs of one strategy have the same score."""
    while True:
        seeds: list[int] = _unsorted(rng, rng.sample(range(1, 1000), runs), key=lambda seed: seed)
        scores = [{sum(_toy(row, luck, seed)) for seed in seeds} for row in rows]
        if all(len(each) == runs for each in scores):
            return seeds


def _toy(row: dict[str, Any], luck: float, seed: int) -> list[bool]:
    first = first_draws(seed)[0]
    return wire.right_about(row, luck, first, first)


def _unsorted(rng: random.Random, items: list[Any], key: Callable[[Any], Any]) -> list[Any]:
    """Shuffle three items or more until no sorting gives the same order."""
    while len(items) > 2 and sorted(items, key=key) in (items, items[::-1]):  # noqa: PLR2004  two are always sorted
        rng.shuffle(items)
    return items


def _strategy(rng: random.Random, name: str, index: int, shared: Sequence[float]) -> dict[str, Any]:
    """Draw a toy's shapes, no two toys of equal size, and what decides which examples it is right about.

    Most of what makes an example difficult is ``shared`` by all strategies.
    """
    first, *others = [[rng.randint(2, 5), rng.randint(2, 5)] for _ in range(rng.randint(2, 4))]
    rest = SCALARS + 10 * index - sum(math.prod(shape) for shape in (first, *others))
    return {
        "name": name,
        "live": [first, [index + 1]],
        "still": [*others, [rest]],
        "quality": rng.uniform(0.35, 0.55),
        "share": rng.uniform(-0.05, 0.05),
        "difficulties": [round(each + rng.uniform(-0.1, 0.1), 6) for each in shared],
    }


def _pairs(rng: random.Random) -> list[dict[str, Any]]:
    """Draw pairs in which seeds, examples or both disagree, single ones of either, and pairs without partners."""
    s, e = rng.randint(4, 6), rng.randint(14, 20)
    return [
        _pair(rng, "better", (s, e), (s, e), gain=0.15),
        _pair(rng, "worse", (s + 1, e + 5), (s + 1, e + 5), gain=-0.15),
        _pair(rng, "seeds-agree", (s - 1, e), (s - 1, e), gain=0.1, taste=0.4, mood=0.03),
        _pair(rng, "examples-agree", (s, e + 9), (s, e + 9), gain=0.1, taste=0.05, mood=0.2),
        _pair(rng, "two-seeds", (2, e), (2, e), gain=0.15),
        _pair(rng, "single-seed", (1, e), (1, e), gain=0.2),
        _pair(rng, "single-example", (s + 3, 1), (s + 3, 1), gain=0.2, mood=0.4),
        _pair(rng, "fewer-seeds-first", (s - 1, e), (s, e)),
        _pair(rng, "fewer-seeds-second", (s, e), (s - 1, e)),
        _pair(rng, "single-seed-first", (1, e), (s, e)),
        _pair(rng, "fewer-examples-first", (s, e - 1), (s, e)),
        _pair(rng, "fewer-examples-second", (s, e), (s, e - 1)),
        _pair(rng, "single-example-first", (s, 1), (s, e)),
        _pair(rng, "turned", (s, e), (e, s)),
    ]


def _pair(
    rng: random.Random,
    name: str,
    first: tuple[int, int],
    second: tuple[int, int],
    *,
    gain: float = 0.1,
    taste: float = 0.15,
    mood: float = 0.1,
) -> dict[str, Any]:
    """Draw two summaries with so many seeds and examples, until seeds and examples disagree and the gain has its sign.

    Difficulty of examples and luck of seeds are shared; each strategy adds a ``taste`` for examples and a ``mood`` of
    seeds.
    """
    while True:
        longest = [max(each) for each in zip(first, second, strict=True)]
        luck, difficulty = ([rng.gauss(0, 0.2) for _ in range(each)] for each in longest)
        found = [
            _outcomes(rng, _spread(rng, luck[: size[0]], mood), _spread(rng, difficulty[: size[1]], taste), level)
            for level, size in ((0.1, first), (0.1 + gain, second))
        ]
        if first != second or _tells(found[0], found[1], gain):
            names = rng.sample(STRATEGIES, 2)
            rows = [_summary(rng, name, correct) for name, correct in zip(names, found, strict=True)]
            return {"_name": name, "a": rows[0], "b": rows[1]}


def _spread(rng: random.Random, shared: Sequence[float], own: float) -> list[float]:
    return [each + rng.gauss(0, own) for each in shared]


def _outcomes(rng: random.Random, luck: Sequence[float], difficulty: Sequence[float], level: float) -> rule.Outcomes:
    return [[level + lucky + rng.gauss(0, 0.05) > hard for hard in difficulty] for lucky in luck]


def _tells(first: rule.Outcomes, second: rule.Outcomes, gain: float) -> bool:
    """Whether a gain has the sign that it should have, and an error from every source that can have one."""
    found = rule.paired_gain(first, second)
    scatter = (found.over_seeds or len(first) == 1) and (found.over_examples or len(first[0]) == 1)
    return bool(scatter) and math.copysign(found.mean, gain) == found.mean and abs(found.mean) > SMALL_GAIN


def _summary(rng: random.Random, strategy: str, correct: rule.Outcomes) -> dict[str, Any]:
    scores = [statistics.fmean(row) for row in correct]
    return {
        "strategy": strategy,
        "trainable": rng.randint(100, 100_000),
        "mean": statistics.fmean(scores),
        "std": rule.std(scores),
        "n": len(scores),
        "scores": scores,
        "correct": [wire.marks(row) for row in correct],
    }


def _real(rng: random.Random) -> dict[str, Any]:
    """Draw the scenario and the seeds of the real comparison, and the order of the strategies.

    Predictions are asked for the hidden test; where its labels are not, as in a handout, for the
    validation set, whose labels everybody has.
    """
    name = rng.choice(sorted(REAL))
    return {
        "scenario": fixtures.scenarios()[name],
        "predicted": "test" if f"scenario-{name}-held-out" in fixtures.manifest() else "validation",
        "strategies": rng.sample(STRATEGIES, len(STRATEGIES)),
        "seeds": rng.sample(REAL[name], 2),
    }


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact that the probe may send for a plan, with its array."""
    yield from (Asked(wire.comparison(case), cap=COMPARED_CAP) for case in plan["comparisons"])
    yield from (Asked(wire.pair(row)) for row in plan["pairs"])
    yield Asked(wire.REAL, {wire.PREDICTIONS: at_most(PREDICTIONS_CAP, "uint8")}, COMPARED_CAP)
