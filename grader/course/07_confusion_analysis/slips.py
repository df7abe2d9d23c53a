"""The error models of exercise 07, by function, and what its evidence asks of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.authoring.slips import Model, Question

from . import comparing, counting
from .seen import Call, Seen
from .steps import Analysis, own
from .wire import BALANCED, CONFUSED, DELTA, HEADLINE, MATRIX, NORMALISE

_OWN = ({"shares": own},)
MODELS = {
    MATRIX: Model(Analysis, counting.MATRICES),
    NORMALISE: Model(Analysis, counting.NORMALISED),
    BALANCED: Model(Analysis, counting.AVERAGED, readings=_OWN),
    CONFUSED: Model(Analysis, comparing.RANKED),
    DELTA: Model(Analysis, comparing.SUBTRACTED, readings=_OWN),
    HEADLINE: Model(Analysis, comparing.TOLD),
}


def questions(seen: Seen, function: str) -> list[Question]:
    """Return every call of a function as a question."""
    return [_question(seen, call) for call in seen.calls(function)]


def _question(seen: Seen, call: Call) -> Question:
    def ask(made: Any) -> Any:
        made.own_shares = seen.own_normalised
        with np.errstate(all="ignore"):
            return getattr(made, call.function)(*(each.copy() for each in call.inputs), *call.numbers)

    return Question(about=call.title, ask=ask, answer=call.answer, value=call.tensor if call.dtype else None)
