"""Report of a worker's walls and of their examination; standard library only."""

from __future__ import annotations

import dataclasses
import enum
import platform
from collections.abc import Mapping
from typing import Any, Literal

Network = Literal["none", "tcp-closed", "open"]
Memory = Literal["data+as", "watchdog", "none"]
Processes = Literal["impossible", "swept", "best-effort"]
Capabilities = Literal["none", "some", "all"]
Result = Literal["blocked", "allowed", "n/a"]
"""Of one attempt on a wall."""


class Level(enum.StrEnum):
    """What walls are worth; the stronger is the greater."""

    A = "A"
    """Isolated by the kernel."""
    B = "B"
    """Partly isolated."""
    C = "C"
    """A separate process only."""
    D = "D"
    """Refused: a wall does not do what it says."""
    NONE = "none"
    """Nothing was run."""

    def __lt__(self, other: str) -> bool:
        return _WEAKER[self] > _WEAKER[other]

    def __le__(self, other: str) -> bool:
        return _WEAKER[self] >= _WEAKER[other]

    def __gt__(self, other: str) -> bool:
        return _WEAKER[self] < _WEAKER[other]

    def __ge__(self, other: str) -> bool:
        return _WEAKER[self] <= _WEAKER[other]


_WEAKER: Mapping[str, int] = {level: steps for steps, level in enumerate(Level)}
"""Steps below the strongest."""


@dataclasses.dataclass(frozen=True)
class WallReport:
    """What holds a worker, as it was really put in force; every field goes into JSON as it is."""

    landlock_abi: int
    """0 for none."""
    seccomp: bool
    no_new_privs: bool
    uid_is_root: bool
    capabilities: Capabilities
    network: Network
    """``tcp-closed``: TCP is, UDP and other kinds of socket are not."""
    rlimits: Mapping[str, int]
    """Soft limits by name, in bytes, seconds or pieces."""
    memory: Memory
    processes: Processes
    """Whether it can start others: not at all, they are swept up after it, or neither is sure."""
    missing: tuple[str, ...]
    """Promises that do not hold, in plain words."""
    private_root: bool = False
    """What it may not read is not there for it: of no other path can it learn whether it exists."""
    private_processes: bool = False
    """It cannot learn of any process outside, not even by its number."""
    without: tuple[str, ...] = ()
    """Why it has not both of them, in plain words; no level asks for either."""
    kernel: str = dataclasses.field(default_factory=platform.release)
    platform: str = dataclasses.field(default_factory=lambda: f"{platform.system()} {platform.machine()}")

    def as_dict(self) -> dict[str, Any]:
        """Give the fields as plain values for JSON."""
        return dataclasses.asdict(self) | {"missing": list(self.missing), "without": list(self.without)}

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> WallReport:
        """Make a report from what became of :meth:`as_dict` in JSON."""
        return cls(**{**fields, **{name: tuple(fields[name]) for name in ("missing", "without")}})


@dataclasses.dataclass(frozen=True)
class Examination:
    """What was found: the level, the wall it was given to, and every attempt with its result."""

    level: Level
    wall: WallReport
    results: Mapping[str, Result]


@dataclasses.dataclass(frozen=True)
class Ready:
    """What the process that forks workers says when its imports are done and the walls examined."""

    examination: Examination
    versions: Mapping[str, str]
    """Of the libraries that learners' code meets."""
