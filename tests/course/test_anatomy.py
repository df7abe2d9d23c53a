"""The trusted side knows names and shapes without torch; here torch says whether it is right."""

from __future__ import annotations

from typing import Any

import pytest

from grader import fixtures
from grader.authoring import pretrained
from grader.authoring.anatomy import anatomy
from grader.inside import models
from grader.wire.names import HEADS

RESNET = {"family": "resnet", "widths": [4, 4, 8, 8], "num_classes": 5}
BERT = {"family": "bert", "hidden": 16, "heads": 2, "intermediate": 32, "vocab": 50, "positions": 16, "num_classes": 4}
SPECS = [
    *(
        {**RESNET, "block": block, "layers": layers}
        for block in ("basic", "bottleneck")
        for layers in ([1] * 4, [2, 1, 2, 3])
    ),
    *({**BERT, "layers": layers, "pooler": pooler} for layers in (2, 12) for pooler in (True, False)),
    *({**RESNET, "family": "gated_resnet", "layers": layers} for layers in ([1] * 4, [2, 1, 2, 3])),
    {**RESNET, "family": "normed_resnet", "layers": [1, 2, 1, 1]},
    {"family": "vit", "width": 8, "layers": 2, "num_classes": 5},
    {**BERT, "family": "distilbert", "layers": 3},
    {"family": "stacked", "width": 6, "hidden": 9, "num_classes": 5, "tail": True},
]


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_anatomy_is_what_the_model_has(spec: dict[str, Any]) -> None:
    model, known = models.build(spec), anatomy(spec)
    assert [(entry.name, entry.shape) for entry in known.entries] == [
        (name, tuple(tensor.shape)) for name, tensor in model.state_dict().items()
    ]
    assert [entry.name for entry in known.parameters] == [name for name, _ in model.named_parameters()]


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_blocks_and_head_share_out_every_parameter_once(spec: dict[str, Any]) -> None:
    known = anatomy(spec)
    groups = [*known.blocks, known.head]
    assert sum(map(len, groups)) == len(known.parameters)
    assert frozenset().union(*groups) == {entry.name for entry in known.parameters}
    assert known.live_at(len(known.blocks)) == {entry.name for entry in known.parameters}
    assert known.live_at(0) == known.head


def test_resnet_18_costs_what_the_literature_says() -> None:
    """The depth table of a ResNet-18 with ten classes; its stem has a 7x7 kernel, ours 3x3: 40 * 64 * 3 scalars."""
    spec = {**RESNET, "block": "basic", "layers": [2, 2, 2, 2], "widths": [64, 128, 256, 512], "num_classes": 10}
    known = anatomy(spec)
    table = [known.size_of(known.live_at(depth)) for depth in range(6)]
    assert table == [5_130, 8_398_858, 10_498_570, 11_024_138, 11_172_106, 11_181_642 - (49 - 9) * 64 * 3]


@pytest.mark.parametrize("modality", ["vision", "text"])
def test_the_pretrained_backbones_are_the_ones_the_checks_know(modality: str) -> None:
    stored = fixtures.arrays(f"{modality}-backbone")
    classes = len(stored[f"{HEADS[modality]}.bias"])
    known = anatomy(pretrained.spec(modality, classes))
    assert {entry.name: entry.shape for entry in known.entries} == {name: array.shape for name, array in stored.items()}
    features = fixtures.arrays(f"{modality}-features")["features"]
    assert features.shape[1] == pretrained.width(modality)
