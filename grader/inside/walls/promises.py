"""Which promises hold, given the walls that are in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.wire.wall import Memory, Network, Processes, WallReport

from . import privileges
from .policy import Policy
from .privileges import Powers

_TRUNCATION, _TCP, _SCOPES = 3, 4, 6
"""The first Landlock ABI that covers it."""

_FILTER_BLOCKS = frozenset(
    [
        "connect-tcp",
        "send-udp",
        "connect-abstract-socket",
        "connect-path-socket",
        "start-process",
        "run-program",
        "signal-parent",
        "trace-parent",
        "copy-parent-memory",
        "limit-parent",
        "slow-parent",
        "memory-file",
        "shared-mapping",
        "shared-segment",
        "io-uring",
        "memory-key",
        "keyring",
        "empty-file",
        "change-mode",
        "change-user",
        "user-namespace",
    ]
)
_LANDLOCK_BLOCKS = {
    1: "read-hidden-file list-hidden-folder write-file read-parent-memory read-parent-environment "
    "read-own-environment run-program trace-parent copy-parent-memory",
    _TRUNCATION: "empty-file",
    _TCP: "connect-tcp",
    _SCOPES: "connect-abstract-socket signal-parent",
    9: "connect-path-socket",
    10: "send-udp",
}
"""By first ABI."""


@dataclass(frozen=True)
class Held:
    """What was put in force."""

    powers: Powers
    landlock_abi: int = 0
    seccomp: bool = False
    no_new_privs: bool = False
    rlimits: Mapping[str, int] = field(default_factory=dict)
    private_root: bool = False
    private_processes: bool = False

    @property
    def network(self) -> Network:
        """How far the network is closed; without the filter there are always kinds of socket left."""
        if self.seccomp:
            return "none"
        return "tcp-closed" if self.landlock_abi >= _TCP else "open"

    @property
    def cannot_fork(self) -> bool:
        """Whether no process can be started; a limit on their number never holds for user 0."""
        return self.seccomp or ("NPROC" in self.rlimits and not self.powers.uid_is_root)


def wall(policy: Policy, held: Held, broken: Sequence[str]) -> WallReport:
    """Sum up what holds under *policy*, with the steps that went wrong in *broken*."""
    memory: Memory = "watchdog" if policy.supervised else "none"
    processes: Processes = "swept" if policy.supervised else "best-effort"
    return WallReport(
        landlock_abi=held.landlock_abi,
        seccomp=held.seccomp,
        no_new_privs=held.no_new_privs,
        uid_is_root=held.powers.uid_is_root,
        capabilities=held.powers.capabilities,
        network=held.network,
        rlimits=held.rlimits,
        memory="data+as" if {"DATA", "AS"} <= held.rlimits.keys() else memory,
        processes="impossible" if held.cannot_fork else processes,
        missing=(*broken, *_missing(held, reads_all=policy.reads_all)),
        private_root=held.private_root,
        private_processes=held.private_processes,
        without=policy.without,
    )


def without_walls(policy: Policy) -> WallReport:
    """Describe a process around which nothing could be put."""
    return wall(policy, Held(powers=privileges.powers()), ["time, memory and files are not limited"])


def promised(wall: WallReport) -> frozenset[str]:
    """Name the attempts (:mod:`attempts`) that *wall* says must fail; one that succeeds proves it wrong."""
    blocked = {"use-inherited-descriptor"}
    if wall.seccomp:
        blocked |= _FILTER_BLOCKS
    for first, names in _LANDLOCK_BLOCKS.items():
        if first <= wall.landlock_abi:
            blocked.update(names.split())
    others = {
        "change-user": wall.capabilities == "none",
        "exceed-memory": wall.memory == "data+as",
        "start-process": wall.processes == "impossible",
        "stat-hidden-file": wall.private_root,
        "list-processes": wall.private_processes,
    }
    return frozenset(blocked | {name for name, holds in others.items() if holds})


def _missing(held: Held, *, reads_all: bool) -> Iterator[str]:
    if held.landlock_abi == 0:
        yield "it can read and write whatever files this user can"
    if held.powers.capabilities != "none" and not reads_all:
        yield "it holds powers of root"
    if not held.seccomp:
        yield from _missing_without_filter(held)


def _missing_without_filter(held: Held) -> Iterator[str]:
    if 0 < held.landlock_abi < _TRUNCATION:
        yield "it can empty files of this user"
    yield "the network is open" if held.network == "open" else "UDP and some other kinds of socket are open"
    if not held.cannot_fork:
        yield "it can start processes"
    if held.landlock_abi < _SCOPES:
        yield "it can send signals to processes of this user"
    yield "it can change limits and priorities of processes of this user"
    yield "it can use shared memory, which only the limit on address space counts"
    yield "it can change modes and times of files of this user"
