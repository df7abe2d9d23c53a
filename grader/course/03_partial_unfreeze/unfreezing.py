"""The mistakes of ``partial_unfreeze`` and ``trainable_by_depth``: each is a right solution with other steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.authoring.slips import slip, throw

from .calls import Model, Trial
from .ladders import Names, moving
from .steps import Unfreezing, all_but_below, own, rest_learns, rest_stays


def _flags(flags: Callable[[Trial, Names], Names]) -> Callable[..., Names]:
    return lambda _, trial, wanted, __: flags(trial, wanted)


def _never(*_: Any) -> bool:
    return False


def _nothing(*_: Any) -> Names:
    return frozenset()


def _clamped(_: Any, blocks: list[Names], depth: int) -> Sequence[Names]:
    return blocks[max(0, len(blocks) - depth) :]


def _sliced_from_the_end(_: Any, blocks: list[Names], depth: int) -> Sequence[Names]:
    return blocks[-depth:] if depth else []


def _ignored_when_refused(_: Any, trial: Trial) -> list[str]:
    return sorted(trial.before)


FREEING = (
    slip(
        "partial-depth-zero-slice", "the last 0 blocks are all of them", freed=lambda _, blocks, depth: blocks[-depth:]
    ),
    slip("partial-unfreezes-first-blocks", "the first blocks are freed", freed=lambda _, blocks, depth: blocks[:depth]),
    slip(
        "partial-never-freezes",
        "flags are only switched on",
        flagged=_flags(lambda trial, wanted: trial.before | wanted),
    ),
    slip(
        "partial-never-thaws",
        "flags are only switched off",
        flagged=_flags(lambda trial, wanted: trial.before & wanted),
    ),
    slip("partial-no-effect", "the model's flags stay as they were", flagged=_flags(lambda trial, _: trial.before)),
    slip(
        "partial-ignores-depth",
        "everything learns at every depth",
        flagged=_flags(lambda trial, _: trial.model.anatomy.names),
    ),
    slip("partial-ignores-depth", "nothing learns at any depth", flagged=_nothing),
    slip("partial-ignores-depth", "the head alone learns at every depth", freed=lambda *_: []),
    slip(
        "partial-ignores-depth",
        "the last block alone learns at every depth but 0",
        freed=lambda _, blocks, depth: blocks[-1:] if depth else [],
    ),
    slip(
        "partial-exchanged",
        "what should learn is frozen, and the rest learns",
        flagged=_flags(lambda trial, wanted: trial.model.anatomy.names - wanted),
    ),
    slip("partial-exchanged", "as many blocks as the depth are frozen", freed=lambda _, blocks, depth: blocks[depth:]),
    slip(
        "partial-exchanged",
        "as many of the last blocks as the depth are frozen",
        freed=lambda _, blocks, depth: blocks[: len(blocks) - depth],
    ),
    slip("partial-forgets-head", "the head is not switched on", head=_nothing),
    slip(
        "partial-forgets-head",
        "the head stays as it was",
        flagged=_flags(lambda t, wanted: (wanted - t.model.anatomy.head) | (t.before & t.model.anatomy.head)),
    ),
    slip(
        "partial-off-by-one",
        "one block fewer is freed",
        freed=lambda _, blocks, depth: blocks[len(blocks) - max(depth - 1, 0) :],
    ),
    slip(
        "partial-off-by-one",
        "one block more is freed",
        freed=lambda _, blocks, depth: blocks[max(len(blocks) - depth - 1, 0) :],
    ),
    slip(
        "partial-off-by-one",
        "one block more is freed, but at depth 0",
        freed=lambda _, blocks, depth: blocks[max(len(blocks) - depth - 1, 0) :] if depth else [],
    ),
    slip(
        "partial-single-block",
        "only the block at that depth is freed",
        freed=lambda _, blocks, depth: [blocks[-depth]] if depth else [],
    ),
    slip(
        "partial-single-block",
        "only the block of that number is freed",
        freed=lambda _, blocks, depth: [blocks[depth - 1]] if depth else [],
    ),
    *(
        slip("partial-accepts-impossible-depth", says, refuses=refuses, freed=freed)
        for says, refuses in (
            ("no depth is refused", _never),
            ("only negative depths are refused", lambda _, depth, __: depth < 0),
            ("only depths that are too large are refused", lambda _, depth, deepest: depth > deepest),
            ("the depth one too large is accepted", lambda _, depth, deepest: not 0 <= depth <= deepest + 1),
            ("depth -1 is accepted", lambda _, depth, deepest: not -1 <= depth <= deepest),
        )
        for freed in (Unfreezing.freed, _clamped, _sliced_from_the_end)
    ),
    slip(
        "partial-refuses-possible-depth",
        "the full depth is refused",
        refuses=lambda _, depth, deepest: not 0 <= depth < deepest,
    ),
    slip(
        "partial-refuses-possible-depth",
        "depth 0 is refused",
        refuses=lambda _, depth, deepest: not 0 < depth <= deepest,
    ),
    slip(
        "partial-refuses-possible-depth",
        "depth 0 and the full depth are refused",
        refuses=lambda _, depth, deepest: not 0 < depth < deepest,
    ),
    *(
        slip("partial-refuses-otherwise", "another exception is raised", refused=lambda *_, kind=kind: throw(kind()))
        for kind in (IndexError, AssertionError, TypeError, RuntimeError, KeyError)
    ),
    slip("partial-refuses-otherwise", "an impossible depth is passed over", refused=_ignored_when_refused),
    *(
        slip(
            "partial-part-of-a-block",
            f"{said} of the freed blocks stay frozen",
            freed=lambda _, blocks, depth, part=part: [
                frozenset(n for n in block if part not in n) for block in blocks[len(blocks) - depth :]
            ],
        )
        for said, part in (
            ("biases", ".bias"),
            ("BatchNorms", "bn"),
            ("LayerNorms", "LayerNorm"),
            ("weights", ".weight"),
        )
    ),
)


def _with_buffers(model: Model, names: Names) -> int:
    moved = moving(model.anatomy, names)
    return sum(entry.size for entry in model.anatomy.entries if entry.name in moved)


def _all_buffers(model: Model, names: Names) -> int:
    return model.anatomy.size_of(names) + sum(entry.size for entry in model.anatomy.entries if entry.is_buffer)


def _measure(measure: Callable[[Model, Names], Any]) -> Callable[..., Any]:
    return lambda _, model, names: measure(model, names)


def _told(told: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    return lambda _, counts, __: told(counts)


def _sums(counts: list[int]) -> list[int]:
    return [sum(counts[: place + 1]) for place in range(len(counts))]


COUNTING = (
    slip("count-tensors-not-scalars", "tensors are counted", measure=_measure(lambda _, names: len(names))),
    slip("count-buffers-too", "buffers of what learns are counted as well", measure=_measure(_with_buffers)),
    slip("count-buffers-too", "all buffers are counted as well", measure=_measure(_all_buffers)),
    slip(
        "count-total-not-trainable",
        "the whole model is counted at every depth",
        measure=_measure(lambda model, _: model.anatomy.size_of(model.anatomy.names)),
    ),
    slip(
        "count-other-part",
        "what is frozen is counted",
        measure=_measure(lambda model, names: model.anatomy.size_of(model.anatomy.names - names)),
    ),
    slip("count-other-part", "the head is left out", head=_nothing),
    slip(
        "count-other-part",
        "only weights are counted",
        measure=_measure(
            lambda model, names: model.anatomy.size_of(frozenset(n for n in names if n.endswith("weight")))
        ),
    ),
    slip("count-other-part", "the first blocks are counted", freed=lambda _, blocks, depth: blocks[:depth]),
    slip(
        "count-other-part",
        "one block fewer is counted",
        freed=lambda _, blocks, depth: blocks[len(blocks) - max(depth - 1, 0) :],
    ),
    slip(
        "count-other-part",
        "one block more is counted",
        freed=lambda _, blocks, depth: blocks[max(len(blocks) - depth - 1, 0) :],
    ),
    slip("count-other-part", "the last 0 blocks are all of them", freed=lambda _, blocks, depth: blocks[-depth:]),
    slip(
        "count-other-part",
        "every parameter's first dimension is counted",
        measure=_measure(
            lambda model, names: sum(entry.shape[0] for entry in model.anatomy.parameters if entry.name in names)
        ),
    ),
    slip(
        "count-other-part", "bytes are counted", measure=_measure(lambda model, names: 4 * model.anatomy.size_of(names))
    ),
    slip(
        "count-not-added-up",
        "each block is counted by itself, the head first",
        entry=lambda s, model, blocks, depth: s.measure(
            model, blocks[len(blocks) - depth] if depth else model.anatomy.head
        ),
    ),
    slip(
        "count-not-added-up",
        "each block is counted by itself, with the head",
        entry=lambda s, model, blocks, depth: s.measure(
            model, model.anatomy.head | (blocks[len(blocks) - depth] if depth else frozenset())
        ),
    ),
    slip(
        "count-not-added-up",
        "each block is counted by itself, input side first",
        entry=lambda s, model, blocks, depth: s.measure(model, blocks[depth - 1] if depth else model.anatomy.head),
    ),
    slip("count-not-added-up", "what is added up already is added up again", told=_told(_sums)),
    slip("count-other-length", "depth 0 is left out", depths=lambda _, deepest: range(1, deepest + 1)),
    slip("count-other-length", "the full depth is left out", depths=lambda _, deepest: range(deepest)),
    slip("count-other-length", "the full depth comes first", told=_told(lambda counts: counts[::-1])),
    slip("count-other-length", "only the full depth is told", told=_told(lambda counts: counts[-1])),
    slip("count-other-length", "the full depth comes twice", told=_told(lambda counts: [*counts, counts[-1]])),
    slip(
        "count-other-length",
        "shares of the model are told",
        told=_told(lambda counts: [count / counts[-1] for count in counts]),
    ),
    slip("count-other-length", "thousands are told", told=_told(lambda counts: [count / 1000 for count in counts])),
    slip("count-other-length", "millions are told", told=_told(lambda counts: [count / 1_000_000 for count in counts])),
    slip("count-other-length", "texts are told", told=_told(lambda counts: list(map(str, counts)))),
    slip(
        "count-other-length",
        "depths are told beside the counts",
        told=_told(lambda counts: [list(pair) for pair in enumerate(counts)]),
    ),
)
READINGS: tuple[Mapping[str, Callable[..., Any]], ...] = (
    {"blocks_of": own},
    {"blocks_of": own, "flagged": rest_learns, "entry": all_but_below},
    {"blocks_of": own, "flagged": rest_stays},
)
"""The learner's own blocks, and what is right for names that they leave out."""
