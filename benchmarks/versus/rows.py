"""What was measured, one row for each run, and where it is kept."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

Kind = TypeVar("Kind", bound=msgspec.Struct)
IMPORTS, COMPUTE, OURS = "imports", "compute", "ours"
"""The two floors, and this grader, among the names of the peers."""


class Row(msgspec.Struct, frozen=True):
    """One run."""

    what: str
    """cold: one submission by one command; batch, cohort: few and many; memory: a batch that was looked at; one, mix:
    pure compute."""
    grader: str
    round: int
    count: int
    jobs: int
    wall: float
    cpu: float
    largest_mb: float = 0
    tree_mb: float = 0
    wrong: tuple[str, ...] = ()
    """Submissions whose score is not what they deserve."""


class Cell(msgspec.Struct, frozen=True):
    """What one grader made of one kind of trouble, with a right submission after it."""

    grader: str
    kind: str
    score: float | None
    """Of the trouble; None where there is no result."""
    deserved: float
    following: float | None
    """Score of the right submission."""
    leaked: bool
    killed: tuple[str, ...]
    """What had to be killed from outside: ``time`` for all of it, ``memory`` for its largest process."""
    left: int
    """Processes that outlived the command."""
    seconds: float
    tree_mb: float
    written_mb: float


class Kept(msgspec.Struct):
    """Everything that one run of the benchmark found."""

    date: str
    machine: str
    versions: dict[str, str]
    rows: list[Row] = []
    cells: list[Cell] = []

    def save(self, path: Path) -> None:
        """Write it down."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n")


def begin(versions: dict[str, str]) -> Kept:
    """Return what is filled by a run that begins now."""
    machine = (
        f"{platform.system()} on {platform.machine()} with {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    return Kept(date=f"{datetime.now(UTC):%Y-%m-%d}", machine=machine, versions=versions)


def load(path: Path) -> Kept:
    """Read what an earlier run found."""
    return msgspec.json.decode(path.read_bytes(), type=Kept)


class Series:
    """The rows of one kind, compared round by round, so that a noisy machine slows both sides of a ratio."""

    def __init__(self, rows: list[Row], what: str) -> None:
        self._rows = [row for row in rows if row.what == what]

    @property
    def count(self) -> int:
        """Return of how many submissions a run was."""
        return self._rows[0].count

    def rounds(self) -> list[int]:
        """Return the rounds; for memory, how many ran at once."""
        return sorted({row.round for row in self._rows})

    def graders(self) -> list[str]:
        """Return who was measured, in order."""
        return list(dict.fromkeys(row.grader for row in self._rows))

    def values(self, grader: str, field: str) -> dict[int, float]:
        """Return one figure of a grader by round."""
        return {row.round: getattr(row, field) for row in self._rows if row.grader == grader}

    def median(self, grader: str, field: str) -> float:
        """Return the median of a figure."""
        return statistics.median(self.values(grader, field).values())

    def ratio(self, grader: str, field: str, other: str, of: Series | None = None) -> float:
        """Return the median over the rounds of one grader's figure through another's, which may be of another kind."""
        mine, theirs = self.values(grader, field), (of or self).values(other, field)
        shared = sorted(mine.keys() & theirs.keys())
        return statistics.median(mine[each] / theirs[each] for each in shared)

    def wrong(self, grader: str) -> Iterator[str]:
        """Yield what was not scored as it deserves."""
        for row in self._rows:
            if row.grader == grader:
                yield from row.wrong
