"""Small models and loops to audit."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn
from torch.nn import functional as F

from grader.inside import models

BACKBONE = ("conv1", "bn1", "layer1", "layer2", "layer3", "layer4")
RATE = 0.05


def resnet() -> nn.Module:
    """12 convolutions and 12 normalisation layers before the head: 36 parameters and 36 buffers."""
    torch.manual_seed(3)
    return models.resnet({"block": "basic", "layers": [1, 1, 1, 1], "widths": [8, 16, 16, 16], "num_classes": 5})


def bert(dropout: float = 0.1, attention: float = 0.0) -> nn.Module:
    """Three layers, with 7 dropout layers that are called and 3 that the attention only reads."""
    torch.manual_seed(3)
    body = {"hidden": 16, "layers": 3, "heads": 2, "intermediate": 32, "vocab": 40, "positions": 12}
    model = models.bert({**body, "num_classes": 3, "pooler": True, "dropout": dropout})
    for module in model.modules():
        if type(module).__name__ == "BertSelfAttention":
            module.dropout.p = attention
    return model


def loss_of(model: nn.Module, step: int) -> torch.Tensor:
    """The loss of a fresh batch."""
    generator = torch.Generator().manual_seed(step)
    if hasattr(model, "bert"):
        ids = torch.randint(40, (4, 6), generator=generator)
        logits = model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits
    else:
        logits = model(torch.randn(4, 3, 12, 12, generator=generator))
    return F.cross_entropy(logits, torch.randint(logits.shape[1], (4,), generator=generator))


def freeze(model: nn.Module, heads: Iterable[str] = ("fc", "classifier")) -> None:
    """Freeze everything outside the heads."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.split(".")[0] in heads)


def train_mode(model: nn.Module) -> None:
    """Put the model into training mode and what is frozen in it into inference mode."""
    model.train()
    for module in model.modules():
        parameters = list(module.parameters())
        if parameters and not any(parameter.requires_grad for parameter in parameters):
            module.eval()


def sgd(parameters: Iterable[nn.Parameter], **options: float) -> torch.optim.SGD:
    """The optimizer that punishes a leak: momentum and weight decay move whatever has a gradient."""
    return torch.optim.SGD(parameters, **{"lr": RATE, "momentum": 0.9, "weight_decay": 0.01, **options})


def head(model: nn.Module) -> Iterable[nn.Parameter]:
    """The parameters that require grad."""
    return (parameter for parameter in model.parameters() if parameter.requires_grad)


def steps(model: nn.Module, optimizer: torch.optim.Optimizer, count: int = 3, *, to_none: bool = True) -> None:
    """Train for a few steps in whatever modes the model is."""
    for step in range(count):
        optimizer.zero_grad(set_to_none=to_none)
        loss_of(model, step).backward()
        optimizer.step()
