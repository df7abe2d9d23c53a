"""Exercise 02 solved in another style: the head is looked up by its path, and modes go down the tree with a parent."""

import copy
from operator import attrgetter


def snapshot(model):
    return copy.deepcopy(model.state_dict())


def freeze_backbone(model, head_names):
    model.requires_grad_(False)
    for part in map(attrgetter, head_names):
        part(model).requires_grad_(True)
    return model


def train_mode(model):
    settle(model, parent=True)
    return model


def settle(module, parent):
    flags = [parameter.requires_grad for parameter in module.parameters()]
    module.training = any(flags) if flags else parent
    for child in module.children():
        settle(child, module.training)


def changed_entries(before, model):
    def bits(tensor):
        return None if tensor is None else (tuple(tensor.shape), tensor.detach().numpy().tobytes())

    after = model.state_dict()
    return sorted(name for name in {*before, *after} if bits(before.get(name)) != bits(after.get(name)))
