import torch
from torch import nn


def snapshot(model):
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm)


def freeze_backbone(model, head_names):
    for prefix, module in model.named_modules():
        for local, parameter in module.named_parameters(recurse=False):
            name = f"{prefix}.{local}" if prefix else local
            head = any(name == one or name.startswith(one + ".") for one in head_names)
            parameter.requires_grad = head or isinstance(module, NORMS)
    return model


def train_mode(model):
    model.train()
    for module in model.modules():
        parameters = list(module.parameters())
        if parameters and not any(parameter.requires_grad for parameter in parameters):
            module.eval()
    return model


def changed_entries(before, model):
    after = model.state_dict()
    changed = [name for name in after if name not in before or not torch.equal(after[name], before[name])]
    return sorted(changed + [name for name in before if name not in after])
