"""From which seeds exercise 06 may draw its real comparison: any two of them have to give the scenario's answer.

    python -m benchmarks.real_seeds [SCENARIO ...]

Takes the runs of the four strategies over 16 seeds that `fixtures/build.py` has kept, or makes them (two minutes a
scenario), moves every score at random by up to four times what was seen to differ between processors
(fixtures/README.md), and prints the largest set of seeds all of whose pairs still lead to the answer, on the
validation set and on the hidden test. It belongs into `plan.REAL`.
"""

from __future__ import annotations

import dataclasses
import random
import sys
from itertools import combinations

import torch

from fixtures import measure
from grader import course

TRIALS = 1000
PARTS = ("validation", "test")
MOVED = {"frozen": 0.008, "partial_unfreeze": 0.008, "full_finetune": 0.008, "scratch": 0.025}


def main() -> None:
    """Print one line per scenario."""
    torch.set_num_threads(1)
    known = course.part(course.exercises()["06_compare_strategies"], "plan").REAL
    for name in sys.argv[1:] or known:
        runs = measure.saved().get(name) or measure.run_scenario(name, say=lambda _: None)
        safe = {pair for pair in combinations(range(measure.SEEDS), 2) if is_safe(runs, pair)}
        print(f"{name}: {largest(safe)}; in the plan: {known.get(name, ())}", flush=True)


def is_safe(runs: measure.Runs, pair: tuple[int, int]) -> bool:
    """Whether a pair of seeds gives the answer of all seeds, however the scores are moved."""
    rng, right = random.Random(0), measure.answer(runs)
    tables = ([moved(rows, pair, rng) for rows in runs.values()] for _ in range(TRIALS))
    return all(
        measure.cheapest_within_error([measure.summarise(rows, part) for rows in table]) == right
        for table in tables
        for part in PARTS
    )


def moved(rows: list[measure.Run], pair: tuple[int, int], rng: random.Random) -> list[measure.Run]:
    """Return the runs of two seeds with their scores moved."""
    return [
        dataclasses.replace(
            run, **{part: getattr(run, part) + rng.uniform(-1, 1) * MOVED[run.strategy] for part in PARTS}
        )
        for run in (rows[seed] for seed in pair)
    ]


def largest(safe: set[tuple[int, int]]) -> tuple[int, ...]:
    """Return the largest set of seeds all of whose pairs are safe."""
    sizes = range(measure.SEEDS, 1, -1)
    sets = (seeds for size in sizes for seeds in combinations(range(measure.SEEDS), size))
    return next((seeds for seeds in sets if all(pair in safe for pair in combinations(seeds, 2))), ())


if __name__ == "__main__":
    main()
