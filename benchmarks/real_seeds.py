"""From which seeds exercise 06 may draw its real comparison: any two of them have to give the scenario's answer.

    python -m benchmarks.real_seeds [SCENARIO ...]

Takes the runs of the four strategies over 16 seeds that `fixtures/build.py` has kept, or makes them (two minutes a
scenario) and turns over a share of every run's outcomes, four times what was seen to differ between processors
(fixtures/README.md): for some strategies upwards, for the others downwards, all combinations, at examples drawn at
random. It prints the largest set of seeds all of whose pairs still lead to the answer, on the validation set and on
the hidden test. It belongs into `plan.REAL`.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from itertools import combinations, product

import torch

from fixtures import measure
from grader import course

TRIALS = 3
"""Draws of the examples per combination."""
MOVED = {"frozen": 0.008, "partial_unfreeze": 0.008, "full_finetune": 0.008, "scratch": 0.025}
"""The share of outcomes that turns over; a strategy's all turn one way, so its score moves as much."""


def main() -> None:
    """Print one line per scenario."""
    torch.set_num_threads(1)
    known = course.part(course.exercises()["06_compare_strategies"], "plan").REAL
    for name in sys.argv[1:] or known:
        runs = measure.saved().get(name) or measure.run_scenario(name, say=lambda _: None)
        tables, right = [runs.table(part) for part in measure.PARTS], measure.answer(runs.table("validation"))
        safe = {pair for pair in combinations(range(measure.SEEDS), 2) if is_safe(tables, pair, right)}
        print(f"{name}: {largest(safe)}; in the plan: {known.get(name, ())}", flush=True)


def is_safe(tables: list[dict[str, measure.Row]], pair: tuple[int, int], right: str) -> bool:
    """Whether a pair of seeds gives the answer on every table, however the outcomes are moved."""
    rng = random.Random(0)
    some = [{name: row.only(pair) for name, row in table.items()} for table in tables]
    return all(
        measure.answer({row.strategy: moved(row, sign, rng) for row, sign in zip(table.values(), signs, strict=True)})
        == right
        for signs in product((1, -1), repeat=len(MOVED))
        for _ in range(TRIALS)
        for table in some
    )


def moved(row: measure.Row, sign: int, rng: random.Random) -> measure.Row:
    """Return a strategy whose runs are right about somewhat more, or somewhat fewer, examples."""
    right = [turned(its, sign * MOVED[row.strategy], rng) for its in row.right]
    return measure.Row(row.strategy, row.trainable, row.truth, right)


def turned(right: Sequence[bool], share: float, rng: random.Random) -> list[bool]:
    """Return a run's outcomes with a share of them turned over: wrong ones for a share above zero, else right ones."""
    there = [i for i, each in enumerate(right) if each != (share > 0)]
    chosen = set(rng.sample(there, min(len(there), round(abs(share) * len(right)))))
    return [each != (i in chosen) for i, each in enumerate(right)]


def largest(safe: set[tuple[int, int]]) -> tuple[int, ...]:
    """Return the largest set of seeds all of whose pairs are safe."""
    sizes = range(measure.SEEDS, 1, -1)
    sets = (seeds for size in sizes for seeds in combinations(range(measure.SEEDS), size))
    return next((seeds for seeds in sets if all(pair in safe for pair in combinations(seeds, 2))), ())


if __name__ == "__main__":
    main()
