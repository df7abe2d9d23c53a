"""What the calls of exercise 03 are worth: right, or right by what the learner's own functions answered before.

``partial_unfreeze`` may rest on ``backbone_blocks``, and ``trainable_by_depth`` on both. A mistake costs points in the
function that makes it. So a later function is right, too, when it does what a right one would do with the answers that
were seen of the earlier ones, as long as those leave it something to do.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable

from grader.authoring import NotReached, value_as
from grader.wire.answer import Answer

from .calls import Model, Table, Trial
from .ladders import FEWEST, Ladder, tables
from .seen import Seen


class Standing(enum.Enum):
    """What the calls of a function on one model are."""

    RIGHT = enum.auto()
    FOLLOWS = enum.auto()
    """Right by the learner's own answers, which are not right themselves."""
    SILENT = enum.auto()
    """As the learner's own blocks have it, but depths are alike there, or ``backbone_blocks`` broke in the same way."""
    WRONG = enum.auto()


def standing(seen: Seen, model: Model, answers: Iterable[Answer], follows: Callable[[Ladder], bool]) -> Standing:
    """Return what calls on a model are; ``follows`` says whether they are right by a ladder."""
    if follows(Ladder.of(model.anatomy)):
        return Standing.RIGHT
    own = seen.own_ladder(model)
    if own is not None and follows(own):
        return Standing.FOLLOWS if own.tells(model.deepest) else Standing.SILENT
    return Standing.SILENT if _break_alike(seen, model, answers) else Standing.WRONG


def table_standing(seen: Seen, table: Table) -> Standing:
    """Return what a table is; it may also count what the learner's own ``partial_unfreeze`` leaves learning."""
    counts, model = value_as(table.answer, list[int]), table.model
    if counts is None:
        return Standing.SILENT if _break_alike(seen, model, [table.answer]) else Standing.WRONG
    if counts == model.table:
        return Standing.RIGHT
    own = seen.own_ladder(model)
    if own is not None and counts in tables(model.anatomy, seen.block_lists[model.id], table.before):
        return Standing.FOLLOWS if own.tells(model.deepest) else Standing.SILENT
    depths = {model.deepest, len(own.blocks) if own else model.deepest}
    if len(counts) - 1 in depths and counts in seen.left_learning(model, len(counts)):
        return Standing.FOLLOWS if len(set(counts)) >= max(len(counts) - 1, FEWEST) else Standing.SILENT
    return Standing.WRONG


def acts(seen: Seen, family: str) -> bool:
    """Whether ``partial_unfreeze`` does different things at different depths of some model, and some are right."""
    calls: dict[tuple[str, str], list[Trial]] = {}
    for trial in seen.reached:
        if trial.model.family == family and trial.came:
            calls.setdefault((trial.model.id, trial.state), []).append(trial)
    return any(
        len({trial.live & trial.model.backbone for trial in trials}) > 1
        and any(_is_right(seen, trial) for trial in trials)
        for trials in calls.values()
    )


def _is_right(seen: Seen, trial: Trial) -> bool:
    own = seen.own_ladder(trial.model)
    ladders = [Ladder.of(trial.model.anatomy)]
    ladders += [own] if own is not None and own.tells(trial.model.deepest) else []
    return any(ladder.has(trial.depth) and trial.follows(ladder, trial.model.backbone) for ladder in ladders)


def _break_alike(seen: Seen, model: Model, answers: Iterable[Answer]) -> bool:
    """Whether every call raised what the learner's own ``backbone_blocks`` raises on this model."""
    try:
        broken = seen.blocks(model).raised
    except NotReached:
        return False
    if broken is None or broken.type == "NotImplementedError":
        return False
    return all(answer.raised is not None and answer.raised.type == broken.type for answer in answers)
