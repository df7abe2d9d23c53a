"""What exercise 01 asks: a few numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from grader.records import Asked

from . import wire


def draw(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw the plan for a run; there are no arrays."""
    rng = random.Random(seed)
    return {"numbers": [0, *rng.sample(range(3, 1000), 2)]}, {}


def asked(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact that may come."""
    yield from (Asked(wire.number(each)) for each in plan["numbers"])
