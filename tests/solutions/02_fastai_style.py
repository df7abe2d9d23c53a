"""Exercise 02 as fastai goes about it: a splitter makes two groups, freeze_to opens the last, a callback sets modes."""

import torch
from torch import nn


class Learner:
    def __init__(self, model, splitter=None):
        self.model, self.splitter = model, splitter

    def freeze_to(self, n):
        groups = self.splitter(self.model)
        frozen = len(groups) + n if n < 0 else n
        for index, group in enumerate(groups):
            for parameter in group:
                parameter.requires_grad_(index >= frozen)

    def freeze(self):
        self.freeze_to(-1)


class ModeFreeze:
    """BnFreeze for every kind of module that has parameters, with what is inside."""

    def before_train(self, module, frozen=False):
        own = list(module.parameters())
        frozen = frozen or (bool(own) and not any(p.requires_grad for p in own))
        module.train(not frozen)
        if not frozen:
            for child in module.children():
                self.before_train(child)


def head_splitter(head_names):
    def split(model):
        body, head = [], []
        for name, parameter in model.named_parameters():
            in_head = [name == one or name.startswith(f"{one}.") for one in head_names]
            (head if True in in_head else body).append(parameter)
        return body, head

    return split


def snapshot(model: nn.Module):
    return {k: v.detach().clone() for k, v in model.state_dict().items()}


def freeze_backbone(model, head_names):
    learner = Learner(model, head_splitter(head_names))
    learner.freeze()
    return learner.model


def train_mode(model):
    ModeFreeze().before_train(model)
    return model


def changed_entries(before, model):
    now = snapshot(model)
    gone = [k for k in before if k not in now]
    come = [k for k in now if k not in before]
    moved = [k for k in now if k in before and (now[k].shape != before[k].shape or bool((now[k] != before[k]).any()))]
    return sorted(gone + come + moved)
