"""The bytes that every tensor must have, computed from what went in: the measure of what moved."""

from __future__ import annotations

import functools
import json

import numpy as np

from grader.authoring import pretrained
from grader.authoring.anatomy import GRID
from grader.authoring.digests import Digests, digests

from . import plan as planned


@functools.lru_cache(maxsize=16)
def still_and_stepped(_seed: int, _model: str, row: bytes) -> tuple[Digests, Digests]:
    """Return the digests of a random model's state as it went in, and after one step of every tensor."""
    state = planned.weights(json.loads(row))
    return digests(state.values()), digests(array - np.float32(1 / GRID) for array in state.values())


@functools.lru_cache(maxsize=8)
def pristine(modality: str, row: bytes) -> Digests:
    """Return the digests of a pretrained backbone's state with the run's new head."""
    return digests(pretrained.state(modality, planned.head(json.loads(row))).values())
