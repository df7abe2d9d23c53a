"""What the stories of exercise 03 have in common: predictions of what a mistaken program would have left."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from grader.authoring import are

from .calls import Model, Table, Trial
from .ladders import Ladder, Names
from .seen import Seen

Rule = Callable[[Trial, Ladder], Names | None]
"""Predicts what learns after a call, from the blocks; None where it predicts nothing."""
_NUMBERED = re.compile(r"layer\d|bert\.encoder\.layer\.")


def follows(seen: Seen, rule: Rule) -> bool:
    """Whether every possible call left what ``rule`` predicts, on the true blocks or on the learner's own.

    A rule that predicts nothing for some model does not fit: silence is no story.
    """
    true = {model.id: model.anatomy.blocks for model in seen.models}
    own = {model.id: seen.block_sets.get(model.id, ()) for model in seen.models}
    return _follows(seen, rule, true) or (all(own.values()) and _follows(seen, rule, own))


def _follows(seen: Seen, rule: Rule, blocks: Mapping[str, Sequence[Names]]) -> bool:
    told = set()
    for trial in seen.possible:
        predicted = rule(trial, Ladder(head=trial.model.anatomy.head, blocks=tuple(blocks[trial.model.id])))
        if predicted is None:
            continue
        if trial.live != predicted or trial.altered:
            return False
        told.add(trial.model.id)
    return told == {model.id for model in seen.models}


def right(trial: Trial, ladder: Ladder) -> Names:
    """Predict what the contract asks for."""
    return ladder.at(trial.depth)


def skeleton(seen: Seen, model: Model) -> tuple[Names, ...] | None:
    """Return the learner's blocks cut down to the numbered layers, empty ones left out; None without blocks."""
    return _skeleton(seen.block_sets[model.id]) if model.id in seen.block_sets else None


def true_skeleton(model: Model) -> tuple[Names, ...]:
    """Return the model's own blocks cut down to the numbered layers."""
    return _skeleton(model.anatomy.blocks)


def skeleton_is_right(seen: Seen, family: str) -> bool:
    """Whether the numbered layers are in the right blocks on every model of a family."""
    models = [model for model in seen.models if model.family == family]
    return all(skeleton(seen, model) == true_skeleton(model) for model in models)


def _skeleton(blocks: Sequence[Names]) -> tuple[Names, ...]:
    cut = (frozenset(name for name in block if _NUMBERED.match(name)) for block in blocks)
    return tuple(block for block in cut if block)


def never_given(seen: Seen, family: str, belongs: Callable[[str], bool]) -> str | None:
    """Say that the names which ``belongs`` picks are in no block of any model of a family, all else being right."""
    if not skeleton_is_right(seen, family):
        return None
    shown = None
    for model in (model for model in seen.models if model.family == family):
        owed = frozenset(filter(belongs, frozenset[str]().union(*model.anatomy.blocks)))
        if owed & frozenset[str]().union(*seen.block_sets[model.id]):
            return None
        if owed:
            shown = f"On {model.title}, {are(owed)} in no block."
    return shown


def counts_are(seen: Seen, table: Table, measure: Callable[[Names], int]) -> bool:
    """Whether a table is what ``measure`` of the live names gives at every depth, by true or own blocks."""
    body = table.model.anatomy
    true = Ladder(head=body.head, blocks=body.blocks)
    ladders = [ladder for ladder in (true, seen.own_ladder(table.model)) if ladder is not None]
    return any(table.answer.returned == [measure(at.at(d)) for d in range(len(at.blocks) + 1)] for at in ladders)


def counts_with_buffers(table: Table) -> bool:
    """Whether a table is too high by all buffers at every depth, or by those of the live blocks."""
    body = table.model.anatomy
    depths = range(len(body.blocks) + 1)
    counts = [body.size_of(body.live_at(depth)) for depth in depths]
    buffers = [
        sum(entry.size for entry in body.entries if entry.is_buffer and body.is_live(entry, depth)) for depth in depths
    ]
    every = [count + buffers[-1] for count in counts]
    live = [count + extra for count, extra in zip(counts, buffers, strict=True)]
    return table.answer.returned in (every, live)
