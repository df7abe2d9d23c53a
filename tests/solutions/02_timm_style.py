"""Exercise 02 as timm freezes: by the names of submodules, with parameters of the root beside them."""

from operator import attrgetter

import torch


def _freeze_unfreeze(root_module, submodules, mode):
    learns = mode == "unfreeze"
    for name in submodules:
        found = attrgetter(name)(root_module)
        found.requires_grad_(learns)


def freeze(root_module, submodules):
    _freeze_unfreeze(root_module, submodules, "freeze")


def unfreeze(root_module, submodules):
    _freeze_unfreeze(root_module, submodules, "unfreeze")


def freeze_backbone(model, head_names):
    own = [name for name, _ in model.named_parameters(recurse=False)]
    everything = [*own, *(name for name, _ in model.named_children())]
    freeze(model, [name for name in everything if name not in head_names])
    unfreeze(model, list(head_names))
    return model


def train_mode(model):
    model.train()
    frozen = [m for m in model.modules() if list(m.parameters()) and all(not p.requires_grad for p in m.parameters())]
    for module in frozen:
        module.train(False)
    return model


def snapshot(model):
    with torch.no_grad():
        return {name: tensor + 0 for name, tensor in model.state_dict().items()}


def changed_entries(before, model):
    state = model.state_dict()
    names = sorted(before.keys() | state.keys())
    return [n for n in names if n not in before or n not in state or not torch.equal(before[n], state[n])]
