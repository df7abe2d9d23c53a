"""Exercise 02 as Lightning's BaseFinetuning goes about it: leaf modules are flattened, frozen, and set before an epoch."""

from operator import attrgetter

import torch
from torch.nn import Module, ModuleDict


class Finetuning:
    @staticmethod
    def flatten_modules(modules):
        if isinstance(modules, ModuleDict):
            modules = modules.values()
        if not isinstance(modules, Module):
            return [leaf for module in modules for leaf in Finetuning.flatten_modules(module)]
        return [m for m in modules.modules() if not list(m.children()) or m._parameters]

    @staticmethod
    def make_trainable(modules):
        for module in Finetuning.flatten_modules(modules):
            for parameter in module.parameters(recurse=False):
                parameter.requires_grad = True

    @staticmethod
    def freeze(modules):
        for module in Finetuning.flatten_modules(modules):
            for parameter in module.parameters(recurse=False):
                parameter.requires_grad = False

    def freeze_before_training(self, model, head_names):
        self.freeze(model)
        heads = [attrgetter(name)(model) for name in head_names]
        self.make_trainable([head for head in heads if isinstance(head, Module)])
        for head in heads:
            if isinstance(head, torch.nn.Parameter):
                head.requires_grad = True

    def on_train_epoch_start(self, model):
        model.train()
        for module in model.modules():
            flags = {parameter.requires_grad for parameter in module.parameters()}
            if flags == {False}:
                module.eval()


def snapshot(model):
    return {name: torch.clone(value) for name, value in model.state_dict().items()}


def freeze_backbone(model, head_names):
    Finetuning().freeze_before_training(model, head_names)
    return model


def train_mode(model):
    Finetuning().on_train_epoch_start(model)
    return model


def changed_entries(before, model):
    after = snapshot(model)
    unequal = {name for name in set(before) & set(after) if not torch.equal(before[name], after[name])}
    return sorted(unequal.union(set(before).symmetric_difference(after)))
