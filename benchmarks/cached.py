"""What it saves to run the frozen part once for each example: ``python benchmarks/cached.py [ROUNDS]``.

Each strategy of one vision scenario and of two text scenarios is trained with and without remembered features, in turn,
one seed a round, on one thread. In text-cipher, the examples are seen hardly more than once. Seconds are of the
processor, for training alone; ratios are medians over rounds, with the least and the greatest in brackets. Weights,
buffers included, are equal where they are the same to the bit.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from unittest import mock

import torch
from torch import Tensor

from grader import fixtures
from grader.inside import features, strategies
from grader.lab import here
from grader.wire.names import STRATEGIES

SCENARIOS = ("vision-rare", "text-second", "text-cipher")


def without() -> AbstractContextManager[object]:
    """Let nothing count as still, so that the whole model runs at every step."""
    return mock.patch.object(features, "still", return_value=[])


def run(scenario: strategies.Scenario, strategy: str, seed: int) -> tuple[float, dict[str, Tensor]]:
    """Train once; return the seconds and the weights."""
    torch.manual_seed(seed)
    model = strategies.build(scenario, strategy)
    torch.manual_seed(seed)
    started = time.process_time()
    strategies.fit(model, scenario, strategy)
    seconds = time.process_time() - started
    return seconds, model.state_dict()


def in_turn(scenario: strategies.Scenario, strategy: str, rounds: int) -> Iterator[tuple[float, float, bool]]:
    """Yield for each seed the seconds without and with remembered features, and whether the weights are equal."""
    for seed in range(-1, rounds):
        with without():
            slow, expected = run(scenario, strategy, max(seed, 0))
        quick, found = run(scenario, strategy, max(seed, 0))
        if seed >= 0:  # the first round warms up
            yield slow, quick, all(torch.equal(found[name], value) for name, value in expected.items())


def main() -> None:
    """Print one line for each strategy."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    torch.set_num_threads(1)
    print(f"{'scenario':14}{'strategy':18}{'whole':>9}{'cached':>10}{'ratio':>8}{'':15}equal weights")
    rows = fixtures.scenarios()
    for name in SCENARIOS:
        scenario = here.load(rows[name])
        for strategy in STRATEGIES:
            slow, quick, equal = zip(*in_turn(scenario, strategy, rounds), strict=True)
            ratios = [cached / whole for whole, cached in zip(slow, quick, strict=True)]
            taken = "".join(f"{1000 * statistics.median(seconds):7.0f} ms" for seconds in (slow, quick))
            spread = f"  [{min(ratios):.2f}, {max(ratios):.2f}]"
            print(
                f"{name:14}{strategy:17}{taken}{statistics.median(ratios):8.2f}{spread:15}{sum(equal)} of {rounds}",
                flush=True,
            )


if __name__ == "__main__":
    main()
