"""The error models of exercise 08, by function, and what its evidence asks of them."""

from __future__ import annotations

from grader.authoring.slips import Model, Question

from . import choosing, stepping
from .seen import Choice, NextDepth, Seen
from .steps import Choosing
from .wire import CHOOSE, NEXT

MODELS = {
    CHOOSE: Model(Choosing, choosing.SLIPS, choosing.VARIATIONS),
    NEXT: Model(stepping.Stepping, stepping.SLIPS),
}


def questions(seen: Seen, function: str) -> list[Question]:
    """Return every call of a function as a question."""
    if function == NEXT:
        return [_stepped(call) for call in seen.depths]
    return [_chosen(choice) for choice in seen.choices()]


def _chosen(choice: Choice) -> Question:
    return Question(about=choice.title, ask=lambda model: model.choose(choice), answer=choice.answer)


def _stepped(call: NextDepth) -> Question:
    about = f"the tested depths {list(call.tested)} and the chosen {call.chosen}"
    return Question(about=about, ask=lambda model: model.step(call.tested, call.chosen), answer=call.answer)
