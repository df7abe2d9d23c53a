"""The mistakes of ``backbone_blocks`` that show in the answers: each is a right solution with other steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from grader.authoring.slips import Slip, slip, throw

from .calls import Model
from .steps import POOLER, Cutting

STEM = r"(?:conv1|bn1)\."


def _put(page: str, says: str, pattern: str, *labels: str) -> Slip:
    """Return the slip that puts names which begin with a pattern under other labels."""

    def labelled(self: Cutting, name: str, model: Model) -> list[str]:
        return list(labels) if re.match(pattern, name) else Cutting.labels(self, name, model)

    return slip(page, says, labels=labelled)


def _cut(page: str, says: str, label: Callable[[str], str], family: str = "") -> Slip:
    """Return the slip by which blocks of a family are cut at other places."""

    def labelled(self: Cutting, name: str, model: Model) -> list[str]:
        right = Cutting.labels(self, name, model)
        return [label(name)] if right and family in ("", model.family) else right

    return slip(page, says, labels=labelled)


def _prefix(length: Callable[[str], Sequence[str]]) -> Callable[..., list[str]]:
    """Return labels of a BERT's layers that are made of their numbers' first digits."""

    def labelled(self: Cutting, name: str, model: Model) -> list[str]:
        found = re.match(r"bert\.encoder\.layer\.(\d+)\.", name)
        return [f"layer.{number}" for number in length(found[1])] if found else Cutting.labels(self, name, model)

    return labelled


def _counted(self: Cutting, name: str, model: Model, layers: int) -> list[str]:
    """Give labels to so many layers, whatever there is."""
    found = re.match(r"bert\.encoder\.layer\.(\d+)\.", name)
    return [] if found and int(found[1]) >= layers else Cutting.labels(self, name, model)


def _pooled(self: Cutting, name: str, model: Model) -> list[str]:
    """Put the pooler to the last layer by its number."""
    right = Cutting.labels(self, name, model)
    return [f"layer.{model.layers - 1}"] if right == [POOLER] else right


def _pieces(count: int) -> Callable[[str], str]:
    return lambda name: ".".join(name.split(".")[:count])


SLIPS = (
    slip(
        "blocks-overlap-prefix",
        "a layer's number is taken for the beginning of another",
        labels=_prefix(lambda number: [number[:size] for size in range(len(number), 0, -1)]),
    ),
    slip(
        "blocks-overlap-prefix",
        "only the first digit of a layer's number is looked at",
        labels=_prefix(lambda number: [number[0]]),
    ),
    slip(
        "blocks-overlap-prefix",
        "only the last digit of a layer's number is looked at",
        labels=_prefix(lambda number: [number[-1]]),
    ),
    _put("blocks-include-head", "the head is a block of its own", r"fc\.|classifier\.", "head"),
    slip(
        "blocks-include-head",
        "the head is part of the last block",
        finished=lambda _, blocks, model: [*blocks[:-1], blocks[-1] + sorted(model.anatomy.head)],
    ),
    slip("blocks-reversed", "blocks come from the output side", finished=lambda _, blocks, model: blocks[::-1]),
    *(
        slip(
            "blocks-hardcoded-count",
            f"a BERT has {layers} layers",
            labels=lambda s, name, model, n=layers: _counted(s, name, model, n),
        )
        for layers in (2, 3, 4, 6)
    ),
    _put("blocks-forget-pooler", "the pooler goes nowhere", r"bert\.pooler\."),
    _put("blocks-forget-embeddings", "the embeddings go nowhere", r"bert\.embeddings\."),
    _put("blocks-forget-stem", "the stem goes nowhere", STEM),
    slip(
        "blocks-pooler-apart",
        "the pooler is a block of its own",
        with_pooler=lambda _, blocks, pooler: [*blocks, pooler] if pooler else blocks,
    ),
    _put("blocks-pooler-apart", "the pooler goes to the embeddings", r"bert\.pooler\.", "embeddings"),
    slip(
        "blocks-pooler-apart",
        "the pooler is a block before the layers",
        with_pooler=lambda _, blocks, pooler: [blocks[0], pooler, *blocks[1:]] if pooler else blocks,
    ),
    slip(
        "blocks-pooler-apart",
        "there is an empty block where a pooler is missing",
        with_pooler=lambda _, blocks, pooler: (
            [*blocks, pooler] if any("bert" in name for name in blocks[0]) else blocks
        ),
    ),
    slip(
        "blocks-pooler-apart",
        "a model without a pooler is refused",
        finished=lambda _, blocks, model: (
            blocks if model.has_pooler or model.family != "bert" else throw(AttributeError())
        ),
    ),
    slip(
        "blocks-text-order", "layers are sorted as text", ordered=lambda _, labels: [*labels[:1], *sorted(labels[1:])]
    ),
    slip(
        "blocks-text-order",
        "layers are sorted as text, with the pooler in the last of them",
        labels=_pooled,
        ordered=lambda _, labels: [*labels[:1], *sorted(labels[1:])],
    ),
    slip("blocks-text-order", "blocks are sorted as text", ordered=lambda _, labels: sorted(labels)),
    _put("blocks-cut-otherwise", "bn1 is a block of its own", r"bn1\.", "bn1"),
    _put("blocks-cut-otherwise", "bn1 goes to layer1", r"bn1\.", "layer1"),
    _put("blocks-cut-otherwise", "the stem goes to layer1", STEM, "layer1"),
    _put("blocks-cut-otherwise", "the embeddings go to the first layer", r"bert\.embeddings\.", "layer.0"),
    _put("blocks-cut-otherwise", "the embeddings' norm is a block of its own", r"bert\.embeddings\.LayerNorm", "norm"),
    _put("blocks-cut-otherwise", "all layers are one block", r"bert\.encoder\.", "encoder"),
    _put("blocks-cut-otherwise", "a whole BERT is one block", r"bert\.", "bert"),
    _put("blocks-cut-otherwise", "all layers of a ResNet are one block", r"layer\d", "layers"),
    *(
        _cut("blocks-cut-otherwise", f"the first {count} parts of a name make a block", _pieces(count), family)
        for count in (1, 2, 3, 4)
        for family in ("", "bert", "resnet")
        if (count, family) != (1, "")
    ),
    _cut("blocks-cut-otherwise", "every parameter is a block", lambda name: name),
    _cut("blocks-cut-otherwise", "every module is a block", lambda name: name.rpartition(".")[0]),
    *(
        slip(
            "blocks-names-left-out",
            f"{said} go nowhere",
            labels=lambda s, name, model, pattern=pattern: (
                [] if re.search(pattern, name) else Cutting.labels(s, name, model)
            ),
        )
        for said, pattern in (
            ("norms", r"LayerNorm|(?:^|\.)bn\d|downsample\.1"),
            ("biases", r"\.bias$"),
            ("downsamplings", r"downsample"),
            ("norms of the embeddings", r"embeddings\.LayerNorm"),
            ("all embeddings but the words'", r"bert\.embeddings\.(?!word)"),
            ("conv1's weights", r"^conv1\."),
            ("bn1's parameters", r"^bn1\."),
            ("parameters outside of attention", r"layer\.\d+\.(?!attention)"),
        )
    ),
    slip("blocks-names-left-out", "the last layer goes nowhere", finished=lambda _, blocks, model: blocks[:-1]),
    slip(
        "blocks-names-left-out",
        "BERTs are not thought of",
        labels=lambda s, name, model: [] if model.family == "bert" else Cutting.labels(s, name, model),
    ),
    slip(
        "blocks-names-left-out",
        "ResNets are not thought of",
        labels=lambda s, name, model: [] if model.family == "resnet" else Cutting.labels(s, name, model),
    ),
    slip(
        "blocks-buffers-too",
        "buffers are listed as well",
        names=lambda _, model: [entry.name for entry in model.anatomy.entries],
    ),
    slip(
        "blocks-buffers-too",
        "modules stand for parameters",
        finished=lambda _, blocks, model: [sorted({name.rpartition(".")[0] for name in block}) for block in blocks],
    ),
)
