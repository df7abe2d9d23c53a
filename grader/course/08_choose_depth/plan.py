"""What exercise 08 asks: tables of summaries, some in every order, and ladders of tested depths.

The tables are written down as cases; drawn are the scale and the shift of their scores, their costs, and in most of
them which strategy has which row, so that no name and no number can be learned by heart.
"""

from __future__ import annotations

import itertools
import math
import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.records import Asked
from grader.wire.names import STRATEGIES

from . import wire

NEAR_MISS = 2e-6
"""Far outside rounding, and far inside what a rounded table would show."""
Plain = tuple[str, float, float, int, float]
"""Cost (a key of ``_costs``), mean, standard deviation, runs, worst recall."""

TABLES: dict[str, tuple[Plain, ...]] = {
    "partial-suffices": (
        ("high", 0.70, 0.030, 4, 0.4),
        ("low", 0.80, 0.020, 4, 0.5),
        ("middle", 0.90, 0.012, 4, 0.6),
        ("high", 0.905, 0.016, 4, 0.6),
    ),
    "frozen-suffices": (
        ("high", 0.60, 0.030, 4, 0.3),
        ("low", 0.92, 0.010, 4, 0.0),
        ("middle", 0.91, 0.012, 4, 0.6),
        ("high", 0.922, 0.018, 4, 0.6),
    ),
    "full-needed": (
        ("high", 0.75, 0.030, 4, 0.4),
        ("low", 0.80, 0.020, 4, 0.5),
        ("middle", 0.90, 0.012, 4, 0.6),
        ("high", 0.95, 0.016, 4, 0.6),
    ),
}
"""In the order of ``STRATEGIES``, which keep their rows."""
SPREAD: dict[str, tuple[Plain, ...]] = {
    "sixteen-runs": (("low", 0.83, 0.02, 16, 0.6), ("middle", 0.885, 0.03, 16, 0.6), ("high", 0.90, 0.08, 16, 0.6)),
    "noisy-candidate": (("low", 0.85, 0.30, 4, 0.6), ("middle", 0.893, 0.01, 4, 0.6), ("high", 0.90, 0.02, 4, 0.6)),
    "unequal-runs": (("low", 0.87, 0.02, 4, 0.6), ("middle", 0.885, 0.02, 4, 0.6), ("high", 0.90, 0.08, 25, 0.6)),
    "a-hair-apart": (("low", 0.85, 0.02, 4, 0.6), ("middle", 0.89999, 0.02, 4, 0.6), ("high", 0.90, 0.02, 4, 0.6)),
    "single-runs": (("low", 0.80, 0.0, 1, 0.6), ("middle", 0.89, 0.0, 1, 0.6), ("high", 0.90, 0.0, 1, 0.6)),
}
GATE: dict[str, tuple[Plain, ...]] = {
    "cheapest-misses-a-class": (
        ("low", 0.90, 0.01, 4, 0.0),
        ("middle", 0.898, 0.01, 4, 0.62),
        ("high", 0.905, 0.02, 4, 0.7),
    ),
    "best-is-refused": (
        ("low", 0.885, 0.02, 4, 0.6),
        ("middle", 0.905, 0.05, 4, 0.65),
        ("high", 0.91, 0.02, 4, 0.1),
    ),
    "exactly-enough": (
        ("low", 0.90, 0.01, 4, 0.5),
        ("middle", 0.899, 0.01, 4, 0.8),
        ("high", 0.905, 0.02, 4, 0.8),
    ),
}
MIN_RECALL = 0.5
ORDERED: dict[str, tuple[Plain, ...]] = {
    "every-order": (
        ("low", 0.80, 0.02, 4, 0.6),
        ("middle", 0.91, 0.02, 4, 0.6),
        ("high", 0.905, 0.02, 4, 0.6),
        ("highest", 0.912, 0.02, 4, 0.6),
    ),
    "every-order-cheapest": (
        ("low", 0.93, 0.02, 4, 0.6),
        ("middle", 0.935, 0.03, 4, 0.6),
        ("high", 0.80, 0.01, 4, 0.6),
        ("highest", 0.94, 0.04, 4, 0.6),
    ),
    "every-order-equal-cost": (
        ("low", 0.70, 0.02, 4, 0.6),
        ("high", 0.93, 0.02, 4, 0.6),
        ("high", 0.94, 0.04, 4, 0.6),
        ("highest", 0.935, 0.02, 4, 0.6),
    ),
}
TIES: dict[str, tuple[Plain, ...]] = {
    "equal-cost": (("high", 0.943, 0.02, 4, 0.6), ("low", 0.80, 0.02, 4, 0.6), ("high", 0.95, 0.02, 4, 0.6)),
    "equal-cost-and-mean": (("high", 0.95, 0.02, 4, 0.6), ("low", 0.80, 0.02, 4, 0.6), ("high", 0.95, 0.02, 4, 0.6)),
    "nearly-equal-cost": (("higher", 0.95, 0.08, 4, 0.6), ("low", 0.80, 0.02, 4, 0.6), ("high", 0.92, 0.02, 4, 0.6)),
}
EDGES = {"on-the-bar": 0.0, "a-rounding-below": 2e-15, "just-below": NEAR_MISS}
"""How far below the bar the cheapest mean lies."""
ANSWERS_CAP = 256 << 10
"""Bytes of the answers for every order of a table: up to 24, each with a traceback where it raised."""


def draw(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw the plan for a run; the same seed draws the same. There are no arrays."""
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    choices = [_case(rng, name, table, names=STRATEGIES) for name, table in TABLES.items()]
    choices += [_case(rng, name, table) for name, table in SPREAD.items()]
    choices += [_case(rng, name, table, min_recall=MIN_RECALL) for name, table in GATE.items()]
    choices += [_case(rng, name, table, every_order=True) for name, table in ORDERED.items()]
    choices += [_case(rng, name, table, every_order=True) for name, table in TIES.items()]
    choices += [_edge(rng, name, gap) for name, gap in EDGES.items()]
    choices.append(_case(rng, "nothing-left", TABLES["partial-suffices"], min_recall=0.8))
    return {"choices": choices, "depths": _depths(rng)}, {}


def _case(
    rng: random.Random,
    name: str,
    table: tuple[Plain, ...],
    *,
    names: Sequence[str] = (),
    min_recall: float | None = None,
    every_order: bool = False,
) -> dict[str, Any]:
    """Turn a table into summaries with drawn scores, costs and names."""
    scale = rng.uniform(0.5, 0.9)
    shift = rng.uniform(0, 0.96 * (1 - scale))
    costs = _costs(rng)
    names = names or rng.sample(STRATEGIES, len(table))
    noise_seed = rng.randrange(2**31)
    rows = [
        _row(noise_seed, strategy, costs[cost], shift + scale * mean, scale * std, n, recall)
        for strategy, (cost, mean, std, n, recall) in zip(names, table, strict=True)
    ]
    places = range(len(rows))
    orders = list(map(list, itertools.permutations(places))) if every_order else [list(places)]
    rng.shuffle(orders)
    return {"id": name, "rows": rows, "min_recall": min_recall, "orders": orders}


def _costs(rng: random.Random) -> dict[str, int]:
    high = rng.randint(3_500_000, 9_000_000)
    return {
        "low": rng.randint(1_000, 9_000),
        "middle": rng.randint(10_000, 3_000_000),
        "high": high,
        "higher": high + rng.randint(1, 1_000),
        "highest": rng.randint(9_500_000, 12_000_000),
    }


def _row(
    noise_seed: int, strategy: str, trainable: int, mean: float, std: float, n: int, recall: float
) -> dict[str, Any]:
    """Return a summary whose scores have this mean and this standard deviation."""
    noise = random.Random(noise_seed)  # noqa: S311  equal rows must get equal scores
    drawn = [noise.gauss(0, 1) for _ in range(n)]
    middle, spread = statistics.fmean(drawn), statistics.stdev(drawn) if n > 1 else 1.0
    return {
        "strategy": strategy,
        "trainable": trainable,
        "mean": mean,
        "std": std,
        "n": n,
        "scores": [mean + std * (score - middle) / spread for score in drawn],
        "worst_recall": recall,
    }


def _edge(rng: random.Random, name: str, gap: float) -> dict[str, Any]:
    """Draw two strategies, the cheap one this far below the bar of the other."""
    scale, n = rng.uniform(0.5, 0.9), rng.choice([4, 9, 16])
    std = rng.uniform(0.05, 0.1)
    costs, names, noise_seed = _costs(rng), rng.sample(STRATEGIES, 2), rng.randrange(2**31)
    rows = [
        _row(noise_seed, names[0], costs["high"], scale, std, n, 0.6),
        _row(noise_seed, names[1], costs["low"], scale - std / math.sqrt(n) - gap, std / 2, n, 0.6),
    ]
    return {"id": name, "rows": rows, "min_recall": None, "orders": [[0, 1]]}


def _depths(rng: random.Random) -> list[dict[str, Any]]:
    """Draw ladders with wide gaps, gaps of two and one, nothing below, and chosen depths that were not tested."""
    start, wide = rng.randint(1, 3), rng.randint(3, 6)
    middle, top = start + wide, start + wide + 7
    ladders = [
        ([0, middle, top], middle),
        ([top, 0, start + wide - 2], top),
        ([0, middle, middle + 2, top], middle + 2),
        ([start, middle, middle + 1], middle + 1),
        ([0, 1, middle], 1),
        ([middle, top], middle),
        ([middle], middle),
        ([0, middle, top], middle + 2),
        ([start, middle], top),
        ([middle, top], start),
    ]
    return [{"tested": _shuffled(rng, tested), "chosen": chosen} for tested, chosen in ladders]


def _shuffled(rng: random.Random, depths: list[int]) -> list[int]:
    return rng.sample(depths, len(depths))


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact that the probe may send for a plan; there are no arrays."""
    yield from (Asked(wire.choice(case["id"]), cap=ANSWERS_CAP) for case in plan["choices"])
    yield from (Asked(wire.depth(index)) for index in range(len(plan["depths"])))
