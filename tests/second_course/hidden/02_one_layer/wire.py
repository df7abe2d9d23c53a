"""The fact of exercise 02."""

from __future__ import annotations

from grader.wire.answer import Answer, Told

FACT = LAYER = "layer"


class Made(Told, frozen=True, kw_only=True):
    """What came back; beside it the weight and what it makes of a row."""

    answer: Answer
    parameters: tuple[str, ...] = ()
    """Their names."""
