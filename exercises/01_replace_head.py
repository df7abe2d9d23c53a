"""Exercise 01: a new head for an old model.                                              12 points

A pretrained model is two things: a *backbone* that turns an input into features, and a *head*, one linear layer
that turns the features into one score per class. The backbone's work carries over to a new task, the head's does
not: its rows stand for the old classes. So the head is replaced, and nothing else.

    input ── backbone ── features ── head ── scores (logits), one per class
             keep                    new

Where the head is depends on the model:

- ResNets as torchvision names them: `model.fc`, an `nn.Linear`;
- classifiers as transformers names them: `model.classifier`, an `nn.Linear`. Such a model has a `.config`, and it
  remembers the number of labels in two places: `model.config.num_labels` and `model.num_labels`;
- some models have an `nn.Sequential` as `model.classifier`: there only its last `nn.Linear` is the head.

Run this file to see two heads:        python exercises/01_replace_head.py
Have it graded:                        grade exercises/01_replace_head.py

A tiny worked example. A layer knows its widths, and whether it has a bias; its weight knows its dtype:

    >>> layer = nn.Linear(4, 3, bias=False, dtype=torch.float64)
    >>> layer.in_features, layer.out_features, layer.bias is None, layer.weight.dtype
    (4, 3, True, torch.float64)
    >>> tuple(layer.weight.shape)
    (3, 4)

And a layer inside a model is an attribute that can be assigned:

    >>> model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), layer)
    >>> model[2] = nn.Linear(4, 7)
    >>> model(torch.zeros(5, 4)).shape
    torch.Size([5, 7])
"""

import torch
from torch import nn


def replace_head(model: nn.Module, num_classes: int) -> nn.Module:
    """Put a new nn.Linear with `num_classes` outputs where the model's head is, and return the same model.

    The new layer has the old one's input width, a bias if and only if the old one had one, and the same dtype
    and device, whichever that is: `meta`, where tensors have shapes and no numbers, is one as well. Its weights
    are freshly drawn (any usual scheme), and it can learn even when everything else is frozen. Its outputs are
    raw scores. Every other entry of the state stays exactly as it was, and `state_dict()` keeps the same keys.

    A model with a `.config` must accept `labels=` with the new classes afterwards: keep both
    `model.config.num_labels` and `model.num_labels` up to date.

    Raise ValueError if `num_classes` is less than 1.
    """
    # TODO: find the old head first; what does it tell you that the new one has to know?
    raise NotImplementedError


if __name__ == "__main__":
    from grader.inside import models

    resnet = {"block": "basic", "layers": [1, 1, 1, 1], "widths": [8, 16, 32, 64], "num_classes": 10}
    bert = {"hidden": 16, "heads": 2, "intermediate": 32, "vocab": 60, "positions": 16, "num_classes": 4}
    print(models.resnet(resnet).fc)
    print(models.bert({**bert, "layers": 2, "pooler": True}).classifier)
    print("and now with 7 classes:", replace_head(models.resnet(resnet), 7).fc)
