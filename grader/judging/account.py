"""Report what the code did where nothing judges: which function answered what, and what is still open.

All that is read is the probe's own record of its calls, which a plan for such a place asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from grader.authoring import interrupted, why_not_reached
from grader.records import Account, Evidence, Exercise, Observation, Provenance, Run, Submission, Unfinished
from grader.wire.answer import Call

CALLS = "calls/"
"""Names of the facts that hold the calls of one part begin so."""
RAISED_CAP = 3
"""Questions in which a function raised something that are told one by one."""
ANSWERED = "Every question got an answer; whether the answers are right, the course's own run will judge."
READ = "What you wrote was read; whether it is right, the course's own run will judge."


def account(submission: Submission, exercise: Exercise, evidence: Evidence, provenance: Provenance) -> Account:
    """Return what each function was asked and what came of it, and what kept the code from answering."""
    calls = [call for name, fact in evidence.facts.items() if name.startswith(CALLS) for call in _read(fact)]
    functions = () if exercise.is_note else exercise.functions
    unfinished = tuple(dict.fromkeys(_unfinished(evidence, calls))) or tuple(_never_asked(functions, calls))
    return Account(
        exercise=exercise.slug,
        title=exercise.title,
        learner=submission.learner,
        path=submission.path,
        observations=tuple(_observation(name, calls) for name in functions),
        unfinished=unfinished,
        next_step=f"Start here: {unfinished[0].said}" if unfinished else READ if exercise.is_note else ANSWERED,
        set_aside=submission.set_aside,
        evidence=Run.of(evidence),
        provenance=provenance,
    )


def _read(fact: Any) -> tuple[Call, ...]:
    """Read the calls of one part; what no probe of ours would write is none."""
    try:
        return msgspec.convert(fact, tuple[Call, ...])
    except msgspec.ValidationError:
        return ()


def _observation(function: str, calls: Sequence[Call]) -> Observation:
    return Observation(function=function, said=tuple(_said([call for call in calls if call.function == function])))


def _said(calls: Sequence[Call]) -> Iterator[str]:
    """Count the questions and what came, and tell those in which something was raised, which may well be right."""
    if not calls:
        yield "was not asked anything"
        return
    returned = sum(not call.answer.trouble(call.question) for call in calls)
    raised = [call for call in calls if call.answer.raised and not call.answer.is_unwritten]
    came = f"{_count(returned, 'answer')}, {_count(len(raised), 'exception')}"
    yield f"was asked {_count(len(calls), 'question')}: {came}"
    for call in raised[:RAISED_CAP]:
        yield call.answer.trouble(call.question)
    if len(raised) > RAISED_CAP:
        yield f"and {len(raised) - RAISED_CAP} more raised something"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _never_asked(functions: Sequence[str], calls: Sequence[Call]) -> Iterator[Unfinished]:
    asked = {call.function for call in calls}
    yield from (Unfinished(said=f"`{name}` was not asked anything.") for name in functions if name not in asked)


def _unfinished(evidence: Evidence, calls: Sequence[Call]) -> Iterator[Unfinished]:
    """Say what ended too early, is missing or is still to be written; an exception may be the right answer."""
    if crash := evidence.crash:
        yield Unfinished(said=why_not_reached(evidence, ""), line=crash.line, cell=crash.cell)
    for interruption in evidence.interruptions:
        yield Unfinished(said=interrupted(interruption), line=interruption.line, cell=interruption.cell)
    for call in calls:
        raised = call.answer.raised
        if call.answer.missing:
            yield Unfinished(said=call.answer.trouble(""))
        elif raised and call.answer.is_unwritten:
            yield Unfinished(said=call.answer.trouble(""), line=raised.line, cell=raised.cell)
