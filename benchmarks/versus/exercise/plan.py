"""What is asked: a ResNet and a BERT with weights drawn here, so that what must not move is known outside."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.authoring.anatomy import Arrays, Entry, anatomy
from grader.records import Asked, exactly

SPECS: dict[str, dict[str, Any]] = {
    "vision": {"family": "resnet", "block": "basic", "layers": [1, 1, 1, 1], "widths": [8, 16, 32, 64]},
    "text": {
        "family": "bert", "layers": 2, "hidden": 32, "heads": 2, "intermediate": 64, "vocab": 100, "positions": 64,
        "pooler": True,
    },
}  # fmt: skip
HEADS = {"vision": "fc", "text": "classifier"}
WIDTHS = {"vision": 64, "text": 32}


def draw(seed: int) -> tuple[dict[str, Any], Arrays]:
    """Draw the plan and the weights for a run; the same seed draws the same."""
    rng = random.Random(seed)
    plan = {
        "worker_seed": rng.randrange(2**31),
        "specs": {name: {**spec, "num_classes": rng.randint(6, 10)} for name, spec in SPECS.items()},
        "classes": {name: rng.randint(2, 5) for name in SPECS},
        "weights_seed": rng.randrange(2**31),
    }
    return plan, {f"{name}/{key}": array for name in SPECS for key, array in weights(plan, name).items()}


def asked(plan: dict[str, Any]) -> Iterator[Asked]:
    """Yield every fact that the probe may send for a plan, with its arrays."""
    yield from (Asked(name) for name in ("head", "groups"))
    for fact, model in (("freeze", "vision"), ("training", "vision"), ("text", "text")):
        digests = exactly("uint64", len(anatomy(plan["specs"][model]).entries))
        yield Asked(fact, {"before": digests, "after": digests})


def weights(plan: dict[str, Any], name: str) -> Arrays:
    """Return the whole state of one model as it goes in."""
    rng = np.random.default_rng(plan["weights_seed"])
    return {entry.name: _drawn(entry, rng) for entry in anatomy(plan["specs"][name]).entries}


def _drawn(entry: Entry, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Draw matrices and kernels; let norms begin as the identity."""
    if entry.name.endswith("num_batches_tracked"):
        return np.zeros((), dtype=np.int64)
    if len(entry.shape) > 1:
        return rng.normal(0, math.prod(entry.shape[1:]) ** -0.5, entry.shape).astype(np.float32)
    starts_at_one = entry.name.endswith((".weight", "running_var"))
    return np.full(entry.shape, starts_at_one, dtype=np.float32)
