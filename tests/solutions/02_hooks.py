"""Exercise 02 with a hook: whatever the modes say, just before a forward pass in training the frozen parts rest."""

import torch


def rest_what_is_frozen(model, _inputs):
    if not model.training:
        return
    for module in model.modules():
        parameters = list(module.parameters())
        if parameters and all(not parameter.requires_grad for parameter in parameters):
            module.eval()


def freeze_backbone(model, head_names):
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(any(name == head or name.startswith(head + ".") for head in head_names))
    return model


def train_mode(model):
    if rest_what_is_frozen not in model._forward_pre_hooks.values():
        model.register_forward_pre_hook(rest_what_is_frozen)
    return model.train()


def snapshot(model):
    return {name: tensor.clone().detach() for name, tensor in model.state_dict().items()}


def changed_entries(before, model):
    after = dict(model.state_dict())
    changed = set()
    for name, tensor in before.items():
        other = after.pop(name, None)
        if other is None or tensor.shape != other.shape or not torch.all(tensor == other):
            changed.add(name)
    return sorted(changed.union(after))
