"""What the probe of exercise 07 may send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.records import Asked, at_most, exactly

NUMBERS_CAP = 1 << 16
"""Of a returned tensor; the probe sends no more either."""


def call(row: Mapping[str, Any]) -> str:
    """Return the name of what came of one call."""
    return f"{row['function']}/{row['id']}"


def given(index: int) -> str:
    """Return the name, behind the call's, of a tensor that was handed over, as it was afterwards."""
    return f"in{index}"


def expected(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact with its arrays."""
    for row in plan["calls"]:
        after = {given(index): exactly("int64", *np.shape(each)) for index, each in enumerate(row["inputs"])}
        yield Asked(call(row), {**after, "tensor": at_most(NUMBERS_CAP, "float64", "int64")})
