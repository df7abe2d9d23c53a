"""What recognises the misconceptions of exercise 03, one function each; their pages are in ``misconceptions.md``."""

from __future__ import annotations

from collections.abc import Iterable

from grader.authoring import listing, value_as

from .calls import Trial
from .ladders import Ladder, Names
from .seen import Seen
from .stories import (
    counts_are,
    counts_with_buffers,
    follows,
    never_given,
    right,
    skeleton,
    skeleton_is_right,
    true_skeleton,
)


def blocks_overlap_prefix(seen: Seen) -> str | None:
    for model in seen.models:
        for block in seen.block_sets.get(model.id, ()) if model.family == "bert" else ():
            tenth = [name for name in block if name.startswith("bert.encoder.layer.10.")]
            first = [name for name in block if name.startswith("bert.encoder.layer.1.")]
            others = any(name.startswith("bert.encoder.layer.2.") for name in block)
            if tenth and first and not others:
                return f"On {model.title}, one block holds {listing(first, 1)} together with {listing(tenth, 1)}."
    return None


def blocks_include_head(seen: Seen) -> str | None:
    if not (skeleton_is_right(seen, "resnet") and skeleton_is_right(seen, "bert")):
        return None
    for model in seen.models:
        inside = model.anatomy.head.intersection(*[frozenset().union(*seen.block_sets[model.id])])
        if not inside:
            return None
    return f"On every model a block holds the head: on {model.title} it is {listing(inside)}."


def blocks_reversed(seen: Seen) -> str | None:
    for model in seen.models:
        if seen.block_sets.get(model.id) is None:
            return None
        if skeleton(seen, model) != tuple(reversed(true_skeleton(model))):
            return None
    first = seen.block_sets[seen.models[0].id][0]
    return f"On every model the order is turned round: on {seen.models[0].title}, block 0 holds {listing(first)}."


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


def blocks_forget_pooler(seen: Seen) -> str | None:
    return never_given(seen, "bert", lambda name: ".pooler." in name)


def blocks_forget_embeddings(seen: Seen) -> str | None:
    return never_given(seen, "bert", lambda name: ".embeddings." in name)


def blocks_forget_stem(seen: Seen) -> str | None:
    return never_given(seen, "resnet", lambda name: name.startswith(("conv1.", "bn1.")))


def partial_depth_zero_slice(seen: Seen) -> str | None:
    if not follows(seen, _everything_at_zero):
        return None
    trial = next(trial for trial in seen.possible if trial.depth == 0)
    return f"Every depth is right but 0: on {trial.model.title} it left all {len(trial.live)} parameters learning."


def _everything_at_zero(trial: Trial, ladder: Ladder) -> Names:
    return ladder.at(trial.depth or len(ladder.blocks))


def partial_unfreezes_first_blocks(seen: Seen) -> str | None:
    if not follows(seen, _first_blocks):
        return None
    trial = next(trial for trial in seen.possible if trial.depth == 1)
    freed = trial.live - trial.model.anatomy.head
    return f"Depth 1 on {trial.model.title} freed {listing(freed)}, the block that sees the input."


def _first_blocks(trial: Trial, ladder: Ladder) -> Names:
    return ladder.head.union(*ladder.blocks[: trial.depth])


def partial_never_freezes(seen: Seen) -> str | None:
    if not follows(seen, _adds_to_what_was):
        return None
    trial = next(trial for trial in seen.possible if trial.state == "fresh" and trial.depth == 0)
    return (
        f"From a frozen model the depths are right; from a fresh {trial.model.title.partition(' ')[2]}, depth 0 left "
        f"all {len(trial.live)} parameters learning."
    )


def _adds_to_what_was(trial: Trial, ladder: Ladder) -> Names:
    return trial.before | ladder.at(trial.depth)


def partial_forgets_head(seen: Seen) -> str | None:
    if not (follows(seen, _without_head) or follows(seen, _head_as_before)):
        return None
    trial = next(trial for trial in seen.possible if trial.state == "frozen")
    head = listing(trial.model.anatomy.head)
    return f"The right blocks learn, but the head does not: on {trial.model.title}, {head} stayed frozen."


def _without_head(trial: Trial, ladder: Ladder) -> Names:
    return ladder.at(trial.depth) - ladder.head


def _head_as_before(trial: Trial, ladder: Ladder) -> Names:
    return (ladder.at(trial.depth) - ladder.head) | (trial.before & ladder.head)


def partial_off_by_one(seen: Seen) -> str | None:
    short, long = follows(seen, _one_block_fewer), follows(seen, _one_block_more)
    if not (short or long):
        return None
    depth_two = (trial for trial in seen.possible if trial.depth == 2)  # noqa: PLR2004  neighbours on both sides
    trial = next(depth_two)
    seen_at = trial.depth - 1 if short else trial.depth + 1
    return f"Depth 2 on {trial.model.title} left what belongs to depth {seen_at}; the other depths are off likewise."


def _one_block_fewer(trial: Trial, ladder: Ladder) -> Names | None:
    return ladder.at(trial.depth - 1) if trial.depth > 1 else None


def _one_block_more(trial: Trial, ladder: Ladder) -> Names | None:
    return ladder.at(trial.depth + 1) if trial.depth < len(ladder.blocks) else None


def partial_accepts_impossible_depth(seen: Seen) -> str | None:
    if not follows(seen, right):
        return None
    accepted = [trial for trial in seen.trials() if not trial.possible and trial.answer.raised is None]
    if not accepted:
        return None
    trial = accepted[0]
    return f"Depth {trial.depth} of {len(trial.model.anatomy.blocks)} on {trial.model.title} was accepted."


def partial_report_disagrees(seen: Seen) -> str | None:
    if not follows(seen, right):
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
    if not tables or not all(counts_are(seen, table, table.model.anatomy.size_of) for table in seen.tables):
        return None
    changed = listing(tables[0].live ^ tables[0].before)
    return f"The numbers are right, but afterwards {changed} of {tables[0].model.title} had other flags than before."


def count_tensors_not_scalars(seen: Seen) -> str | None:
    if not all(counts_are(seen, table, len) for table in seen.tables):
        return None
    model = seen.tables[0].model
    tensors = len(model.anatomy.head)
    return f"On {model.title} your entry for depth 0 is {tensors}, the number of tensors in the head."


def count_buffers_too(seen: Seen) -> str | None:
    resnets = [table for table in seen.tables if table.model.family == "resnet"]
    if not all(counts_with_buffers(table) for table in resnets):
        return None
    buffers = [entry.name for entry in resnets[0].model.anatomy.entries if entry.is_buffer]
    title = resnets[0].model.title
    return f"On {title} your entries are too high by exactly the buffers, such as {listing(buffers, 2)}."


def count_total_not_trainable(seen: Seen) -> str | None:
    for table in seen.tables:
        total = sum(entry.size for entry in table.model.anatomy.parameters)
        if table.answer.returned != [total] * (len(table.model.anatomy.blocks) + 1):
            return None
    return f"On {table.model.title} every depth has the same entry, {total:,}, which is the whole model."
