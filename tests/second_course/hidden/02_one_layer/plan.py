"""What exercise 02 asks: a layer of drawn widths, applied to a drawn row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.records import Asked
from grader.records.door import at_most

from . import wire

_NUMBERS = 4096


def draw(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw the plan for a run and one row, float32 ``[1, inputs]``."""
    rng = np.random.default_rng(seed)
    inputs, outputs = map(int, rng.integers(2, 9, 2))
    return {"inputs": inputs, "outputs": outputs}, {"row": rng.normal(size=(1, inputs)).astype(np.float32)}


def asked(_plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield the one fact, with what came out of the layer and its weight."""
    yield Asked(wire.FACT, {"weight": at_most(_NUMBERS, "float32"), "made": at_most(_NUMBERS, "float32")})
