"""Imports pyplot on top, as the notebook it came from did."""

import matplotlib.pyplot as plt
from torch import nn

FIGURE = plt.figure
BODY = {"ResNet": ["conv1 bn1", "layer1", "layer2", "layer3", "layer4"]}


def prefixes(model: nn.Module) -> list[tuple[str, ...]]:
    if hasattr(model, "conv1"):
        return [tuple(f"{name}." for name in names.split()) for names in BODY["ResNet"]]
    layers = [(f"bert.encoder.layer.{number}.",) for number in range(model.config.num_hidden_layers)]
    return [("bert.embeddings.",), *layers[:-1], (*layers[-1], "bert.pooler.")]


def backbone_blocks(model):
    return [[n for n, _ in model.named_parameters() if n.startswith(block)] for block in prefixes(model)]


def partial_unfreeze(model, depth):
    blocks = backbone_blocks(model)
    if depth not in range(len(blocks) + 1):
        raise ValueError(f"no depth {depth}")
    frozen = set().union(*blocks[: len(blocks) - depth])
    return [n for n, p in model.named_parameters() if p.requires_grad_(n not in frozen).requires_grad]


def trainable_by_depth(model):
    sizes = {name: parameter.numel() for name, parameter in model.named_parameters()}
    below = [sum(sizes[name] for name in block) for block in backbone_blocks(model)]
    return [sum(sizes.values()) - sum(below[: len(below) - depth]) for depth in range(len(below) + 1)]
