"""Exercise 03: partial unfreezing, and what it costs.                                    15 points

Between "train only the head" and "train everything" lies a ladder. A backbone is a stack of blocks: the
first ones see the input, the last ones sit just below the head and are closest to the task. *Depth d* means:
the head and the last d blocks may learn, and everything below stays exactly as it was pretrained.

    depth 0   stem  layer1  layer2  layer3  layer4  [head]         only the head learns
    depth 1   stem  layer1  layer2  layer3  [layer4  head]
    ...
    depth 5   [stem  layer1  layer2  layer3  layer4  head]         everything learns

Each rung costs more trainable numbers, more time and more chances to overfit. Later you will compare depths
and take the cheapest one that the evidence supports. Here you build the ladder, for two kinds of models:

- ResNets as torchvision names them: `conv1`, `bn1`, `layer1` ... `layer4`, head `fc`;
- BERT classifiers as transformers names them: `bert.embeddings`, `bert.encoder.layer.0`, ... , sometimes
  `bert.pooler`, head `classifier`. They come with any number of layers.

Run this file to see the names of two tiny models:      python exercises/03_partial_unfreeze.py
Have it graded:                                         grade exercises/03_partial_unfreeze.py

A tiny worked example. A parameter's name starts with the module that owns it, and `requires_grad` is a flag
that belongs to the parameter itself:

    >>> model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    >>> [name for name, parameter in model.named_parameters()]
    ['0.weight', '0.bias', '1.weight', '1.bias']
    >>> for name, parameter in model.named_parameters():
    ...     parameter.requires_grad = name.startswith("1.")
    >>> sum(p.numel() for p in model.parameters() if p.requires_grad)
    4
"""

from torch import nn


def backbone_blocks(model: nn.Module) -> list[list[str]]:
    """Return the names of the backbone's parameters, block by block, input side first.

    ResNet: the stem (`conv1` and `bn1`), then layer1, layer2, layer3, layer4: five blocks.
    BERT: the embeddings, then each encoder layer; the pooler, when there is one, counts as part of the
    last block.

    Every parameter of the backbone is in exactly one block, and the head is in none. The order of the names
    inside a block is free. Do not count on a fixed number of layers.
    """
    # TODO: start from the names in model.named_parameters(); which prefix does each one belong to?
    raise NotImplementedError


def partial_unfreeze(model: nn.Module, depth: int) -> list[str]:
    """Let the head and the last `depth` blocks learn, and nothing else, whatever the flags were before.

    0 means the head only; the number of blocks means everything. Any other depth raises ValueError and
    changes nothing. Return the names of the parameters that now require grad, in any order.
    """
    # TODO: decide first whether the depth exists; then set every flag, not only the ones you want on.
    raise NotImplementedError


def trainable_by_depth(model: nn.Module) -> list[int]:
    """Return, for d = 0 ... number of blocks, how many scalars can learn at depth d.

    Buffers (such as BatchNorm's running statistics) are never trained and never count. Afterwards the
    model's flags are what they were before the call.
    """
    # TODO: a parameter of shape [64, 10] holds 640 scalars; and a question must not change the model.
    raise NotImplementedError


if __name__ == "__main__":
    from grader.inside import models

    resnet = {"block": "basic", "layers": [1, 1, 1, 1], "widths": [8, 16, 32, 64], "num_classes": 10}
    bert = {"hidden": 16, "heads": 2, "intermediate": 32, "vocab": 60, "positions": 16, "num_classes": 4}
    for tiny in (models.resnet(resnet), models.bert({**bert, "layers": 2, "pooler": True})):
        print(type(tiny).__name__)
        for name, parameter in tiny.named_parameters():
            print(f"    {name:60} {tuple(parameter.shape)}")
