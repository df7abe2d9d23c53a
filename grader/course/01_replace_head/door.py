"""What the probe of exercise 01 may send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.records import Asked, at_most, exactly

from . import plan as planned

BOUNDS = "bounds"
TEXT = ("bert", "distilbert")
"""Families that compute a loss of their own."""
NUMBERS_CAP = 1 << 17
"""In what the new head decides: 37 classes times 2048 features, hard-coded, are two thirds of it."""


def head(row: Mapping[str, Any]) -> str:
    """Return the name of what was seen of one model."""
    return f"head/{row['id']}"


def expected(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact with its arrays."""
    anything = at_most(NUMBERS_CAP, "float32", "float64")
    for row in plan["models"]:
        shapes = {entry.name: entry.shape for entry in planned.entries(row)}
        _, width = shapes[f"{planned.head(row)}.weight"]
        digests = exactly("uint64", len(shapes))
        arrays = {"digests": digests, "shaken": digests, "features": exactly(row["dtype"], planned.BATCH, width)}
        learners = ("weight", "bias", "logits", *(["gradient"] if row["spec"]["family"] in TEXT else []))
        yield Asked(head(row), arrays | dict.fromkeys(learners, anything))
    yield Asked(BOUNDS)
