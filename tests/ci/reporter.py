"""What classroom-resources/autograding-grading-reporter does with its runners, in our own words.

Its console table and its notices add up in two different ways; a runner's result has to come out the same in both.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, NamedTuple


class Reported(NamedTuple):
    """What the reporter makes of its runners."""

    rows: dict[str, tuple[float, float]]
    """Runner to score and maximum in the table: the share of passed tests times the maximum."""
    notice: tuple[float, float] | None
    """Points and maximum in the notice: the sum of the tests' scores; no notice where nothing can be earned."""
    status: int
    """Exit status."""
    printed: list[str]
    """Lines about single tests."""


def report(runners: Mapping[str, str]) -> Reported:
    """Return what is reported; raise what the reporter would die of."""
    results = {name: json.loads(base64.b64decode(encoded, validate=True)) for name, encoded in runners.items()}
    rows = {name: _row(result) for name, result in results.items()}
    counted = [result for result in results.values() if result["max_score"]]
    points = sum(test["score"] for result in counted for test in result["tests"])
    notice = (points, sum(result["max_score"] for result in counted)) if counted else None
    states = {result["status"] for result in results.values()}
    printed = [_line(test) for result in results.values() for test in result["tests"]]
    return Reported(rows, notice, int(bool(states & {"fail", "error"})), printed)


def _row(result: dict[str, Any]) -> tuple[float, float]:
    passed = sum(test["status"] == "pass" for test in result["tests"])
    return passed / len(result["tests"]) * result["max_score"], result["max_score"]


def _line(test: dict[str, Any]) -> str:
    if test["status"] == "error":
        return f"Error: {test['message']}"
    mark = "✅" if test["status"] == "pass" else "❌"
    return f"{mark} {test['name']}" + (f" - line {test['line_no']}" if test["line_no"] != 0 else "")
