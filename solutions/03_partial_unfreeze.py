"""A worked answer to exercise 03.

The idea: a block is a *prefix*, and every prefix ends in a dot, so that layer 1 does not bring layers 10 and
11 along. The prefixes come from the model itself, never from a number that one model happens to have.
"""

from torch import nn


def block_prefixes(model: nn.Module) -> list[tuple[str, ...]]:
    """Return the prefixes of each block's names, input side first."""
    if hasattr(model, "bert"):
        layers = len(model.bert.encoder.layer)
        blocks = [("bert.embeddings.",), *((f"bert.encoder.layer.{index}.",) for index in range(layers))]
        blocks[-1] += ("bert.pooler.",)
        return blocks
    return [("conv1.", "bn1."), ("layer1.",), ("layer2.",), ("layer3.",), ("layer4.",)]


def backbone_blocks(model: nn.Module) -> list[list[str]]:
    """Return the names of the backbone's parameters, block by block, input side first."""
    names = [name for name, _ in model.named_parameters()]
    return [[name for name in names if name.startswith(block)] for block in block_prefixes(model)]


def partial_unfreeze(model: nn.Module, depth: int) -> list[str]:
    """Let the head and the last `depth` blocks learn, and nothing else."""
    blocks = backbone_blocks(model)
    if not 0 <= depth <= len(blocks):
        raise ValueError(f"depth {depth} is not between 0 and {len(blocks)}")

    # Everything below the cut is frozen; the rest is what learns. `len - depth` is right for depth 0, too.
    frozen = {name for block in blocks[: len(blocks) - depth] for name in block}
    for name, parameter in model.named_parameters():
        parameter.requires_grad = name not in frozen
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def trainable_by_depth(model: nn.Module) -> list[int]:
    """Return how many scalars can learn at each depth."""
    sizes = {name: parameter.numel() for name, parameter in model.named_parameters()}
    blocks = [sum(sizes[name] for name in block) for block in backbone_blocks(model)]
    head = sum(sizes.values()) - sum(blocks)

    # Adding up needs no flag at all, so there is none to put back.
    return [head + sum(blocks[len(blocks) - depth :]) for depth in range(len(blocks) + 1)]
