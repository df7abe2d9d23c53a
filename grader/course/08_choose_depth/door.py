"""What the probe of exercise 08 may send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.records import Asked

ANSWERS_CAP = 256 << 10
"""Bytes of the answers for every order of a table: up to 24, each with a traceback where it raised."""


def choice(name: str) -> str:
    """Return the name of the answers for one table."""
    return f"choice/{name}"


def depth(index: int) -> str:
    """Return the name of the answer for one ladder of depths."""
    return f"depth/{index}"


def expected(plan: Mapping[str, Any]) -> Iterator[Asked]:
    """Yield every fact; there are no arrays."""
    yield from (Asked(choice(case["id"]), cap=ANSWERS_CAP) for case in plan["choices"])
    yield from (Asked(depth(index)) for index in range(len(plan["depths"])))
