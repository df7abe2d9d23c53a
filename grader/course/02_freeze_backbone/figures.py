"""The maps of exercise 02: what moved in the two frozen runs, and which statistics move at which depth."""

from __future__ import annotations

import contextlib

from grader.authoring import NotReached
from grader.records import Evidence, FreezeMap

from .seen import FrozenRun, Norm, Round, Seen, read


def draw(evidence: Evidence) -> tuple[FreezeMap, ...]:
    """Draw a map of each run, a frozen run being depth 0, and one of the statistics, as far as they were seen."""
    seen = read(evidence)
    maps = []
    for draw_one in (_vision_map, _text_map, _statistics_map):
        with contextlib.suppress(NotReached):
            maps.append(draw_one(seen))
    return tuple(maps)


def _vision_map(seen: Seen) -> FreezeMap:
    return _run_map(seen.run("vision"))


def _text_map(seen: Seen) -> FreezeMap:
    return _run_map(seen.run("text"))


def _run_map(run: FrozenRun) -> FreezeMap:
    groups = {title: index for index, title in enumerate(run.anatomy.block_titles)} | {"head": None}
    entries = {title: {e.name for e in run.anatomy.entries if e.block == block} for title, block in groups.items()}
    if not run.moved:
        raise NotReached(run.modality)
    shares = [round(len(names & run.moved[-1]) / len(names), 3) for names in entries.values()]
    return FreezeMap(
        title=f"What had moved after {len(run.moved)} steps of the frozen run, on {run.title}",
        rows=tuple(groups),
        columns=("0",),
        expected=tuple((block is None,) for block in groups.values()),
        seen=tuple((share,) for share in shares),
    )


def _statistics_map(seen: Seen) -> FreezeMap:
    """Map the share of each block's BatchNorms whose mean or variance a few batches changed."""
    rounds = {one.depth: one for one in seen.rounds_of("vision")}
    blocks = tuple(dict.fromkeys(norm.block for norm in rounds[0].norms))
    return FreezeMap(
        title=f"Whose BatchNorm statistics moved in training mode at which depth, on {rounds[0].title}",
        rows=blocks,
        columns=tuple(map(str, rounds)),
        expected=tuple(
            tuple(any(norm.live for norm in _in(one, block)) for one in rounds.values()) for block in blocks
        ),
        seen=tuple(tuple(_share(one, block) for one in rounds.values()) for block in blocks),
    )


def _in(one: Round, block: str) -> list[Norm]:
    return [norm for norm in one.norms if norm.block == block]


def _share(one: Round, block: str) -> float | None:
    if one.told.raised is not None or one.told.answer.trouble("train_mode(model)"):
        return None
    norms = _in(one, block)
    return round(sum(norm.moved for norm in norms) / len(norms), 3)
