"""The first look: both pretrained models, what each strategy trains, and a frozen epoch done wrongly and rightly."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from string import ascii_uppercase

import torch
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from torch import nn

from grader.audit import FreezeAudit
from grader.authoring.anatomy import Anatomy
from grader.inside import models
from grader.inside.strategies import REFERENCE, Scenario, build, fit, predict
from grader.wire.names import HEADS

from . import headings
from .here import load
from .runs import Row, backbone, chosen
from .table import headed, plain_table

QUESTION = "Before you free anything: when should a scratch baseline still be your first comparison?"
SEED = 0
_EPOCHS = 5


def tour() -> Iterator[RenderableType]:
    """Yield what there is to see, stop by stop."""
    torch.set_num_threads(1)
    rows = chosen(None, None)
    scenarios = [load(row) for row in rows]
    for row, scenario in zip(rows, scenarios, strict=True):
        yield from _model(row, scenario)
    yield headed(headings.FROZEN, *(epoch for scenario in scenarios for epoch in _epochs(scenario)))
    yield headed("What the drift costs", *_drift())
    yield headed(
        "A question to take along", QUESTION, "`grade compare` measures it: all four strategies, side by side."
    )


def _model(row: Row, scenario: Scenario) -> Iterator[RenderableType]:
    head = HEADS[scenario.modality]
    before = getattr(models.build(scenario.spec), head)
    after = getattr(build(scenario, "frozen"), head)
    name = {"vision": "ResNet", "text": "BERT"}[scenario.modality]
    yield headed(
        f"{scenario.modality.capitalize()}: a small pretrained {name}",
        f"The task is {scenario.name}: {row['about']}.",
        f"The head is model.{head}. Pretrained: {before}. Here: {after}, newly drawn; all else stays as it came.",
        _strategies(row, backbone(row)),
        _depths(backbone(row)),
    )


def _strategies(row: Row, body: Anatomy) -> Table:
    """Show which blocks learn under which strategy."""
    depths = {"frozen": 0, "partial_unfreeze": row["depth"], "full_finetune": len(body.blocks)}
    table = plain_table("block, input side first", "scalars", *depths)
    for index, (title, names) in enumerate(zip(body.block_titles, body.blocks, strict=True)):
        learns = [_said(index >= len(body.blocks) - depth) for depth in depths.values()]
        table.add_row(title, f"{body.size_of(names):,}", *learns)
    table.add_row("head", f"{body.size_of(body.head):,}", *[_said(learns=True)] * len(depths), end_section=True)
    counts = [body.size_of(body.live_at(depth)) for depth in depths.values()]
    table.add_row("trainable", "", *(f"{count:,}" for count in counts))
    return table


def _said(learns: bool) -> Text:  # noqa: FBT001  reads like a cell
    return Text("learns", style="yellow") if learns else Text("frozen", style="blue")


def _depths(body: Anatomy) -> Table:
    """Show what each depth costs."""
    table = plain_table("depth", "frees in addition", "trainable")
    for depth in range(len(body.blocks) + 1):
        freed = body.block_titles[-depth] if depth else "the head alone"
        table.add_row(str(depth), freed, f"{body.size_of(body.live_at(depth)):,}")
    return table


def _epochs(scenario: Scenario) -> Iterator[RenderableType]:
    """Train the frozen model for one epoch with each of two first lines, and show what the audit says."""
    recipe = dataclasses.replace(scenario.recipe, steps=-(-len(scenario.train[1]) // scenario.recipe.batch))
    spec = {**scenario.spec, "dropout": 0.1} if scenario.modality == "text" else scenario.spec
    short = dataclasses.replace(scenario, recipe=recipe, spec=spec)
    lines: Mapping[str, Callable[[nn.Module], object] | None] = {
        "model.train()": nn.Module.train,
        "what is wholly frozen stays in eval()": None,
    }
    for line, mode in lines.items():
        yield _epoch(short, line, mode)


def _epoch(scenario: Scenario, line: str, mode: Callable[[nn.Module], object] | None) -> RenderableType:
    torch.manual_seed(SEED)
    model = build(scenario, "frozen")
    with FreezeAudit(model, frozen=scenario.still["frozen"]) as audit:
        fit(model, scenario, "frozen", dataclasses.replace(REFERENCE, mode=mode))
    report = audit.report
    style = "green" if report.verdict == "frozen as declared" else "red"
    first = Text.assemble(
        f"{scenario.modality}, an epoch that begins with: {line}\n  ", (report.verdict, f"bold {style}")
    )
    findings = [Text(f"  {finding.kind} ({finding.count}): {finding.cause}") for finding in report.findings]
    return Group(first, *findings)


def _drift() -> tuple[str, str]:
    """Let a pretrained model see other images in training mode, without one optimizer step, and ask it its letters."""
    letters, others = (load(row) for name in ("vision-letters", "vision-negatives") for row in chosen(None, name))
    model = models.build(letters.spec)
    model.load_state_dict(letters.backbone)
    names = chosen(None, letters.name)[0]["classes"]
    truth = torch.tensor([ascii_uppercase.index(name) for name in names])[letters.validation[1]]

    def accuracy() -> float:
        return float((predict(model, letters.validation[0]) == truth).double().mean())

    before = accuracy()
    model.train()
    with torch.no_grad():
        for _ in range(_EPOCHS):
            for batch in others.train[0].split(others.recipe.batch):  # type: ignore[no-untyped-call]
                model(batch)
    shown = f"{_EPOCHS} epochs of noisy negatives in training mode, without a gradient and without a step"
    return (
        f"The pretrained ResNet names {before:.1%} of unseen letters, the task it was made for.",
        f"After {shown}, it names {accuracy():.1%}.",
    )
