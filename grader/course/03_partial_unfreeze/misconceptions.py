"""What recognises mistakes of exercise 03 that no single answer shows; the others have slips."""

from __future__ import annotations

from collections.abc import Iterable

from grader.authoring import listing, value_as

from .calls import Model, Table, Trial
from .ladders import Ladder
from .seen import Seen

_FEWEST = 2
"""Blocks; a number as small as this is nobody's memory of a BERT."""


def blocks_hardcoded_count(seen: Seen) -> str | None:
    berts = [model for model in seen.models if model.family == "bert"]
    counts = {model.layers: len(seen.block_sets[model.id]) for model in berts if model.id in seen.block_sets}
    failed = [model.layers for model in berts if seen.blocks(model).raises("IndexError")]
    if len(counts) > 1 and len(set(counts.values())) == 1 and min(counts.values()) > _FEWEST:
        return f"BERTs with {_and(counts)} layers all came back with {counts[max(counts)]} blocks."
    if failed and counts and max(failed) < min(counts):
        return f"On BERTs with {_and(failed)} layers your function reached for a layer that is not there."
    return None


def _and(numbers: Iterable[int]) -> str:
    return " and ".join(str(number) for number in sorted(numbers))


def partial_report_disagrees(seen: Seen) -> str | None:
    if not all(_is_right(seen, trial) for trial in seen.possible):
        return None
    for trial in seen.possible:
        names = value_as(trial.answer, list[str])
        if names is None:
            return None
        if frozenset(names) != trial.live:
            differing = listing(frozenset(names) ^ trial.live)
            return f"Depth {trial.depth} on {trial.model.title}: list and flags differ on {differing}."
    return None


def count_changes_flags(seen: Seen) -> str | None:
    tables = [table for table in seen.tables if table.live != table.before]
    if not tables or not all(_counts_right(seen, table) for table in seen.tables):
        return None
    changed = listing(tables[0].live ^ tables[0].before)
    return f"The numbers are right, but afterwards {changed} of {tables[0].model.title} had other flags than before."


def _is_right(seen: Seen, trial: Trial) -> bool:
    rungs = [ladder.at(trial.depth) for ladder in _ladders(seen, trial.model) if ladder.has(trial.depth)]
    return trial.live in rungs and not trial.altered


def _counts_right(seen: Seen, table: Table) -> bool:
    body = table.model.anatomy
    ladders = _ladders(seen, table.model)
    return table.answer.returned in [[body.size_of(at.at(d)) for d in range(len(at.blocks) + 1)] for at in ladders]


def _ladders(seen: Seen, model: Model) -> list[Ladder]:
    """Return the model's ladder, and that of the learner's own blocks, where there is one."""
    return [Ladder.of(model.anatomy), *filter(None, [seen.own_ladder(model)])]
