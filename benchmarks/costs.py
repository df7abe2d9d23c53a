"""What one mistake costs: every specimen graded on several seeds, as a share of the exercise's points.

    python benchmarks/costs.py [EXERCISE ...] [--seeds 20]

A specimen holds one mistake. `median` and `worst` are over the specimens of an exercise, each with its dearest seed;
the lines below name whatever costs more than a third, and every specimen whose points depend on the seed.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence

from grader import course
from grader.isolate import Sandbox, open_sandbox
from grader.pipeline import grade
from grader.records import Exercise
from grader.selfcheck import specimen_of, submission_of

MOST = 1 / 3
"""What a single mistake may cost."""


def main() -> None:
    """Print a line per exercise, and below it what stands out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help="such as 03; all of them without one")
    parser.add_argument("--seeds", type=int, default=20)
    given = parser.parse_args()
    exercises = [each for each in course.chosen(given.exercises) if each.misconceptions]
    print(f"{'exercise':26}{'specimens':>10}{'points':>8}{'median':>8}{'worst':>7}{'over 1/3':>10}{'by seed':>9}")
    everything: list[float] = []
    with open_sandbox(exercises, warm=True) as sandbox:
        for exercise in exercises:
            costs = {name: shares(exercise, name, sandbox, range(given.seeds)) for name in exercise.misconceptions}
            everything += map(max, costs.values())
            report(exercise, costs)
    print(f"\nall {len(everything)}: median {statistics.median(everything):.2f}, worst {max(everything):.2f}")


def shares(exercise: Exercise, name: str, sandbox: Sandbox, seeds: Sequence[int]) -> list[float]:
    """Return the share of the points that a specimen loses, one per seed."""
    results = [grade(submission_of(exercise, specimen_of(exercise, name)), sandbox, seed) for seed in seeds]
    return [1 - result.earned / result.possible for result in results]


def report(exercise: Exercise, costs: dict[str, list[float]]) -> None:
    """Print what an exercise's specimens lose."""
    dearest = {name: max(lost) for name, lost in costs.items()}
    over = {name: lost for name, lost in dearest.items() if lost > MOST + 1e-9}
    by_seed = {name: sorted(set(lost)) for name, lost in costs.items() if len(set(lost)) > 1}
    values = list(dearest.values())
    median, worst = statistics.median(values), max(values)
    numbers = f"{len(over):10}{len(by_seed):9}"
    print(f"{exercise.slug:26}{len(values):10}{exercise.points:8}{median:8.2f}{worst:7.2f}{numbers}", flush=True)
    for name, lost in sorted(over.items(), key=lambda item: -item[1]):
        print(f"    {name}: {lost:.2f}")
    for name, shares in by_seed.items():
        print(f"    {name}, by seed: {', '.join(f'{share:.2f}' for share in shares)}", flush=True)


if __name__ == "__main__":
    main()
