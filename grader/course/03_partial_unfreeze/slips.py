"""The error models of exercise 03, by function, and what its evidence asks of them."""

from __future__ import annotations

from typing import Any

from grader.authoring import value_as
from grader.authoring.slips import Model as ErrorModel
from grader.authoring.slips import Question

from .calls import Model, Table, Trial
from .cutting import SLIPS
from .seen import Seen
from .steps import Cutting, Unfreezing
from .unfreezing import COUNTING, FREEING, READINGS
from .wire import BLOCKS, COUNTS, UNFREEZE

MODELS = {
    BLOCKS: ErrorModel(Cutting, SLIPS),
    UNFREEZE: ErrorModel(Unfreezing, FREEING, readings=READINGS),
    COUNTS: ErrorModel(Unfreezing, COUNTING, readings=READINGS),
}


def questions(seen: Seen, function: str) -> list[Question]:
    """Return every call of a function as a question; a walk through all depths is none."""
    if function == BLOCKS:
        return [_cut(seen, model) for model in seen.models]
    if function == UNFREEZE:
        return [_freed(seen, trial) for trial in seen.trials()]
    return [_counted(seen, table) for table in seen.tables]


def _cut(seen: Seen, model: Model) -> Question:
    answer = seen.blocks(model)
    lists = value_as(answer, list[list[str]])
    value = None if lists is None else list(map(sorted, lists))
    sizes = ", ".join(str(len(block)) for block in value or ())
    shown = f"there were {len(value or ())} blocks of {sizes} names" if value else ""
    return Question(about=model.title, ask=lambda made: made.blocks(model), answer=answer, value=value, shown=shown)


def _freed(seen: Seen, trial: Trial) -> Question:
    about = f"{trial.model.title}, asked for depth {trial.depth}"
    value = sorted(trial.live) if trial.came else None
    shown = f"{len(trial.live)} of {len(trial.model.anatomy.names)} parameters learned afterwards" if trial.came else ""
    return Question(about=about, ask=_with(seen, "unfreeze", trial), answer=trial.answer, value=value, shown=shown)


def _counted(seen: Seen, table: Table) -> Question:
    return Question(about=table.model.title, ask=_with(seen, "table", table.model), answer=table.answer)


def _with(seen: Seen, step: str, given: Any) -> Any:
    """Return how a model is asked that may rest on the learner's own blocks."""

    def ask(made: Any) -> Any:
        made.own_blocks = lambda model: seen.block_lists.get(model.id)
        return getattr(made, step)(given)

    return ask
