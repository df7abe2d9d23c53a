"""Hands back zero-size tensors with 2**40 rows, strides of its own and NaN weights."""

import torch


def backbone_blocks(model):
    for parameter in model.parameters():
        parameter.data = torch.full_like(parameter, float("nan"))
    return torch.zeros(2**40, 0)


def partial_unfreeze(model, depth):
    for parameter in model.parameters():
        parameter.data = torch.zeros(1).expand(parameter.shape)
        parameter.requires_grad_(False)
    return torch.empty_strided((2, 2), (0, 0))


def trainable_by_depth(model):
    for module in model.modules():
        module._parameters.clear()
        module._buffers.clear()
    return [float("nan")]
