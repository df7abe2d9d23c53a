"""Exercise 03 as fastai goes about it: a splitter cuts the model into groups, `freeze_to` thaws from one on."""

from torch import nn


def params(*modules):
    return [parameter for module in modules if module is not None for parameter in module.parameters()]


def resnet_splitter(m):
    return [params(m.conv1, m.bn1), *(params(getattr(m, f"layer{n}")) for n in range(1, 5)), params(m.fc)]


def bert_splitter(m):
    *lower, last = m.bert.encoder.layer
    return [params(m.bert.embeddings), *map(params, lower), params(last, m.bert.pooler), params(m.classifier)]


class Learner:
    def __init__(self, model: nn.Module):
        self.model = model
        self.groups = (bert_splitter if hasattr(model, "bert") else resnet_splitter)(model)

    def freeze_to(self, n: int) -> None:
        for place, group in enumerate(self.groups):
            for parameter in group:
                parameter.requires_grad_(place >= n)

    def names(self, group):
        wanted = set(map(id, group))
        return [name for name, parameter in self.model.named_parameters() if id(parameter) in wanted]


def backbone_blocks(model):
    learn = Learner(model)
    return [learn.names(group) for group in learn.groups[:-1]]


def partial_unfreeze(model, depth):
    learn = Learner(model)
    last = len(learn.groups) - 1
    if depth < 0 or depth > last:
        raise ValueError(f"{depth} of {last}")
    learn.freeze_to(last - depth)
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def trainable_by_depth(model):
    sizes = [sum(parameter.numel() for parameter in group) for group in Learner(model).groups]
    return [sum(sizes[place:]) for place in reversed(range(len(sizes)))]
