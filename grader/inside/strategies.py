"""The four strategies, trained on one scenario with one recipe: what the lab and the tables are made of.

The lab runs it on the trusted side, a probe that trains for real runs it in the sandbox; it takes tensors and opens
no file.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from grader.wire.names import HEADS

from . import features, models


@dataclass(frozen=True)
class Recipe:
    """One budget for all strategies: steps of ``batch`` examples, AdamW, linear warm-up, then a cosine.

    ``rates`` gives each strategy its pair of peak learning rates, head and backbone; ``depth`` is the number
    of last blocks that ``partial_unfreeze`` frees (a ResNet stage or a BERT layer, the last with its pooler).
    """

    steps: int
    batch: int
    depth: int
    rates: Mapping[str, tuple[float, float]]
    warmup: float
    weight_decay: float = 0.01
    clip: float = 1.0


@dataclass(frozen=True)
class Scenario:
    """A target task, ready to train on.

    Inputs are float images ``[N, 3, 28, 28]`` or padded word-piece ids ``[N, L]`` (0 is padding); labels are
    int64 ``[N]`` in 0..classes-1. ``backbone`` is the pretrained state dict that ``spec`` describes. ``blocks`` are its
    modules by block, input side first, and ``still`` those that a strategy keeps as they came, all of them if frozen.
    """

    name: str
    modality: str
    classes: int
    spec: Mapping[str, Any]
    backbone: Mapping[str, Tensor]
    blocks: Sequence[Sequence[str]]
    still: Mapping[str, Sequence[str]]
    recipe: Recipe
    train: tuple[Tensor, Tensor]
    validation: tuple[Tensor, Tensor]
    test_inputs: Tensor


@dataclass(frozen=True)
class TrainingResult:
    """One run: its classes for the validation set, int64 ``[N]``, and what it cost; ``seconds`` is training alone."""

    predictions: Tensor
    trainable: int
    seconds: float


def _marked(model: nn.Module, scenario: Scenario, strategy: str) -> nn.Module:
    """Mark what learns; for ``scratch``, draw random weights that a narrow network can learn from.

    BERT's own normal draw (sd 0.02) is meant for 768 channels; at 64 it leaves layers so quiet that within a
    short budget training takes off on some seeds only.
    """
    if strategy == "scratch":
        for module in model.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
        return model
    still = tuple(f"{module}." for module in scenario.still.get(strategy, ()))
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not name.startswith(still))
    return model


def _groups(model: nn.Module, scenario: Scenario, strategy: str) -> list[dict[str, Any]]:
    """Optimizer groups of the trainable parameters: head and backbone, matrices decayed and the rest not."""
    found: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            in_head = name.startswith(f"{HEADS[scenario.modality]}.")
            found.setdefault((in_head, parameter.ndim > 1), []).append(parameter)
    head_rate, backbone_rate = scenario.recipe.rates[strategy]
    return [
        {"params": params, "lr": head_rate if in_head else backbone_rate} | ({} if matrix else {"weight_decay": 0.0})
        for (in_head, matrix), params in found.items()
    ]


def _scheduled(optimizer: torch.optim.Optimizer, rate: Callable[[int], float]) -> Callable[[], object]:
    """Set every rate for the first step; return what sets them for the next one."""
    return torch.optim.lr_scheduler.LambdaLR(optimizer, rate).step


@dataclass(frozen=True)
class Steps:
    """What a run does at four points, which the lab can put into a learner's hands."""

    mark: Callable[[nn.Module, Scenario, str], nn.Module] = _marked
    """Takes the model, pretrained unless the strategy is ``scratch``, and returns the one to train."""
    groups: Callable[[nn.Module, Scenario, str], list[dict[str, Any]]] = _groups
    mode: Callable[[nn.Module], object] | None = None
    """Puts the model into training mode; by itself a run keeps in inference mode what its strategy keeps still."""
    schedule: Callable[[torch.optim.Optimizer, Callable[[int], float]], Callable[[], object]] = _scheduled


REFERENCE = Steps()
Watch = Callable[[nn.Module], AbstractContextManager[object]]


def run(
    scenario: Scenario, strategy: str, seed: int, steps: Steps = REFERENCE, watch: Watch = lambda _: nullcontext()
) -> TrainingResult:
    """Build, train for the fixed budget, and look at the validation set once; ``watch`` is entered around training."""
    torch.manual_seed(seed)
    model = build(scenario, strategy, steps)
    torch.manual_seed(seed)
    with watch(model):
        started = time.perf_counter()
        fit(model, scenario, strategy, steps)
        seconds = time.perf_counter() - started
    learning = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return TrainingResult(predict(model, scenario.validation[0]), learning, seconds)


def build(scenario: Scenario, strategy: str, steps: Steps = REFERENCE) -> nn.Module:
    """Return the strategy's model with a fresh head and its trainable parameters marked."""
    model = models.build({**scenario.spec, "num_classes": scenario.classes})
    if strategy != "scratch":
        head = HEADS[scenario.modality]
        pretrained = {k: v for k, v in scenario.backbone.items() if not k.startswith(head + ".")}
        model.load_state_dict(pretrained, strict=False)
    return steps.mark(model, scenario, strategy)


def fit(model: nn.Module, scenario: Scenario, strategy: str, steps: Steps = REFERENCE) -> None:
    """Train in place for the recipe's budget; the order of examples comes from torch's global generator.

    With the reference's steps, what lies below the trained part and gives the same at every step is run once for each
    example. Anybody else's may thaw or change it at any step, so there the whole model runs at every one.
    """
    recipe, (inputs, labels) = scenario.recipe, scenario.train
    optimizer = torch.optim.AdamW(steps.groups(model, scenario, strategy), weight_decay=recipe.weight_decay)
    advance = steps.schedule(optimizer, lambda step: _rate(step, recipe))
    live = [p for p in model.parameters() if p.requires_grad]
    model.train()
    if steps.mode is not None:
        steps.mode(model)
    else:
        for name in scenario.still.get(strategy, ()):
            model.get_submodule(name).eval()
    backbone = scenario.still["frozen"] if steps is REFERENCE else []
    scores = features.remembered(model, backbone, inputs, recipe.batch, logits)
    for rows in _batches(len(labels), recipe):
        loss = F.cross_entropy(scores(rows), labels[rows])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(live, recipe.clip)
        optimizer.step()
        advance()


def _rate(step: int, recipe: Recipe) -> float:
    """The factor on every peak rate at a step."""
    warm = max(1, round(recipe.warmup * recipe.steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, recipe.steps - warm)))


def _batches(count: int, recipe: Recipe) -> Iterator[Tensor]:
    """Row numbers ``[batch]``, reshuffled whenever the training set is used up."""
    order = torch.empty(0, dtype=torch.int64)
    for _ in range(recipe.steps):
        while len(order) < recipe.batch:
            order = torch.cat([order, torch.randperm(count)])
        yield order[: recipe.batch]
        order = order[recipe.batch :]


def logits(model: nn.Module, inputs: Tensor) -> Tensor:
    """Scores ``[N, C]`` for images or for word-piece ids, which are first cut to the longest row."""
    if inputs.is_floating_point():
        return model(inputs)  # type: ignore[no-any-return]
    mask = (inputs != 0).long()
    longest = int(mask.sum(1).max())
    return model(input_ids=inputs[:, :longest], attention_mask=mask[:, :longest]).logits  # type: ignore[no-any-return]


def predict(model: nn.Module, inputs: Tensor) -> Tensor:
    """The most likely class of each input, int64 ``[N]``."""
    model.eval()
    with torch.no_grad():
        return torch.cat([logits(model, part).argmax(1) for part in inputs.split(250)])  # type: ignore[no-untyped-call]
