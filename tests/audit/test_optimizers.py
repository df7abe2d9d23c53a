"""Optimizers of every kind are seen; those outside torch.optim are reported as unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
import torch
from torch import nn, optim
from torch.optim.optimizer import _global_optimizer_post_hooks, _global_optimizer_pre_hooks

from grader.audit import FreezeAudit, Kind, Verdict
from tests.audit.runs import BACKBONE, freeze, head, loss_of, resnet, sgd, steps, train_mode

Build = Callable[[Iterable[nn.Parameter]], optim.Optimizer]
OPTIMIZERS: dict[str, Build] = {
    "SGD one by one": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, foreach=False),
    "SGD foreach": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, foreach=True),
    "SGD fused": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, fused=True),
    "Adam foreach": lambda p: optim.Adam(p, foreach=True),
    "AdamW fused": lambda p: optim.AdamW(p, fused=True),
    "AdamW amsgrad": lambda p: optim.AdamW(p, amsgrad=True),
    "NAdam": optim.NAdam,
    "RAdam": optim.RAdam,
    "Adamax": optim.Adamax,
    "Adadelta": optim.Adadelta,
    "Adagrad": optim.Adagrad,
    "Adafactor": optim.Adafactor,
    "ASGD": optim.ASGD,
    "Rprop": optim.Rprop,
    "RMSprop": optim.RMSprop,
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_frozen_run_is_frozen_under_every_optimizer(name: str) -> None:
    model = resnet()
    freeze(model)
    optimizer = OPTIMIZERS[name](model.parameters())
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer)
    assert (audit.report.verdict, audit.report.counts) == (Verdict.FROZEN, {Kind.FROZEN_PARAM_IN_OPTIMIZER: 36})
    (row,) = audit.report.facts.optimizers
    assert (row.label, row.steps, row.holds) == (type(optimizer).__name__, 3, 38)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_leak_is_seen_under_every_optimizer(name: str) -> None:
    model = resnet()
    freeze(model)
    model.layer1.requires_grad_(requires_grad=True)
    with FreezeAudit(model, BACKBONE) as audit:
        model.eval()
        steps(model, OPTIMIZERS[name](model.parameters()))
    moved = {row.name for row in audit.report.facts.entries if row.frozen and row.moved}
    assert audit.report.verdict is Verdict.NOT_FROZEN
    assert moved == {name for name, _ in model.named_parameters() if name.startswith("layer1.")}


def test_a_closure_that_is_called_many_times() -> None:
    model = resnet()
    freeze(model)
    optimizer = optim.LBFGS(head(model), max_iter=4)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = loss_of(model, 0)
        loss.backward()
        return loss

    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        optimizer.step(closure)
    assert (audit.report.verdict, audit.report.findings) == (Verdict.FROZEN, ())
    assert audit.report.facts.steps == 1


def test_strangers_whose_gradient_comes_in_the_closure_are_not_stale() -> None:
    model, temperature = resnet(), nn.Parameter(torch.ones(()))
    freeze(model)
    optimizer = sgd([*head(model), temperature])

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = loss_of(model, 0) / temperature
        loss.backward()
        return loss

    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        optimizer.step(closure)
    assert (audit.report.verdict, audit.report.findings) == (Verdict.FROZEN, ())


def test_an_audit_that_begins_inside_a_step_begins_with_the_next() -> None:
    model = resnet()
    freeze(model)
    train_mode(model)
    audit, optimizer = FreezeAudit(model, BACKBONE), sgd(head(model))

    def closure() -> torch.Tensor:
        if not audit.is_watching:
            audit.start()
        loss = loss_of(model, 0)
        loss.backward()
        return loss

    optimizer.step(closure)
    optimizer.step(closure)
    audit.stop()
    assert (audit.report.verdict, audit.report.facts.steps) == (Verdict.FROZEN, 1)


def test_one_optimizer_for_each_part() -> None:
    model = resnet()
    freeze(model, ("fc", "layer4"))
    optimizers = [
        optim.AdamW(model.layer4.parameters()),
        optim.AdamW(model.fc.parameters()),
        sgd(model.bn1.parameters()),
    ]
    with FreezeAudit(model, BACKBONE[:-1]) as audit:
        train_mode(model)
        loss_of(model, 0).backward()
        for optimizer in optimizers:
            optimizer.step()
    assert [(row.label, row.holds) for row in audit.report.facts.optimizers] == [
        ("AdamW", 9),
        ("AdamW 2", 2),
        ("SGD", 2),
    ]
    (finding,) = audit.report.findings
    assert (finding.kind, finding.entries) == (Kind.FROZEN_PARAM_IN_OPTIMIZER, ("bn1.weight", "bn1.bias"))


def test_a_new_optimizer_for_every_epoch_is_let_go() -> None:
    model = resnet()
    freeze(model)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        for _ in range(3):
            steps(model, sgd(head(model)), 1)
    assert (audit.report.verdict, audit.report.facts.steps) == (Verdict.FROZEN, 3)
    assert [row.label for row in audit.report.facts.optimizers] == ["SGD", "SGD 2", "SGD 3"]


class HandMade:
    """An optimizer that does not derive from torch's."""

    def __init__(self, parameters: Iterable[nn.Parameter]) -> None:
        self._parameters = list(parameters)

    def zero_grad(self, *, set_to_none: bool) -> None:
        for parameter in self._parameters:
            parameter.grad = None if set_to_none else torch.zeros_like(parameter)

    @torch.no_grad()
    def step(self) -> None:
        for parameter in self._parameters:
            if parameter.grad is not None:
                parameter.sub_(0.1 * parameter.grad)


def test_an_optimizer_outside_torch_is_reported_as_unseen() -> None:
    model = resnet()
    freeze(model)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, HandMade(head(model)))
    assert audit.report.verdict is Verdict.NOT_PROVEN
    assert audit.report.counts == {Kind.NO_OPTIMIZER_STEP: 0, Kind.UNSEEN_OPTIMIZER: 2}


def test_an_unseen_optimizer_beside_a_seen_one() -> None:
    model = resnet()
    freeze(model, ("fc", "layer4"))
    seen, unseen = sgd(model.fc.parameters()), HandMade(model.layer4.parameters())
    with FreezeAudit(model, BACKBONE[:-1]) as audit:
        train_mode(model)
        for step in range(2):
            loss_of(model, step).backward()
            seen.step()
            unseen.step()
    assert (audit.report.verdict, audit.report.counts) == (Verdict.FROZEN, {Kind.UNSEEN_OPTIMIZER: 9})


def test_an_unseen_optimizer_that_moves_what_is_frozen() -> None:
    model = resnet()
    freeze(model)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, sgd(head(model)))
        model.requires_grad_(requires_grad=True)
        loss_of(model.eval(), 0).backward()
        HandMade(model.parameters()).step()
    causes = [finding.cause for finding in audit.report.findings if finding.kind is Kind.FROZEN_WEIGHT_MOVED]
    assert audit.report.verdict is Verdict.NOT_FROZEN
    assert causes == ["No optimizer step explains it: something wrote the tensor directly."]


def test_a_gradient_from_before_the_freeze_is_named_as_the_cause() -> None:
    model = resnet()
    optimizer = sgd(model.parameters())
    loss_of(model.eval(), 0).backward()
    freeze(model)
    with FreezeAudit(model, BACKBONE) as audit:
        optimizer.step()
    (cause,) = (finding.cause for finding in audit.report.findings if finding.kind is Kind.FROZEN_WEIGHT_MOVED)
    assert "a gradient from before was still stored" in cause


@pytest.mark.filterwarnings("ignore:.torch.jit.script_method. is deprecated:DeprecationWarning")
def test_a_compiled_step_is_seen() -> None:
    model = resnet()
    freeze(model)
    optimizer = sgd(head(model))
    step = torch.compile(optimizer.step, backend="eager")
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        for number in range(3):
            optimizer.zero_grad()
            loss_of(model, number).backward()
            step()
    assert (audit.report.verdict, audit.report.facts.steps) == (Verdict.FROZEN, 3)


def test_no_hook_is_left_behind() -> None:
    model = resnet()
    before = len(_global_optimizer_pre_hooks), len(_global_optimizer_post_hooks)
    with FreezeAudit(model, BACKBONE):
        assert (len(_global_optimizer_pre_hooks), len(_global_optimizer_post_hooks)) == tuple(n + 1 for n in before)
        assert any(module._forward_pre_hooks for module in model.modules())
    assert (len(_global_optimizer_pre_hooks), len(_global_optimizer_post_hooks)) == before
    assert not any(module._forward_pre_hooks for module in model.modules())
