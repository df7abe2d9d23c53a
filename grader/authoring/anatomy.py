"""Names, shapes and blocks of the course's models, known without building one and without torch.

This is what the trusted side compares the learner's answers with. Where the names come from:
torchvision's ``models/resnet.py`` and transformers' ``models/bert/modeling_bert.py``.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.records import Record

Spec = Mapping[str, Any]
"""Plain description of a model, as ``grader.inside.models.build`` takes it."""
Arrays = dict[str, np.ndarray[Any, Any]]
"""By name, each in its own shape: a model's state, or what goes in with a plan."""
GRID = 64
"""Weights are multiples of 1/64, so that one step of 1/64 is exact in float32."""


class Entry(Record, frozen=True, kw_only=True):
    """One tensor of a model's state."""

    name: str
    shape: tuple[int, ...]
    block: int | None
    """Index of its block, input side first; None for the head."""
    is_buffer: bool = False

    @property
    def size(self) -> int:
        """Number of scalars."""
        return math.prod(self.shape)


class Anatomy(Record, frozen=True, kw_only=True, dict=True):
    """Every tensor of one model, in the order of its ``state_dict()``."""

    entries: tuple[Entry, ...]
    parameters: tuple[Entry, ...]
    """The entries that can learn."""
    block_titles: tuple[str, ...]
    blocks: tuple[frozenset[str], ...]
    """Names of the backbone's parameters, block by block, input side first."""
    head: frozenset[str]
    """Names of the head's parameters."""
    names: frozenset[str]
    """Names of all parameters."""

    def live_at(self, depth: int) -> frozenset[str]:
        """Names that learn when the head and the last ``depth`` blocks are free."""
        return self.head.union(*self.blocks[len(self.blocks) - depth :])

    def is_live(self, entry: Entry, depth: int) -> bool:
        """Whether a tensor belongs to the head or to one of the last ``depth`` blocks."""
        return entry.block is None or entry.block >= len(self.blocks) - depth

    def size_of(self, names: frozenset[str]) -> int:
        """Return the number of scalars in the named parameters."""
        return sum(self._sizes[name] for name in names & self.names)

    @functools.cached_property
    def _sizes(self) -> dict[str, int]:
        return {entry.name: entry.size for entry in self.parameters}


def anatomy(spec: Spec) -> Anatomy:
    """Return the anatomy of the model that ``spec`` describes."""
    return _anatomy(json.dumps(spec, sort_keys=True))


@functools.lru_cache(maxsize=64)
def _anatomy(text: str) -> Anatomy:
    spec = json.loads(text)
    entries, titles = _FAMILIES[spec["family"]](spec)
    parameters = tuple(entry for entry in entries if not entry.is_buffer)

    def names(block: int | None) -> frozenset[str]:
        return frozenset(entry.name for entry in parameters if entry.block == block)

    return Anatomy(
        entries=tuple(entries),
        parameters=parameters,
        block_titles=titles,
        blocks=tuple(names(block) for block in range(len(titles))),
        head=names(None),
        names=frozenset(entry.name for entry in parameters),
    )


def draw_weights(spec: Spec, rng: np.random.Generator) -> Arrays:
    """Draw a whole state from ``rng``: float32 multiples of 1/64 in [-2, 2], variances in [1, 2]."""
    entries = anatomy(spec).entries
    drawn = rng.integers(-2 * GRID, 2 * GRID + 1, sum(entry.size for entry in entries))
    ends = np.cumsum([entry.size for entry in entries])
    return {entry.name: _shaped(entry, part) for entry, part in zip(entries, np.split(drawn, ends[:-1]), strict=True)}


def _shaped(entry: Entry, drawn: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if entry.name.endswith("num_batches_tracked"):
        return np.array(1 + abs(drawn[0]), dtype=np.int64)
    if entry.name.endswith("running_var"):
        drawn = GRID + abs(drawn) // 2
    return (drawn.reshape(entry.shape) / GRID).astype(np.float32)


def _resnet(spec: Spec) -> tuple[list[Entry], tuple[str, ...]]:
    entries = [*_resnet_body(spec), *_linear("fc", _last_width(spec), spec["num_classes"], None)]
    return entries, ("stem", "layer1", "layer2", "layer3", "layer4")


def _last_width(spec: Spec) -> int:
    return int(spec["widths"][-1]) * _expansion(spec)


def _expansion(spec: Spec) -> int:
    return 4 if spec["block"] == "bottleneck" else 1


def _resnet_body(spec: Spec) -> Iterator[Entry]:
    width = spec["widths"][0]
    yield Entry(name="conv1.weight", shape=(width, 3, 3, 3), block=0)
    yield from _batch_norm("bn1", width, 0)
    for stage, (count, planes) in enumerate(zip(spec["layers"], spec["widths"], strict=True), start=1):
        out = planes * _expansion(spec)
        for index in range(count):
            stride = 2 if stage > 1 and index == 0 else 1
            name = f"layer{stage}.{index}"
            yield from _resnet_block(name, spec["block"], width, planes, stage)
            if stride > 1 or width != out:
                yield Entry(name=f"{name}.downsample.0.weight", shape=(out, width, 1, 1), block=stage)
                yield from _batch_norm(f"{name}.downsample.1", out, stage)
            width = out


def _resnet_block(name: str, kind: str, width: int, planes: int, block: int) -> Iterator[Entry]:
    convolutions = {
        "basic": [(planes, width, 3), (planes, planes, 3)],
        "bottleneck": [(planes, width, 1), (planes, planes, 3), (planes * 4, planes, 1)],
    }[kind]
    for index, (out, into, kernel) in enumerate(convolutions, start=1):
        yield Entry(name=f"{name}.conv{index}.weight", shape=(out, into, kernel, kernel), block=block)
        yield from _batch_norm(f"{name}.bn{index}", out, block)


def _batch_norm(name: str, width: int, block: int | None) -> Iterator[Entry]:
    yield from _affine(name, width, block)
    for buffer, shape in (("running_mean", (width,)), ("running_var", (width,)), ("num_batches_tracked", ())):
        yield Entry(name=f"{name}.{buffer}", shape=shape, block=block, is_buffer=True)


def _affine(name: str, width: int, block: int | None) -> Iterator[Entry]:
    for tensor in ("weight", "bias"):
        yield Entry(name=f"{name}.{tensor}", shape=(width,), block=block)


def _linear(name: str, into: int, out: int, block: int | None) -> Iterator[Entry]:
    yield Entry(name=f"{name}.weight", shape=(out, into), block=block)
    yield Entry(name=f"{name}.bias", shape=(out,), block=block)


def _bert(spec: Spec) -> tuple[list[Entry], tuple[str, ...]]:
    layers = range(1, spec["layers"] + 1)
    entries = [
        *_bert_embeddings(spec),
        *(entry for block in layers for entry in _bert_layer(spec, block)),
        *(_linear("bert.pooler.dense", spec["hidden"], spec["hidden"], len(layers)) if spec["pooler"] else ()),
        *_linear("classifier", spec["hidden"], spec["num_classes"], None),
    ]
    return entries, ("embeddings", *(f"layer {block - 1}" for block in layers))


def _bert_embeddings(spec: Spec) -> Iterator[Entry]:
    for table, rows in (("word", spec["vocab"]), ("position", spec["positions"]), ("token_type", 2)):
        yield Entry(name=f"bert.embeddings.{table}_embeddings.weight", shape=(rows, spec["hidden"]), block=0)
    yield from _affine("bert.embeddings.LayerNorm", spec["hidden"], 0)


def _bert_layer(spec: Spec, block: int) -> Iterator[Entry]:
    name, hidden, inner = f"bert.encoder.layer.{block - 1}", spec["hidden"], spec["intermediate"]
    for projection in ("query", "key", "value"):
        yield from _linear(f"{name}.attention.self.{projection}", hidden, hidden, block)
    yield from _linear(f"{name}.attention.output.dense", hidden, hidden, block)
    yield from _affine(f"{name}.attention.output.LayerNorm", hidden, block)
    yield from _linear(f"{name}.intermediate.dense", hidden, inner, block)
    yield from _linear(f"{name}.output.dense", inner, hidden, block)
    yield from _affine(f"{name}.output.LayerNorm", hidden, block)


def _gated_resnet(spec: Spec) -> tuple[list[Entry], tuple[str, ...]]:
    plain, titles = _resnet({**spec, "block": "basic"})
    width, classes = spec["widths"][-1], spec["num_classes"]
    entries = [Entry(name="prototypes", shape=(classes, width), block=None)]
    for entry, following in zip(plain, [*plain[1:], None], strict=True):
        entries.append(entry)
        block = ".".join(entry.name.split(".")[:2])
        if block.startswith("layer") and (following is None or not following.name.startswith(f"{block}.")):
            entries += _gate(f"{block}.gate", int(spec["widths"][(entry.block or 0) - 1]), entry.block)
    return [*entries, *_affine("fc_norm", width, len(titles) - 1)], titles


def _gate(name: str, width: int, block: int | None) -> Iterator[Entry]:
    yield from _linear(f"{name}.fc1", width, 4, block)
    yield from _linear(f"{name}.fc", 4, width, block)


def _normed_resnet(spec: Spec) -> tuple[list[Entry], tuple[str, ...]]:
    plain, titles = _resnet({**spec, "block": "basic"})
    body = [entry for entry in plain if entry.block is not None]
    width = spec["widths"][-1]
    return [*body, *_batch_norm("fc.0", width, None), *_linear("fc.1", width, spec["num_classes"], None)], titles


def _vit(spec: Spec) -> tuple[list[Entry], tuple[str, ...]]:
    width, layers = spec["width"], range(1, spec["layers"] + 1)
    entries = [
        Entry(name="cls_token", shape=(1, 1, width), block=0),
        Entry(name="pos_embed", shape=(1, 10, width), block=0),
        Entry(name="patch_embed.weight", shape=(width, 3, 4, 4), block=0),
        Entry(name="patch_embed.bias", shape=(width,), block=0),
        *(entry for block in layers for entry in _vit_layer(f"blocks.{block - 1}", width, block)),
        *_affine("norm", width, len(layers)),
        *_linear("head", width, spec["num_classes"], None),
    ]
    return entries, ("embeddings", *(f"layer {block - 1}" for block in layers))


def _vit_layer(name: str, width: int, block: int) -> Iterator[Entry]:
    yield from _affine(f"{name}.norm1", width, block)
    yield from _linear(f"{name}.qkv", width, 3 * width, block)
    yield from _linear(f"{name}.proj", width, width, block)
    yield from _affine(f"{name}.norm2", width, block)
    yield from _linear(f"{name}.fc1", width, 2 * width, block)
    yield from _linear(f"{name}.fc2", 2 * width, width, block)


def _distilbert(spec: Spec) -> tuple[list[Entry], tuple[str, ...]]:
    layers, hidden = range(1, spec["layers"] + 1), spec["hidden"]
    entries = [
        *_distilbert_embeddings(spec),
        *(entry for block in layers for entry in _distilbert_layer(spec, block)),
        *_linear("pre_classifier", hidden, hidden, None),
        *_linear("classifier", hidden, spec["num_classes"], None),
    ]
    return entries, ("embeddings", *(f"layer {block - 1}" for block in layers))


def _distilbert_embeddings(spec: Spec) -> Iterator[Entry]:
    for table, rows in (("word", spec["vocab"]), ("position", spec["positions"])):
        yield Entry(name=f"distilbert.embeddings.{table}_embeddings.weight", shape=(rows, spec["hidden"]), block=0)
    yield from _affine("distilbert.embeddings.LayerNorm", spec["hidden"], 0)


def _distilbert_layer(spec: Spec, block: int) -> Iterator[Entry]:
    name, hidden, inner = f"distilbert.transformer.layer.{block - 1}", spec["hidden"], spec["intermediate"]
    for projection in ("q_lin", "k_lin", "v_lin", "out_lin"):
        yield from _linear(f"{name}.attention.{projection}", hidden, hidden, block)
    yield from _affine(f"{name}.sa_layer_norm", hidden, block)
    yield from _linear(f"{name}.ffn.lin1", hidden, inner, block)
    yield from _linear(f"{name}.ffn.lin2", inner, hidden, block)
    yield from _affine(f"{name}.output_layer_norm", hidden, block)


def _stacked(spec: Spec) -> tuple[list[Entry], tuple[str, ...]]:
    entries = [
        Entry(name="features.weight", shape=(spec["width"], 3, 3, 3), block=0),
        Entry(name="features.bias", shape=(spec["width"],), block=0),
        *_linear("classifier.0", spec["width"], spec["hidden"], 1),
        *(_linear("classifier.2", spec["hidden"], spec["hidden"], 1) if spec["tail"] else ()),
        *_linear("classifier.3", spec["hidden"], spec["num_classes"], None),
    ]
    return entries, ("features", "hidden")


_FAMILIES = {
    "stacked": _stacked,
    "resnet": _resnet,
    "gated_resnet": _gated_resnet,
    "normed_resnet": _normed_resnet,
    "vit": _vit,
    "bert": _bert,
    "distilbert": _distilbert,
}
