"""The wall as a grade reports it: examined at the start, in force for every worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.errors import SandboxFault, UsageError
from grader.records import Record, Wall
from grader.wire.wall import Examination, Level

SUMMARIES = {
    Level.A: "kernel-isolated: hidden checks unreadable, no network, no processes, limits enforced",
    Level.B: "partly isolated: some promises do not hold",
    Level.C: "a separate process only: limits on time and memory, run trusted code only",
    Level.D: "not trustworthy: a wall does not do what it says",
}

PRIVATE = {
    "private_root": "in a private root",
    "private_processes": "with no process outside to be seen",
}
"""What may come on top of a level, by field of the wall; no level asks for it."""
_TRIED = {"private_root": "stat-hidden-file", "private_processes": "list-processes"}
"""The attempt that each of them keeps from succeeding."""
_SAID = {
    "private_root": (
        "private root: yes. Of a path that it may not read it cannot even learn whether it exists.",
        "private root: no. Of a path that it knows it can see whether it exists, its size and its times.",
    ),
    "private_processes": (
        "private processes: yes. It cannot learn of any process outside.",
        "private processes: no. It can see which numbers of processes are in use.",
    ),
}

SEPARATE_MISSING = (
    "it can read and write whatever files this user can",
    "the network is open",
    "it can start processes",
    "it can send signals to processes of this user",
)
"""Promises that a separate process without walls cannot make."""


class Demand(Record, frozen=True, kw_only=True):
    """How strong the walls have to be before any of the code behind them is run."""

    weakest: Level
    for_many: bool
    """The code is that of a whole cohort, and the grades are marks of record."""

    @classmethod
    def for_own(cls, *, weaker: bool) -> Demand:
        """Return what code needs that its user wrote, or trusts."""
        return cls(weakest=Level.D if weaker else Level.C, for_many=False)

    @classmethod
    def for_cohort(cls, *, weaker: bool) -> Demand:
        """Return what code of many learners needs; never walls that do not do what they say."""
        return cls(weakest=Level.C if weaker else Level.A, for_many=True)

    def expect(self, wall: Wall) -> None:
        """Raise UsageError for walls that are weaker."""
        if wall.level >= self.weakest:
            return
        reasons = "; ".join(wall.missing) or "an attempt to get through succeeded"
        raise UsageError(_too_weak_for_many(wall.level, reasons) if self.for_many else _too_weak_for_own(reasons))


def _too_weak_for_own(reasons: str) -> str:
    return (
        f"The walls around learners' code do not hold on this machine ({reasons}), so nothing was run. "
        "`grade doctor` shows each promise; --weaker-wall runs code that you trust all the same."
    )


def _too_weak_for_many(level: Level, reasons: str) -> str:
    advice = (
        "Nothing can be graded here until they do."
        if level == Level.D
        else "--weaker-wall grades all the same; its grades are practice, not marks of record."
    )
    return (
        f"The walls around learners' code are of level {level} here ({reasons}), and a batch needs level A. "
        f"`grade doctor` shows each promise. {advice}"
    )


def examined(examination: Examination, worker: Any) -> Wall:
    """Return the wall of a worker; raise SandboxFault when it differs from the one that was examined."""
    level, wall = examination.level, examination.wall.as_dict()
    if not isinstance(worker, Mapping) or any(worker.get(name) != wall[name] for name in ("missing", *PRIVATE)):
        raise SandboxFault("A worker did not get the walls that were examined at the start.")
    return Wall(
        level=level,
        summary=", ".join([SUMMARIES[level], *(words for name, words in PRIVATE.items() if wall[name])]),
        missing=tuple(wall["missing"]),
        details=_details(wall) | {"attempts": _results(wall, examination.results)},
    )


def private(wall: Wall) -> tuple[str, ...]:
    """Say of all that may come on top of a level whether it holds, then why not."""
    said = (yes if wall.details.get(name) else no for name, (yes, no) in _SAID.items())
    return (*said, *wall.details.get("without", ()))


def _results(wall: Mapping[str, Any], results: Mapping[str, str]) -> dict[str, str]:
    """Tell an attempt that nobody promised to stop from one that got through."""
    free = {_TRIED[name] for name in PRIVATE if not wall[name]}
    return {
        name: f"{result}, and not promised" if name in free and result == "allowed" else result
        for name, result in results.items()
    }


def separate(wall: Mapping[str, Any], why: str) -> Wall:
    """Return the wall of a process that has none but its limits, and say ``why`` where that was not asked for."""
    missing = (*([why] if why else ()), *wall["missing"])
    return Wall(level=Level.C, summary=SUMMARIES[Level.C], missing=missing, details=_details(wall))


def _details(wall: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out how much memory was allowed to the byte, which differs from run to run."""
    return {**wall, "rlimits": sorted(wall.get("rlimits", ()))}
