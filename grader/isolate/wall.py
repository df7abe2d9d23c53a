"""The wall as a grade reports it: what was examined at the start and holds for every worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.errors import SandboxFault
from grader.records import Wall

SUMMARIES = {
    "A": "kernel-isolated: hidden checks unreadable, no network, no processes, limits enforced",
    "B": "partly isolated: some promises do not hold",
    "C": "a separate process only: limits on time and memory, run trusted code only",
    "D": "not trustworthy: a wall does not do what it says",
}

SEPARATE_MISSING = (
    "it can read and write whatever files this user can",
    "the network is open",
    "it can start processes",
    "it can send signals to processes of this user",
)
"""Promises that a separate process without walls cannot make."""


def examined(examination: Mapping[str, Any], worker: Any) -> Wall:
    """Return the wall of a worker; raise SandboxFault when it differs from the one that was examined."""
    wall = examination["wall"]
    if not isinstance(worker, Mapping) or list(worker.get("missing", ())) != list(wall["missing"]):
        raise SandboxFault("A worker did not get the walls that were examined at the start.")
    level = examination["level"]
    return Wall(
        level=level,
        summary=SUMMARIES[level],
        missing=tuple(wall["missing"]),
        details=_details(wall) | {"attempts": examination["results"]},
    )


def separate(wall: Mapping[str, Any], why: str) -> Wall:
    """Return the wall of a process that has none but its limits, and say ``why`` where that was not asked for."""
    missing = (*([why] if why else ()), *wall["missing"])
    return Wall(level="C", summary=SUMMARIES["C"], missing=missing, details=_details(wall))


def _details(wall: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out how much memory was allowed to the byte, which differs from run to run."""
    return {**wall, "rlimits": sorted(wall.get("rlimits", ()))}
