"""What ``changed_entries`` is asked to find: a snapshot and a state that differ in this or that, made outside.

Only the finished numbers go in, so that what differs is found by comparing them, and by nothing else.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from grader.authoring.anatomy import Arrays

KINDS = ("nothing", "trained", "weight", "buffer", "counter", "renamed", "reshaped")
WEIGHT_DRIFT, BUFFER_DRIFT = 1e-6, 1e-7
"""The smallest changes that have to be found, in a number that was 1."""


def draw(kind: str, state: Arrays, seed: int) -> tuple[Arrays, Arrays]:
    """Draw a snapshot and the state it is compared with, both from the state of the normed ResNet."""
    rng = random.Random(seed)  # noqa: S311  repeatable on purpose
    kernel = f"layer{rng.randint(1, 4)}.0.conv{rng.randint(1, 2)}.weight"
    norm = f"layer{rng.randint(1, 4)}.0.bn{rng.randint(1, 2)}"
    statistic = f"{norm}.{rng.choice(['running_mean', 'running_var'])}"
    before, after = ({name: array.copy() for name, array in state.items()} for _ in range(2))
    moved: dict[str, dict[str, float]] = {
        "trained": dict.fromkeys([f"{norm}.running_mean", "fc.1.weight", "bn1.bias", "fc.1.bias"], 1.0),
        "weight": {kernel: WEIGHT_DRIFT},
        "buffer": {statistic: BUFFER_DRIFT},
        "counter": {f"{norm}.num_batches_tracked": 1.0},
    }
    for name, amount in moved.get(kind, {}).items():
        before[name].flat[0] = 1
        after[name].flat[0] = 1 + amount
    if kind == "renamed":
        lost, kept = rng.sample([kernel, statistic, "fc.1.bias"], 2)
        before[f"{kept}.old"] = before.pop(lost)
    if kind == "reshaped":
        before["fc.1.weight"] = np.concatenate([before["fc.1.weight"], before["fc.1.weight"][:1]])
        before["fc.1.bias"] = before["fc.1.bias"][None]
    return before, after


def differing(before: Arrays, after: Arrays) -> list[str]:
    """Return the sorted names of the entries that are not the same on both sides."""
    same = {name for name in before.keys() & after.keys() if np.array_equal(before[name], after[name])}
    return sorted((before.keys() | after.keys()) - same)


def shapes(state: Arrays) -> list[tuple[str, list[int]]]:
    """Return names and shapes, in order."""
    return [(name, list(array.shape)) for name, array in state.items()]


def flat(state: Arrays) -> np.ndarray[Any, Any]:
    """Return all numbers behind one another, float32 ``[scalars]``."""
    numbers: np.ndarray[Any, Any] = np.concatenate([array.reshape(-1) for array in state.values()]).astype(np.float32)
    return numbers
