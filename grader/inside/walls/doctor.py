"""The doctor: confine one process, attempt everything in it, and grade the walls of this machine."""

from __future__ import annotations

import dataclasses
import json
import os
import select
import signal
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from grader.wire.wall import Examination, Level, Result, WallReport

from . import Policy, confine
from .attempts import ATTEMPTS, EXTRAS, attempt_all
from .promises import promised
from .targets import Targets, targets

_PATIENCE = 10.0
"""Seconds after which the examined process is given up; it needs some hundredths."""


def examine(policy: Policy, hidden: Sequence[str] = ()) -> Examination:
    """Fork a process, confine it by *policy* and let it attempt everything; also try to read *hidden* files.

    Takes some hundredths of a second. Call it where the workers will be forked. ChildProcessError when the
    process dies without a report. The kept descriptors and the output of *policy* are left aside.
    """
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as pipe, targets(policy, hidden, writer) as made:
        child = os.fork()
        if child == 0:
            _report(policy, made, writer)
        os.close(writer)
        ready, _, _ = select.select([pipe], [], [], _PATIENCE)
        if not ready:
            os.kill(child, signal.SIGKILL)
        written = pipe.read()
        _, status = os.waitpid(child, 0)
    if not written:
        raise ChildProcessError(f"the examined process ended with status {status} and without a report")
    return _examination(json.loads(written))


def level(wall: WallReport, results: Mapping[str, Result]) -> Level:
    """Grade *wall* after *results*: A isolated by the kernel, B partly, C a separate process, D refused.

    D is a wall that does not do what it says, an examination that is not complete, or user 0 without both
    walls. User 0 behind both, without capabilities and unable to gain any, earns A like anyone else: for
    every check the kernel makes on files it is the owner of many, no more, just as a worker of an ordinary
    user owns that user's files; in both cases it is Landlock that keeps it from opening them, and the filter
    from changing their mode. What user 0 keeps over others, no limit on processes and the right to write
    system settings, needs a fork or an open file, which are refused. Nothing of this holds with one wall.

    What only a private root or private processes block keeps nobody from A where there are none.

    LookupError for a promise that no attempt puts to the test.
    """
    both = wall.landlock_abi > 0 and wall.seccomp
    powerful = wall.uid_is_root or wall.capabilities != "none"
    claims = promised(wall)
    if untried := claims - ATTEMPTS.keys():
        raise LookupError(f"promised, and never attempted: {', '.join(sorted(untried))}")
    if results.keys() != ATTEMPTS.keys() or any(results[name] == "allowed" for name in claims):
        return Level.D
    if powerful and not (both and wall.capabilities == "none"):
        return Level.D
    whole = wall.no_new_privs and wall.memory == "data+as" and not wall.missing
    open_doors = {name for name, result in results.items() if result == "allowed"} - EXTRAS
    if both and whole and not open_doors and results["read-hidden-file"] == "blocked":
        return Level.A
    return Level.B if wall.landlock_abi or wall.seccomp else Level.C


def _report(policy: Policy, made: Targets, writer: int) -> NoReturn:
    """Be the examined process: confine, attempt, report, end."""
    try:
        wall = confine(dataclasses.replace(policy, keep_fds=(writer,), output=None, parent=made.parent))
        report = {"wall": wall.as_dict(), "results": attempt_all(made)}
        os.write(writer, json.dumps(report).encode())
    finally:
        os._exit(0)


def _examination(report: dict[str, Any]) -> Examination:
    wall = WallReport.of(report["wall"])
    return Examination(level(wall, report["results"]), wall, report["results"])
