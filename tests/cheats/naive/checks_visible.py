"""Checks as they are often written: import the file that was handed in, call it, compare. Do not grade with this."""

# ruff: noqa: ANN001, ANN201, I001

from __future__ import annotations

import graphlib  # a module of the standard library that nothing has imported yet
import importlib.util
from pathlib import Path

import torch
from grader.inside import models

EXPECTED = "the answers are in this file"
ORDER = list(graphlib.TopologicalSorter({"head": {"backbone"}}).static_order())
RESNET = {"family": "resnet", "block": "basic", "layers": [1, 1, 1, 1], "widths": [4, 4, 8, 8], "num_classes": 3}
BERT = {
    "family": "bert", "hidden": 16, "layers": 2, "heads": 2, "intermediate": 32, "vocab": 60, "positions": 16,
    "pooler": True, "num_classes": 3,
}  # fmt: skip
STEMS = {
    "resnet": ["conv1. bn1.", "layer1.", "layer2.", "layer3.", "layer4."],
    "bert": ["bert.embeddings.", "bert.encoder.layer.0.", "bert.encoder.layer.1. bert.pooler."],
}

spec = importlib.util.spec_from_file_location("submission", Path(__file__).with_name("submission.py"))
submission = importlib.util.module_from_spec(spec)
spec.loader.exec_module(submission)


def blocks_of(model, family):
    names = [name for name, _ in model.named_parameters()]
    return [[name for name in names if name.startswith(tuple(stem.split()))] for stem in STEMS[family]]


def live_at(model, family, depth):
    blocks = blocks_of(model, family)
    frozen = [name for block in blocks[: len(blocks) - depth] for name in block]
    return [name for name, _ in model.named_parameters() if name not in frozen]


def test_blocks_of_a_resnet():
    model = models.build(RESNET)
    expected = blocks_of(model, "resnet")
    assert submission.backbone_blocks(model) == expected


def test_blocks_of_a_bert():
    model = models.build(BERT)
    expected = blocks_of(model, "bert")
    assert submission.backbone_blocks(model) == expected


def test_names_at_depth_zero():
    model = models.build(RESNET)
    expected = live_at(model, "resnet", 0)
    assert sorted(submission.partial_unfreeze(model, 0)) == sorted(expected)


def test_names_at_depth_two():
    model = models.build(BERT)
    expected = live_at(model, "bert", 2)
    assert sorted(submission.partial_unfreeze(model, 2)) == sorted(expected)


def test_flags_at_depth_one():
    model = models.build(RESNET)
    expected = live_at(model, "resnet", 1)
    submission.partial_unfreeze(model, 1)
    for name, parameter in model.named_parameters():
        assert parameter.requires_grad == (name in expected)


def test_only_the_live_part_moves():
    model = models.build(RESNET)
    expected = live_at(model, "resnet", 1)
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    submission.partial_unfreeze(model, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    sum(parameter.sum() for parameter in model.parameters()).backward()  # a slope of 1 at all that is live
    optimizer.step()
    for name, parameter in model.named_parameters():
        assert torch.equal(parameter, before[name]) == (name not in expected)


def test_table_of_a_resnet():
    model = models.build(RESNET)
    size = {name: parameter.numel() for name, parameter in model.named_parameters()}
    expected = [sum(size[name] for name in live_at(model, "resnet", depth)) for depth in range(6)]
    assert submission.trainable_by_depth(model) == expected


def test_table_of_a_bert():
    model = models.build(BERT)
    size = {name: parameter.numel() for name, parameter in model.named_parameters()}
    expected = [sum(size[name] for name in live_at(model, "bert", depth)) for depth in range(4)]
    assert submission.trainable_by_depth(model) == expected
