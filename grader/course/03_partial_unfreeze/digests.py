"""The bytes that every tensor must have, computed from what went in: the measure of what moved."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import Any, cast

import numpy as np

from grader import fixtures
from grader.course.anatomy import GRID, Arrays, anatomy

from . import plan as planned

Digests = np.ndarray[Any, Any]
"""uint64, one per tensor of a model's state."""
RUN_SPECS = {
    "vision": {"family": "resnet", "block": "basic", "layers": [1, 1, 1, 1], "widths": [8, 16, 32, 64]},
    "text": {
        "family": "bert",
        "hidden": 64,
        "layers": 3,
        "heads": 4,
        "intermediate": 128,
        "vocab": 2048,
        "positions": 64,
        "pooler": True,
    },
}
"""The pretrained backbones; a test compares them with the fixtures' own metadata."""
HEADS = {"vision": "fc", "text": "classifier"}


def run_spec(modality: str, classes: int) -> dict[str, Any]:
    """Return the spec of a pretrained backbone with a run's new head."""
    return {**cast("dict[str, Any]", RUN_SPECS[modality]), "num_classes": classes}


def _digest(array: np.ndarray[Any, Any]) -> int:
    raw = np.ascontiguousarray(array).tobytes()
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "little")


def _digests(arrays: Arrays) -> Digests:
    return np.array([_digest(array) for array in arrays.values()], dtype=np.uint64)


@functools.lru_cache(maxsize=16)
def still_and_stepped(_seed: int, _model: str, row: bytes) -> tuple[Digests, Digests]:
    """Return the digests of a random model's state as it went in, and after one step of every tensor."""
    state = planned.weights(json.loads(row))
    stepped = {name: array - np.float32(1 / GRID) for name, array in state.items()}
    return _digests(state), _digests(stepped)


@functools.lru_cache(maxsize=8)
def pristine(modality: str, row: bytes) -> Digests:
    """Return the digests of a pretrained backbone's state with the run's new head."""
    state = fixtures.arrays(f"{modality}-backbone")
    new_head = planned.head(json.loads(row))
    body = anatomy(run_spec(modality, len(new_head["bias"])))
    state |= {f"{HEADS[modality]}.{name}": array for name, array in new_head.items()}
    return _digests({entry.name: state[entry.name] for entry in body.entries})
