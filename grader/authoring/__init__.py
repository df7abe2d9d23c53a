"""What the author of an exercise writes with: checks, and the reading of a learner's answers.

A check is a function ``test_*(seen)`` in ``course/NN_x/checks.py``. Its docstring is its title, the learner's
line. It may end by AssertionError (the learner's trouble), NotReached or Waits (nothing to judge: BLOCKED) or
Remark (it passed, and there is something to say); any other exception is a fault of ours and no score is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import msgspec

from grader.records import Crash, Evidence, Interruption, Run
from grader.wire.answer import Answer, Pointer, spaced
from grader.wire.surroundings import remark

Check = TypeVar("Check", bound=Callable[..., None])
Kind = TypeVar("Kind")


class NotReached(Exception):
    """The fact was never observed: the run ended before it, or never came so far."""


class Unreadable(NotReached):
    """Something came back, and it is not what asking the learner's functions gives."""


class Waits(Exception):
    """What was seen follows from another of the learner's functions, which is not right yet."""


class Remark(Exception):
    """The check passed, and there is something to say about how."""


class Failed(AssertionError):
    """A check failed, and a line of the learner's is known to be behind it."""

    def __init__(self, message: str, at: Pointer) -> None:
        super().__init__(message)
        self.at = at


def check(*, points: int, of: str) -> Callable[[Check], Check]:
    """Mark a check as worth ``points`` for the learner's function ``of``."""

    def mark(function: Check) -> Check:
        vars(function).update(points=points, of=of)
        return function

    return mark


def expect(condition: bool, message: str) -> None:  # noqa: FBT001  reads like assert
    """Fail the check with a learner-facing sentence unless the condition holds."""
    if not condition:
        raise AssertionError(message)


def fail(message: str) -> NoReturn:
    """Fail the check with a learner-facing sentence."""
    raise AssertionError(message)


def expect_returned(answer: Answer, call: str, where: str = "") -> None:
    """Fail the check when nothing was returned; block it when the fault lies in another function's stub.

    ``where`` begins the sentence, but for a function that is not written: there the place does not matter.
    """
    trouble, raised = answer.trouble(call), answer.raised
    if not trouble:
        return
    if raised and answer.is_unwritten and raised.function not in ("", call.partition("(")[0]):
        raise Waits(trouble)
    unwritten = answer.missing or answer.is_unwritten
    raise Failed(trouble if unwritten else f"{where}{trouble}", raised or Pointer())


def value_as(answer: Answer, kind: type[Kind]) -> Kind | None:
    """Return what the function returned as ``kind``; None when it is something else, or nothing came back."""
    try:
        return msgspec.convert(answer.returned, kind)
    except msgspec.ValidationError:
        return None


def returned_as(answer: Answer, kind: Any, call: str) -> Any:
    """Return what the function returned as ``kind``; fail the check when it is something else."""
    expect_returned(answer, call)
    try:
        return msgspec.convert(answer.returned, kind, strict=True)
    except msgspec.ValidationError:
        fail(f"`{call}` returned {shorten(answer.returned)}; look at the return type in the contract.")


def shorten(value: Any, cap: int = 80) -> str:
    """Return a value as short code."""
    text = repr(value)
    return f"`{text if len(text) <= cap else text[: cap - 1] + '…'}`"


NAME_CAP = 100
"""Characters of one tensor name in a sentence."""


def listing(names: Any, cap: int = 3) -> str:
    """Name a few tensors and count the rest."""
    shown = [f"`{name[:NAME_CAP]}`" for name in sorted(names)]
    few = shown if len(shown) <= cap else [*shown[:cap], f"{len(shown) - cap} more"]
    return f"{', '.join(few[:-1])} and {few[-1]}" if few[1:] else "".join(few)


def are(names: Any) -> str:
    """Name a few tensors as the subject of a sentence, with its verb."""
    return f"{listing(names)} {'is' if len(names) == 1 else 'are'}"


UNREADABLE = "What came back is not what asking your functions gives, so there is nothing to judge."
TOO_MUCH = "This was not kept: what came back was larger than any answer needs, or nothing that was asked for."


def why_not_reached(evidence: Evidence, function: str) -> str:
    """Say in a sentence why there are no facts to judge a function by."""
    if evidence.crash:
        return why_crashed(evidence.crash, goes_on=bool(evidence.facts))
    if not evidence.interruptions:
        return TOO_MUCH if evidence.turned_away.count else "This was never observed."
    own = [interruption for interruption in evidence.interruptions if interruption.part == function]
    return interrupted((own or list(evidence.interruptions))[0])


def why_crashed(crash: Crash, *, goes_on: bool) -> str:
    """Say what went wrong while the file was imported, and whether the rest of it was asked all the same."""
    if not crash.type:
        return crash.message
    where = f" in {crash.where}: `{crash.text}`" if crash.where else ""
    told = f"Your file could not be imported: {crash.type}{where} ({crash.message})"
    if crash.type == "SystemExit":
        told = f"Your file ends the program while it is being imported,{where}"
    elif goes_on:
        told = f"A line of your file raised {crash.type}{where} ({crash.message}), and the rest was run without it."
    return spaced(told, remark(crash.type, crash.message))


def how_it_ended(run: Evidence | Run, *, goes_on: bool) -> str:
    """Say what went wrong with a run, whatever it cost; empty where nothing did."""
    if run.crash:
        return why_crashed(run.crash, goes_on=goes_on)
    return interrupted(run.interruptions[0]) if run.interruptions else ""


def interrupted(interruption: Interruption) -> str:
    """Say in a sentence why a part of the probe has no facts."""
    at = f" {interruption.where.capitalize()} was running." if interruption.where else ""
    what = "While your file was being imported" if interruption.part == "import" else f"In `{interruption.part}`"
    return f"{what}, your code {interruption.ending.words.your_code.format(interruption)}.{at}"
