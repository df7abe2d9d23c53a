"""Exercise 05 where a model with a config is built again from it, and any other is copied and initialised."""

import copy
from statistics import multimode

import torch
from torch import nn


def initialise(module):
    if isinstance(module, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, (nn.BatchNorm2d, nn.LayerNorm)):
        module.reset_parameters()


def make_scratch_twin(model, seed):
    state = torch.get_rng_state()
    torch.manual_seed(seed)
    try:
        if hasattr(model, "config"):
            return type(model)(copy.deepcopy(model.config))
        twin = copy.deepcopy(model)
        twin.apply(initialise)
        for name in ("cls_token", "pos_embed"):
            if hasattr(twin, name):
                nn.init.zeros_(twin.cls_token)
                nn.init.trunc_normal_(twin.pos_embed, std=0.02)
        return twin.train().requires_grad_()
    finally:
        torch.set_rng_state(state)


def majority_floor(train_labels, val_labels):
    return torch.eq(val_labels, min(multimode(train_labels.tolist()))).float().mean()
