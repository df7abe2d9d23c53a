"""What exercise 08 asks: tables of summaries, some in every order, and ladders of tested depths.

The tables are written down as cases; drawn are the scale and the shift of their scores, their costs, and in most of
them which strategy has which row, so that no name and no number can be learned by heart. With a table goes the
standard error of every pair's gain, which no summary tells.
"""

from __future__ import annotations

import itertools
import random
import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from grader.records import Asked
from grader.wire.names import STRATEGIES

from . import wire

NEAR_MISS = 2e-6
"""Far outside rounding, and far inside what a rounded table would show."""


class Plain(NamedTuple):
    """One row before its scores are scaled."""

    cost: str
    """A key of ``_costs``."""
    mean: float
    std: float = 0.02
    n: int = 4
    recall: float = 0.6
    """The worst."""
    recall_error: float = 0.04


class Table(NamedTuple):
    """A case: its rows, and the standard errors of their gains."""

    rows: tuple[Plain, ...]
    errors: tuple[float, ...]
    """Of the pairs in the order of ``itertools.combinations``: first and second row, first and third, …"""


TABLES: dict[str, Table] = {
    "partial-suffices": Table(
        (
            Plain("high", 0.70, 0.030, recall=0.4),
            Plain("low", 0.80, 0.020, recall=0.5),
            Plain("middle", 0.90, 0.012),
            Plain("high", 0.905, 0.016),
        ),
        (0.02, 0.02, 0.02, 0.01, 0.01, 0.0075),
    ),
    "frozen-suffices": Table(
        (
            Plain("high", 0.60, 0.030, recall=0.3),
            Plain("low", 0.92, 0.010, recall=0.0, recall_error=0.0),
            Plain("middle", 0.91, 0.012),
            Plain("high", 0.922, 0.018),
        ),
        (0.02, 0.02, 0.02, 0.01, 0.006, 0.008),
    ),
    "full-needed": Table(
        (
            Plain("high", 0.75, 0.030, recall=0.4),
            Plain("low", 0.80, 0.020, recall=0.5),
            Plain("middle", 0.90, 0.012),
            Plain("high", 0.95, 0.016),
        ),
        (0.02, 0.02, 0.02, 0.01, 0.01, 0.009),
    ),
}
"""In the order of ``STRATEGIES``, which keep their rows."""
NOISE: dict[str, Table] = {
    "well-known-difference": Table(
        (Plain("low", 0.82, 0.02, 16), Plain("middle", 0.88, 0.03), Plain("high", 0.90, 0.1, 16)), (0.01, 0.01, 0.004)
    ),
    "noisy-difference": Table(
        (Plain("low", 0.80), Plain("middle", 0.881), Plain("high", 0.90, 0.016)), (0.03, 0.05, 0.03)
    ),
    "noisy-candidate": Table(
        (Plain("low", 0.85, 0.30), Plain("middle", 0.893, 0.01), Plain("high", 0.90, 0.02)), (0.02, 0.02, 0.009)
    ),
    "cheapest-is-noisier": Table(
        (Plain("low", 0.80), Plain("middle", 0.881), Plain("high", 0.90, 0.016)), (0.01, 0.03, 0.01)
    ),
    "middle-is-noisier": Table(
        (Plain("low", 0.87), Plain("middle", 0.881), Plain("high", 0.90, 0.016)), (0.005, 0.015, 0.035)
    ),
    "middle-is-told": Table(
        (Plain("low", 0.87), Plain("middle", 0.881), Plain("high", 0.90, 0.016)), (0.009, 0.035, 0.01)
    ),
    "a-chain": Table((Plain("low", 0.876), Plain("middle", 0.888), Plain("high", 0.90)), (0.014, 0.018, 0.014)),
    "a-hair-apart": Table((Plain("low", 0.85), Plain("middle", 0.89999), Plain("high", 0.90)), (0.01, 0.01, 2e-5)),
    "single-runs": Table(
        (Plain("low", 0.80, 0.0, 1), Plain("middle", 0.89, 0.0, 1), Plain("high", 0.90, 0.0, 1)), (0.02, 0.02, 0.015)
    ),
}
"""What a summary tells of noise leads to another choice than the errors of the gains do."""
MIN_RECALL = 0.5
GATE: dict[str, Table] = {
    "cheapest-misses-a-class": Table(
        (Plain("low", 0.90, recall=0.0, recall_error=0.0), Plain("middle", 0.898), Plain("high", 0.905, recall=0.7)),
        (0.01, 0.02, 0.02),
    ),
    "best-is-turned-away": Table(
        (Plain("low", 0.887), Plain("middle", 0.905), Plain("high", 0.91, recall=0.1)), (0.025, 0.01, 0.01)
    ),
    "just-turned-away": Table(
        (Plain("low", 0.90, recall=0.45, recall_error=0.03), Plain("middle", 0.899), Plain("high", 0.905)),
        (0.01, 0.02, 0.02),
    ),
    "undecided-below": Table(
        (Plain("low", 0.90, recall=0.45, recall_error=0.08), Plain("middle", 0.899), Plain("high", 0.905)),
        (0.01, 0.02, 0.02),
    ),
    "undecided-above": Table(
        (Plain("low", 0.90, recall=0.53, recall_error=0.06), Plain("middle", 0.899), Plain("high", 0.905)),
        (0.01, 0.02, 0.02),
    ),
    "undecided-best": Table(
        (Plain("low", 0.885), Plain("middle", 0.899), Plain("high", 0.91, recall=0.47, recall_error=0.06)),
        (0.02, 0.01, 0.013),
    ),
    "exactly-enough": Table(
        (Plain("low", 0.90, recall=0.375, recall_error=0.125), Plain("middle", 0.899), Plain("high", 0.905)),
        (0.01, 0.02, 0.02),
    ),
}
ORDERED: dict[str, Table] = {
    "every-order": Table(
        (Plain("low", 0.80), Plain("middle", 0.91), Plain("high", 0.905), Plain("highest", 0.912)),
        (0.02, 0.02, 0.02, 0.01, 0.008, 0.009),
    ),
    "every-order-cheapest": Table(
        (Plain("low", 0.931), Plain("middle", 0.935, 0.03), Plain("high", 0.80, 0.01), Plain("highest", 0.94, 0.04)),
        (0.01, 0.02, 0.018, 0.02, 0.01, 0.02),
    ),
    "every-order-equal-cost": Table(
        (Plain("low", 0.70), Plain("high", 0.931), Plain("high", 0.94, 0.04), Plain("highest", 0.935)),
        (0.02, 0.02, 0.02, 0.018, 0.01, 0.01),
    ),
}
"""All with the same names, and each with another row to choose, so that no name is right for all of them."""
TIES: dict[str, Table] = {
    "equal-cost": Table((Plain("high", 0.943), Plain("low", 0.80), Plain("high", 0.95)), (0.02, 0.009, 0.02)),
    "equal-cost-and-mean": Table((Plain("high", 0.95), Plain("low", 0.80), Plain("high", 0.95)), (0.02, 0.005, 0.02)),
    "equal-best": Table((Plain("high", 0.95), Plain("low", 0.932), Plain("high", 0.95)), (0.01, 0.005, 0.03)),
    "equal-mean": Table((Plain("middle", 0.95), Plain("low", 0.932), Plain("high", 0.95)), (0.01, 0.005, 0.03)),
    "nearly-equal-cost": Table(
        (Plain("higher", 0.95, 0.08), Plain("low", 0.80), Plain("high", 0.92)), (0.02, 0.036, 0.02)
    ),
}
"""Where two means are the best, the cheaper row lies within the error of its gain to one of them only."""
EDGES = {"on-the-edge": 0.0, "a-rounding-beyond": 2e-15, "just-beyond": NEAR_MISS}
"""By how much the best surpasses the cheaper row more than the error of that gain."""
ANSWERS_CAP = 256 << 10
"""Bytes of the answers for every order of a table: up to 24, each with a traceback where it raised."""


def draw(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw the plan for a run; the same seed draws the same. There are no arrays."""
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    choices = [_case(rng, name, table, names=STRATEGIES) for name, table in TABLES.items()]
    choices += [_case(rng, name, table) for name, table in NOISE.items()]
    choices += [_case(rng, name, table, min_recall=MIN_RECALL) for name, table in GATE.items()]
    names = rng.sample(STRATEGIES, len(STRATEGIES))
    choices += [_case(rng, name, table, names=names, every_order=True) for name, table in ORDERED.items()]
    choices += [_case(rng, name, table, every_order=True) for name, table in TIES.items()]
    choices += [_edge(rng, name, gap) for name, gap in EDGES.items()]
    choices.append(_case(rng, "nothing-left", TABLES["partial-suffices"], min_recall=0.8))
    rng.shuffle(choices)
    return {"choices": choices, "depths": _shuffled(rng, _depths(rng))}, {}


def _case(
    rng: random.Random,
    name: str,
    table: Table,
    *,
    names: Sequence[str] = (),
    min_recall: float | None = None,
    every_order: bool = False,
) -> dict[str, Any]:
    """Turn a table into summaries with drawn scores, costs and names."""
    scale = rng.uniform(0.5, 0.9)
    shift = rng.uniform(0, 0.96 * (1 - scale))
    costs = _costs(rng)
    names = names or rng.sample(STRATEGIES, len(table.rows))
    noise_seed = rng.randrange(2**31)
    rows = [
        _row(
            noise_seed,
            strategy,
            costs[row.cost],
            row._replace(mean=shift + scale * row.mean, std=scale * row.std),
        )
        for strategy, row in zip(names, table.rows, strict=True)
    ]
    places = range(len(rows))
    orders = list(map(list, itertools.permutations(places))) if every_order else [list(places)]
    rng.shuffle(orders)
    errors = _square(len(rows), [scale * error for error in table.errors])
    return _question(name, rows, errors, min_recall, orders)


def _question(
    name: str,
    rows: list[dict[str, Any]],
    errors: list[list[float]],
    min_recall: float | None,
    orders: list[list[int]],
) -> dict[str, Any]:
    """Return one row of the plan; which case it is stays outside."""
    return {"_case": name, "rows": rows, "errors": errors, "min_recall": min_recall, "orders": orders}


def _square(size: int, errors: Sequence[float]) -> list[list[float]]:
    """Return the errors of every pair's gain, ``[size][size]``: the same both ways, and 0.0 with itself."""
    square = [[0.0] * size for _ in range(size)]
    for (one, other), error in zip(itertools.combinations(range(size), 2), errors, strict=True):
        square[one][other] = square[other][one] = error
    return square


def _costs(rng: random.Random) -> dict[str, int]:
    high = rng.randint(3_500_000, 9_000_000)
    return {
        "low": rng.randint(1_000, 9_000),
        "middle": rng.randint(10_000, 3_000_000),
        "high": high,
        "higher": high + rng.randint(1, 1_000),
        "highest": rng.randint(9_500_000, 12_000_000),
    }


def _row(noise_seed: int, strategy: str, trainable: int, row: Plain) -> dict[str, Any]:
    """Return a summary whose scores have the row's mean and standard deviation."""
    noise = random.Random(noise_seed)  # noqa: S311  equal rows must get equal scores
    drawn = [noise.gauss(0, 1) for _ in range(row.n)]
    middle, spread = statistics.fmean(drawn), statistics.stdev(drawn) if row.n > 1 else 1.0
    return {
        "strategy": strategy,
        "trainable": trainable,
        "mean": row.mean,
        "std": row.std,
        "n": row.n,
        "scores": [row.mean + row.std * (score - middle) / spread for score in drawn],
        "worst_recall": row.recall,
        "worst_recall_error": row.recall_error,
    }


def _edge(rng: random.Random, name: str, gap: float) -> dict[str, Any]:
    """Draw two strategies, the cheap one surpassed by this much more than the error of that gain."""
    scale, n = rng.uniform(0.5, 0.9), rng.choice([4, 9, 16])
    std, lead = rng.uniform(0.05, 0.1), rng.uniform(0.02, 0.05)
    costs, names, noise_seed = _costs(rng), rng.sample(STRATEGIES, 2), rng.randrange(2**31)
    rows = [
        _row(noise_seed, names[0], costs["high"], Plain("high", scale, std, n)),
        _row(noise_seed, names[1], costs["low"], Plain("low", scale - lead, std / 2, n)),
    ]
    errors = _square(2, [rows[0]["mean"] - rows[1]["mean"] - gap])
    return _question(name, rows, errors, None, [[0, 1]])


def _depths(rng: random.Random) -> list[dict[str, Any]]:
    """Draw ladders with wide gaps, gaps of two and one, nothing below, and chosen depths that were not tested.

    Some come in an order of their own, so that no place in a list is the right one.
    """
    start, wide = rng.randint(1, 3), rng.randint(3, 6)
    middle, top = start + wide, start + wide + 7
    odd = 2 * start + 7  # half of it and of what is above it is rounded in two ways
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
    listed = [
        ([0, 2 * start, odd, top + odd], odd),
        ([middle + 1, middle, start, 0], middle),
        ([middle, 0, top], top),
        ([start + 4, middle + 4, top + 9], top + 9),
    ]
    drawn = [*listed, *((_shuffled(rng, tested), chosen) for tested, chosen in ladders)]
    return [{"tested": tested, "chosen": chosen} for tested, chosen in drawn]


def _shuffled(rng: random.Random, values: list[Any]) -> list[Any]:
    return rng.sample(values, len(values))


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact that the probe may send for a plan; there are no arrays."""
    yield from (Asked(wire.choice(index), cap=ANSWERS_CAP) for index in range(len(plan["choices"])))
    yield from (Asked(wire.depth(index)) for index in range(len(plan["depths"])))
