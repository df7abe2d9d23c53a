"""The bytes that a tensor must have, known outside: what the observer's digests are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from grader.wire import digests as wire

Digests = np.ndarray[Any, Any]
"""uint64 ``[tensors]``, of a model's state."""


def digest(array: np.ndarray[Any, Any]) -> int:
    """Return 64 bits of BLAKE2b over the bytes of a tensor of any shape, as ``grader.inside.observe.digests`` does."""
    return int.from_bytes(wire.digest(np.ascontiguousarray(array).tobytes()), "little")


def digests(arrays: Iterable[np.ndarray[Any, Any]]) -> Digests:
    """Return the digests of several tensors, one per tensor in their order."""
    return np.array([digest(array) for array in arrays], dtype=np.uint64)
