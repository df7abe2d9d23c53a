"""What exercise 06 asks: comparisons of toys, pairs of summaries, and one comparison in which all is real.

A toy's score is made of its strategy's quality and of the random numbers that building and fitting it drew, so a
score tells whether it came about as the contract asks. Drawn are strategies, seeds, sizes and scores.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from grader import fixtures
from grader.records import Asked, at_most
from grader.wire.names import STRATEGIES

from . import wire

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
COMPARED_CAP = 256 << 10
"""Bytes of a comparison: the probe takes 200 builds and fits, each of which has some 150."""
PREDICTIONS_CAP = 1 << 18
"""Numbers in the predictions of so many runs; right are eight runs."""


def draw(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw the plan for a run; the same seed draws the same. There are no arrays."""
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    plan = {
        "worker_seed": rng.randrange(2**31),
        "comparisons": [
            _comparison(rng, "several", "list", [*STRATEGIES, rng.choice(DEPTHS)], rng.randint(4, 6)),
            _comparison(rng, "few", "tuple", ["frozen", *rng.sample([*STRATEGIES[2:], *DEPTHS], 2)], 3),
            _comparison(rng, "single", "list", rng.sample(STRATEGIES, 2), 1),
        ],
        "pairs": _pairs(rng),
        "real": _real(rng),
    }
    return plan, {}


def _comparison(rng: random.Random, name: str, kind: str, names: list[str], runs: int) -> dict[str, Any]:
    """Draw one comparison; ``kind`` is what strategies and seeds are handed over in."""
    strategies = [_strategy(rng, each, index) for index, each in enumerate(rng.sample(names, len(names)))]
    return {
        "id": name,
        "kind": kind,
        "strategies": _unsorted(rng, strategies, key=lambda row: row["name"]),
        "seeds": _unsorted(rng, rng.sample(range(1, 1000), runs), key=lambda seed: seed),
        "luck": rng.uniform(0.1, 0.2),
    }


def _unsorted(rng: random.Random, items: list[Any], key: Callable[[Any], Any]) -> list[Any]:
    """Shuffle three items or more until no sorting gives the same order."""
    while len(items) > 2 and sorted(items, key=key) in (items, items[::-1]):  # noqa: PLR2004  two are always sorted
        rng.shuffle(items)
    return items


def _strategy(rng: random.Random, name: str, index: int) -> dict[str, Any]:
    """Draw a toy's shapes, no two toys of equal size, and what its scores are made of."""
    first, *others = [[rng.randint(2, 5), rng.randint(2, 5)] for _ in range(rng.randint(2, 4))]
    rest = SCALARS + 10 * index - sum(math.prod(shape) for shape in (first, *others))
    return {
        "name": name,
        "live": [first, [index + 1]],
        "still": [*others, [rest]],
        "quality": rng.uniform(0.5, 0.75),
        "share": rng.uniform(-0.05, 0.05),
    }


def _pairs(rng: random.Random) -> list[dict[str, Any]]:
    """Draw pairs that share their luck, a pair that does not, a single run, and pairs of unequal length."""
    several = rng.randint(4, 7)
    return [
        _pair(rng, "better", several, several, gain=rng.uniform(0.02, 0.05)),
        _pair(rng, "worse", several + 1, several + 1, gain=-rng.uniform(0.02, 0.05)),
        _pair(rng, "unlike", several, several, gain=rng.uniform(0.01, 0.05), shared=0.0),
        _pair(rng, "two-runs", 2, 2, gain=rng.uniform(0.02, 0.05)),
        _pair(rng, "single-run", 1, 1, gain=rng.uniform(0.02, 0.05)),
        _pair(rng, "fewer-first", several - 1, several, gain=0.03),
        _pair(rng, "fewer-second", several, several - 1, gain=0.03),
        _pair(rng, "single-first", 1, several, gain=0.03),
    ]


def _pair(
    rng: random.Random, name: str, first: int, second: int, *, gain: float, shared: float = 0.03
) -> dict[str, Any]:
    luck = [rng.gauss(0, shared) for _ in range(max(first, second))]
    names = rng.sample(STRATEGIES, 2)
    rows = [
        _summary(rng, strategy, [middle + each + rng.gauss(0, 0.006) for each in luck[:runs]])
        for strategy, middle, runs in zip(names, (0.8, 0.8 + gain), (first, second), strict=True)
    ]
    return {"id": name, "a": rows[0], "b": rows[1]}


def _summary(rng: random.Random, strategy: str, scores: Sequence[float]) -> dict[str, Any]:
    return {
        "strategy": strategy,
        "trainable": rng.randint(100, 100_000),
        "mean": statistics.fmean(scores),
        "std": statistics.stdev(scores) if len(scores) > 1 else 0.0,
        "n": len(scores),
        "scores": list(scores),
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
