"""Exercise 05 solved in another style: tensor by tensor with a generator of its own, no layer is asked anything."""

from collections import Counter
from copy import deepcopy

import torch
from torch import nn


def make_scratch_twin(model, seed):
    twin = deepcopy(model)
    luck = torch.Generator().manual_seed(seed)
    owners = dict(twin.named_modules())
    with torch.no_grad():
        for name, tensor in [*twin.named_parameters(), *twin.named_buffers()]:
            owner, _, part = name.rpartition(".")
            if part in ("running_mean", "num_batches_tracked"):
                tensor.zero_()
            elif part == "running_var":
                tensor.fill_(1)
            elif not isinstance(tensor, nn.Parameter):
                continue
            elif tensor.ndim > 1:
                bound = (3 / tensor[0].numel()) ** 0.5
                tensor.uniform_(-bound, bound, generator=luck)
            else:
                norm = "norm" in type(owners[owner]).__name__.lower()
                tensor.fill_(1 if norm and part == "weight" else 0)
    for parameter in twin.parameters():
        parameter.requires_grad = True
    return twin


def majority_floor(train_labels, val_labels):
    counts = Counter(train_labels.tolist())
    answer = sorted(counts, key=lambda label: (-counts[label], label))[0]
    right = [label == answer for label in val_labels.tolist()]
    return sum(right) / len(right)
