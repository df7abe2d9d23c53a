"""What the probe of exercise 06 may send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.records import Asked, at_most

REAL = "real"
RUNS_CAP = 256 << 10
"""Bytes of a comparison: the probe takes 200 builds and fits, each of which has some 150."""
PREDICTIONS_CAP = 1 << 18
"""Numbers in the predictions of so many runs; right are eight runs."""


def comparison(case: Mapping[str, Any]) -> str:
    """Return the name of what came of comparing toys."""
    return f"comparison/{case['id']}"


def pair(row: Mapping[str, Any]) -> str:
    """Return the name of the answer for a pair of summaries."""
    return f"pair/{row['id']}"


def expected(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact with its array."""
    yield from (Asked(comparison(case), cap=RUNS_CAP) for case in plan["comparisons"])
    yield from (Asked(pair(row)) for row in plan["pairs"])
    yield Asked(REAL, {"predictions": at_most(PREDICTIONS_CAP, "uint8")}, RUNS_CAP)
