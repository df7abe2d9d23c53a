"""Exercise 03 solved in another style: modules instead of names, and flags that are set and put back."""

from __future__ import annotations

from contextlib import contextmanager

from torch import nn


class Ladder:
    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.names = {id(parameter): name for name, parameter in model.named_parameters()}
        self.rungs = [list(self._parameters(rung)) for rung in self._modules()]
        below = {id(parameter) for rung in self.rungs for parameter in rung}
        self.head = [parameter for parameter in model.parameters() if id(parameter) not in below]

    def _modules(self) -> list[list[nn.Module]]:
        body = getattr(self.model, "bert", None)
        if body is None:
            stages = [getattr(self.model, f"layer{number}") for number in (1, 2, 3, 4)]
            return [[self.model.conv1, self.model.bn1], *([stage] for stage in stages)]
        rungs = [[body.embeddings], *([layer] for layer in body.encoder.layer)]
        if body.pooler is not None:
            rungs[-1].append(body.pooler)
        return rungs

    @staticmethod
    def _parameters(rung):
        for module in rung:
            yield from module.parameters()

    def climb(self, depth: int) -> None:
        if depth not in range(len(self.rungs) + 1):
            raise ValueError(depth)
        self.model.requires_grad_(False)
        for parameter in self.head:
            parameter.requires_grad_(True)
        for rung in reversed(self.rungs[len(self.rungs) - depth :]):
            for parameter in rung:
                parameter.requires_grad_(True)

    @contextmanager
    def kept_flags(self):
        flags = [parameter.requires_grad for parameter in self.model.parameters()]
        try:
            yield
        finally:
            for parameter, flag in zip(self.model.parameters(), flags):
                parameter.requires_grad_(flag)

    def live(self) -> list[nn.Parameter]:
        return [parameter for parameter in self.model.parameters() if parameter.requires_grad]


def backbone_blocks(model):
    ladder = Ladder(model)
    return [[ladder.names[id(parameter)] for parameter in reversed(rung)] for rung in ladder.rungs]


def partial_unfreeze(model, depth):
    ladder = Ladder(model)
    ladder.climb(depth)
    return sorted(ladder.names[id(parameter)] for parameter in ladder.live())


def trainable_by_depth(model):
    ladder = Ladder(model)
    counts = []
    with ladder.kept_flags():
        for depth in range(len(ladder.rungs) + 1):
            ladder.climb(depth)
            counts.append(sum(parameter.numel() for parameter in ladder.live()))
    return counts
