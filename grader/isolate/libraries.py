"""The libraries of the course as a confined worker finds them."""

from __future__ import annotations

from collections.abc import Mapping

from grader.places import PACKAGE
from grader.records import Record

from .attempt import Attempt, Question, Sandbox, read_crash

LIBRARIES = ("numpy", "torch", "torchvision", "transformers")
"""In the order in which ``grader.inside.libraries`` imports them."""
_SECONDS = 180.0


class Libraries(Record, frozen=True, kw_only=True):
    """What came of importing each library."""

    versions: Mapping[str, str]
    failed: Mapping[str, str]
    """Library to what was raised, or how the process ended."""
    operators_lent: bool
    """Whether torchvision was built for another torch, so that its operators had to be declared."""


def import_libraries(sandbox: Sandbox) -> Libraries:
    """Have a worker import what learners import; raise SandboxFault when none can be had."""
    task = Question(
        filename="doctor.py",
        source=b"",
        probe=str(PACKAGE / "inside" / "libraries.py"),
        parts=("libraries",),
        seconds=_SECONDS,
        plan={},
        fixtures={},
        arrays={},
    )
    return _read(sandbox.attempt(task))


def _read(attempt: Attempt) -> Libraries:
    versions, failed = {}, {}
    for name in LIBRARIES:
        answer = attempt.facts.get(name)
        if answer is None:
            failed[name] = _end(attempt)
            break
        if "returned" in answer:
            versions[name] = answer["returned"]
        else:
            crash = read_crash(answer["raised"])
            failed[name] = f"{crash.type}: {crash.message}"
    return Libraries(versions=versions, failed=failed, operators_lent=attempt.facts.get("operators lent", False))


def _end(attempt: Attempt) -> str:
    """Say how the process ended while it imported, with the last line that it wrote."""
    how = f"the process ended ({attempt.detail or attempt.ending.value})"
    return ": ".join([how, *attempt.console.strip().splitlines()[-1:]])
