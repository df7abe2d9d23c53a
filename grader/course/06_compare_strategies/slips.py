"""The error models of exercise 06, by function, and what its evidence asks of them."""

from __future__ import annotations

from grader.authoring.slips import Model, Question

from .gaining import SLIPS, VARIATIONS, Gaining
from .seen import PairedCall, Seen
from .wire import GAIN

MODELS = {GAIN: Model(Gaining, SLIPS, VARIATIONS)}


def questions(seen: Seen, function: str) -> list[Question]:  # noqa: ARG001  there is one
    """Return every call of the function as a question."""
    return [_question(pair) for pair in seen.pairs]


def _question(pair: PairedCall) -> Question:
    return Question(about=pair.title, ask=lambda made: made.gain(pair.first, pair.second), answer=pair.answer)
