"""Confine a freshly forked worker before learner code runs, and report what really holds.

Only the standard library is needed, nothing is changed by importing, and off Linux the call still does what
it can and says what it could not.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from grader.wire.wall import WallReport

from . import kernel, landlock, limits, privileges, promises, seccomp
from .policy import Policy
from .roots import default_readable_roots, names_of_roots, remember_packages

__all__ = ["Policy", "confine", "default_readable_roots", "names_of_roots", "remember_packages"]

_T = TypeVar("_T")


class _Steps:
    """The steps taken so far; one that fails leaves what it means in *broken*, and the next is taken."""

    def __init__(self) -> None:
        self.broken: list[str] = []

    def take(self, broken: str, step: Callable[[], _T], otherwise: _T) -> _T:
        """Take a step and give its result, or *otherwise* when the system refuses it."""
        try:
            return step()
        except (OSError, ValueError) as error:
            self.broken.append(f"{broken} ({error})")
            return otherwise

    def done(self, broken: str, step: Callable[[], object]) -> bool:
        """Take a step that has no result, and tell whether it worked."""
        return self.take(broken, lambda: bool((step(), True)), otherwise=False)

    def limits(self, broken: str, step: Callable[[], dict[str, int]]) -> dict[str, int]:
        """Take a step that sets limits, and give those that are set."""
        return self.take(broken, step, otherwise={})


def confine(policy: Policy) -> WallReport:
    """Put this process behind its walls, for good, and say which of them stand.

    For a freshly forked process with one thread, before it touches learner code. A wall that the system
    lacks is left out and listed as missing, never silently. RuntimeError when there are more threads, which
    Landlock would leave outside; ProcessLookupError when the parent is gone already.
    """
    if os.name == "nt":
        return promises.without_walls(policy)
    if policy.landlock_abi != 0 or not policy.keep_powers:
        _be_one_thread()
    steps = _Steps()
    used, rooted = _go_in(policy, steps)
    if not policy.keep_powers:
        paths = (*policy.readable, policy.folder)
        steps.done("it keeps powers of root", lambda: privileges.give_up(paths, reads_all=policy.reads_all))
    powers = privileges.powers()
    steps.done("it may outlive its parent", limits.die_with_parent)
    _have_parent(policy.parent)
    steps.done("it belongs to its parent's session", _lead_a_session)
    _settle(policy, steps)
    steps.done("this user's processes may read its memory", limits.hide_memory)
    rlimits = _limit(policy, steps, used)
    no_new_privs = steps.done("a program it runs may gain powers", limits.forbid_new_privileges)
    remember_packages()
    abi = steps.take("Landlock refused its rules", lambda: _landlock(policy), 0)
    filtered = steps.take("the system call filter was refused", lambda: _filter(policy), otherwise=False)
    steps.broken += _reasons(policy, steps.broken, abi=abi, filtered=filtered)
    if not filtered and policy.limit_processes:
        rlimits |= steps.limits("processes are not limited", lambda: {"NPROC": limits.limit("NPROC", 1)})
    held = promises.Held(powers, abi, filtered, no_new_privs, rlimits, rooted, policy.private_processes)
    return promises.wall(policy, held, steps.broken)


def _be_one_thread() -> None:
    try:
        threads = len(list(Path("/proc/self/task").iterdir()))
    except OSError:
        return
    if threads != 1:
        raise RuntimeError(f"{threads} threads: walls can only be put around one")


def _have_parent(parent: int | None) -> None:
    if parent is not None and os.getppid() != parent:
        raise ProcessLookupError(f"process {parent} ended before its worker was confined")


def _go_in(policy: Policy, steps: _Steps) -> tuple[Mapping[str, int], bool]:
    """Enter the private root, and give what memory is in use: there is no /proc in there."""
    nothing: Mapping[str, int] = {}
    if policy.private_root is None:
        return nothing, False
    used = steps.take("it is not known what memory is in use", limits.memory_in_use, nothing)
    return used, steps.done("it is outside of its private root", policy.private_root.enter)


def _lead_a_session() -> None:
    if os.getsid(0) != os.getpid():
        os.setsid()


def _settle(policy: Policy, steps: _Steps) -> None:
    """Keep only the descriptors, signal handlers, folder and environment that the policy names."""
    steps.done("its output goes elsewhere", lambda: limits.redirect(policy.output))
    steps.done("it inherits open files", lambda: limits.close_all_but({0, 1, 2, *policy.keep_fds}))
    steps.done("it inherits signal handlers", limits.reset_signals)
    os.umask(0o077)
    steps.done("it starts in its parent's folder", lambda: os.chdir(policy.folder))
    limits.environment({**policy.environment, **dict.fromkeys(_WRITTEN_BY_LIBRARIES, policy.folder)})


_WRITTEN_BY_LIBRARIES = ("HOME", "TMPDIR", "MPLCONFIGDIR", "TORCHINDUCTOR_CACHE_DIR")
"""matplotlib, and torch's compiler with all that it brings, need a folder that is there when they are imported."""


def _landlock(policy: Policy) -> int:
    return landlock.restrict(policy.readable, policy.writable_files, policy.landlock_abi)


def _filter(policy: Policy) -> bool:
    return policy.seccomp and seccomp.install()


def _reasons(policy: Policy, broken: Sequence[str], *, abi: int, filtered: bool) -> Iterator[str]:
    """Say why a wall that was asked for does not stand, where nothing went wrong: this system has none."""
    told = " ".join(broken)
    lacks_landlock = not abi and policy.landlock_abi != 0 and "Landlock refused" not in told
    lacks_filter = not filtered and policy.seccomp and "filter was refused" not in told
    if (lacks_landlock or lacks_filter) and (unknown := kernel.why_unknown()):
        yield unknown
        return
    if lacks_landlock:
        yield landlock.why_none()
    if lacks_filter:
        yield "this kernel has no system call filter"


def _limit(policy: Policy, steps: _Steps, used: Mapping[str, int]) -> dict[str, int]:
    memory = steps.limits("memory is not limited", lambda: limits.memory_limits(policy.memory, used))
    found = memory
    for name, (soft, hard) in limits.plain_limits(policy.cpu, policy.file_size).items():
        take = partial(limits.limit, name, soft, hard)
        found |= steps.limits(f"{limits.IN_WORDS.get(name, name)} is not limited", lambda: {name: take()})  # noqa: B023
    return found
