"""Error models: a right solution in a few named steps, and mistakes that each replace some of them.

A *reference* is a class whose methods are the steps of a right answer. A *slip* replaces steps with what a learner may
have written instead. The mistake behind a function is the slip with which every answer comes out as the learner's did:
after Brown and Burton's procedural bugs (1978). A slip belongs to a misconception, whose page is told; there may be
many slips of one misconception.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from grader.records import Record
from grader.wire.answer import Answer

from . import shorten

CLOSE = 1e-6
"""Numbers that differ by less, or by less than this share of them, are the same, also where somebody took float32."""
_CAP = 160
"""Characters of an answer in a sentence."""
_NONE: Mapping[str, Callable[..., Any]] = {}


class Slip(Record, frozen=True, kw_only=True):
    """A mistake: which steps of the reference it replaces, and with what."""

    page: str
    """Name of the misconception that it belongs to."""
    says: str
    """What is done, as a clause after "when"."""
    steps: Mapping[str, Callable[..., Any]]


class Model(NamedTuple):
    """What is known of one of the learner's functions."""

    reference: type
    slips: tuple[Slip, ...]
    variations: tuple[Mapping[str, Callable[..., Any]], ...] = ()
    """Other steps that may stand beside any slip: what hardly ever shows."""
    readings: tuple[Mapping[str, Callable[..., Any]], ...] = ()
    """Steps that a right solution may have as well: what a contract leaves open, or an earlier function made wrong."""


class Question(Record, frozen=True, kw_only=True):
    """One call of the learner's function, and how a model of it is asked the same."""

    about: str
    """What the function was given, as a phrase after "Of"."""
    ask: Callable[[Any], Any]
    """Takes a model, an object with the reference's steps; returns what it answers, or raises."""
    answer: Answer
    value: Any = None
    """What came of it, where the answer only tells a type."""
    shown: str = ""
    """The same as a clause, where that is shorter."""


def slip(page: str, says: str, **steps: Callable[..., Any]) -> Slip:
    """Return a slip; every step is a method of the reference that it replaces."""
    return Slip(page=page, says=says, steps=steps)


def throw(error: Exception) -> NoReturn:
    """Raise an exception where an expression is wanted."""
    raise error


def solution(reference: type, slip: Slip | None = None, variation: Mapping[str, Callable[..., Any]] = _NONE) -> Any:
    """Return a solution with a slip in it, if any; ValueError for a slip that replaces what is no step."""
    steps = {**variation, **(slip.steps if slip else {})}
    if unknown := sorted(name for name in steps if not hasattr(reference, name)):
        raise ValueError(f"{reference.__name__} has no step {', '.join(unknown)}")
    return type(reference.__name__, (reference,), dict(steps))()


def agrees(question: Question, made: Any) -> bool:
    """Whether a model answers a question as the learner's function did."""
    try:
        value = question.ask(made)
    except Exception as error:  # noqa: BLE001  whatever it raises is its answer
        return question.answer.raises(type(error).__name__)
    if not question.answer.has_returned:
        return False
    return same(value, question.answer.returned if question.value is None else question.value)


def same(one: Any, other: Any) -> bool:
    """Whether two plain values, or arrays of one shape, are the same up to rounding; NaN is the same as NaN."""
    if hasattr(one, "tolist"):
        one = one.tolist()
    if hasattr(other, "tolist"):
        other = other.tolist()
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE) or (one != one and other != other)  # noqa: PLR0124  NaN
    return type(one) is type(other) and bool(one == other)


def told(slip: Slip, question: Question, count: int) -> str:
    """Say in a sentence or two what a slip explains, with one of the questions that it answers as the learner did."""
    raised = question.answer.raised
    returned = question.answer.returned if question.value is None else _short(question.value)
    came = f"it raised {raised.sentence()}" if raised else f"the answer was {shorten(returned, _CAP)}"
    came = question.shown or came
    every = f"All {count} answers come" if count > 1 else "The answer comes"
    return f"{every} out as yours did when {slip.says}. Of {question.about}, {came}."


def _short(value: Any) -> Any:
    """Return an array as lists of short numbers, whole ones as such."""
    if isinstance(value, list):
        return [_short(each) for each in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else round(value, 4)
    return _short(value.tolist()) if hasattr(value, "tolist") else value


def fitting(model: Model, questions: Sequence[Question]) -> Iterator[tuple[Slip, Question]]:
    """Yield every slip that answers all questions as the learner did, with the first that a right solution does not.

    Nothing is yielded where a right solution answers all of them so.
    """
    rights = [solution(model.reference, None, reading) for reading in (_NONE, *model.readings)]
    wrongs = [[question for question in questions if not agrees(question, right)] for right in rights]
    if not all(wrongs):
        return
    deviating = set(map(id, wrongs[0]))
    ordered = sorted(questions, key=lambda question: id(question) not in deviating)  # what deviates refutes fastest
    for each in model.slips:
        for variation in (_NONE, *model.readings, *model.variations):
            made = solution(model.reference, each, variation)
            if all(agrees(question, made) for question in ordered):
                yield each, ordered[0]
                break
