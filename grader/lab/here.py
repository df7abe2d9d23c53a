"""Training runs in this process, with the reference's functions."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import msgspec
import torch

from grader import fixtures
from grader.inside import scenarios
from grader.inside.strategies import Scenario

from .probe import trained
from .runs import Row, Runner, Trained, WantedRun


def load(row: Row) -> Scenario:
    """Read a scenario from verified fixtures."""
    return scenarios.load(row, fixtures.paths(f"scenario-{row['name']}", f"{row['modality']}-backbone"))


def runner(rows: Sequence[Row]) -> Runner:
    """Return what does the runs; on one thread, so that a run repeats bit for bit."""
    torch.set_num_threads(1)
    by_name = {row["name"]: row for row in rows}
    loaded = functools.cache(lambda name: load(by_name[name]))

    def do(order: WantedRun) -> Trained:
        return msgspec.convert(trained(loaded(order.scenario), msgspec.to_builtins(order)), Trained)

    return do
