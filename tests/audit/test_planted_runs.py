"""Thirteen runs with a known flaw, each with its own fingerprint of findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from torch import nn

from grader.audit import FreezeAudit, Kind, Report, Verdict
from tests.audit.runs import BACKBONE, bert, freeze, head, resnet, sgd, steps, train_mode

FROZEN, NOT_FROZEN, NOT_PROVEN = Verdict
WEIGHTS, BUFFERS, MODES = Kind.FROZEN_WEIGHT_MOVED, Kind.FROZEN_BUFFER_MOVED, Kind.RAN_IN_TRAIN_MODE
REQUIRES_GRAD, IN_OPTIMIZER = Kind.FROZEN_PARAM_REQUIRES_GRAD, Kind.FROZEN_PARAM_IN_OPTIMIZER
FLIPPED, STALE = Kind.FLIPPED_MID_RUN, Kind.STALE_TENSORS
NOT_IN_OPTIMIZER, NEVER_MOVED = Kind.TRAINABLE_NOT_IN_OPTIMIZER, Kind.NEVER_MOVED


def clean_vision() -> Report:
    model = resnet()
    freeze(model)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, sgd(head(model)))
    return audit.report


def clean_text() -> Report:
    model = bert()
    freeze(model)
    with FreezeAudit(model, "bert") as audit:
        train_mode(model)
        steps(model, sgd(head(model)))
    return audit.report


def all_parameters_passed() -> Report:
    model = resnet()
    freeze(model)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, sgd(model.parameters()))
    return audit.report


def model_train_undoes_the_freeze() -> Report:
    model = resnet()
    freeze(model)
    with FreezeAudit(model, BACKBONE) as audit:
        model.train()
        steps(model, sgd(head(model)))
    return audit.report


def dropout_left_live() -> Report:
    model = bert()
    freeze(model)
    with FreezeAudit(model, "bert") as audit:
        model.train()
        steps(model, sgd(head(model)))
    return audit.report


def forgot_to_freeze() -> Report:
    model = resnet()
    with FreezeAudit(model, BACKBONE) as audit:
        model.train()
        steps(model, sgd(model.parameters()))
    return audit.report


def optimizer_got_only_the_head() -> Report:
    model = resnet()
    with FreezeAudit(model, BACKBONE) as audit:
        model.eval()
        steps(model, sgd(model.fc.parameters()))
    return audit.report


def rate_of_zero() -> Report:
    model = resnet()
    groups = [
        {"params": [p for name, p in model.named_parameters() if not name.startswith("fc")], "lr": 0.0},
        {"params": model.fc.parameters()},
    ]
    with FreezeAudit(model, BACKBONE) as audit:
        model.train()
        steps(model, sgd(groups))
    return audit.report


def froze_after_a_step() -> Report:
    model = resnet()
    optimizer = sgd(model.parameters())
    steps(model.eval(), optimizer, 1)
    freeze(model)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer, to_none=False)
    return audit.report


def later_loop_reenables() -> Report:
    model = resnet()
    freeze(model)
    optimizer = sgd(model.parameters())
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer, 2)
        model.requires_grad_(requires_grad=True)
        train_mode(model)
        steps(model, optimizer, 2)
    return audit.report


def head_swapped_after_the_optimizer() -> Report:
    model = resnet()
    freeze(model)
    optimizer = sgd(head(model))
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer, 2)
        model.fc = nn.Linear(16, 7)
        steps(model, optimizer, 2)
    return audit.report


def unfroze_and_did_not_tell_the_optimizer() -> Report:
    model = resnet()
    freeze(model)
    optimizer = sgd(head(model))
    with FreezeAudit(model, BACKBONE[:-1]) as audit:
        train_mode(model)
        steps(model, optimizer, 2)
        model.layer4.requires_grad_(requires_grad=True)
        train_mode(model)
        steps(model, optimizer, 2)
    return audit.report


def detached_below_the_freed_block() -> Report:
    model = resnet()
    freeze(model, ("fc", "layer4"))
    model.avgpool.register_forward_pre_hook(lambda _, inputs: inputs[0].detach())
    with FreezeAudit(model, BACKBONE[:-1]) as audit:
        train_mode(model)
        steps(model, sgd(head(model)))
    return audit.report


@dataclass(frozen=True)
class Planted:
    """A run and what the audit has to say of it."""

    run: Callable[[], Report]
    verdict: Verdict
    counts: dict[Kind, int] = field(default_factory=dict)


PLANTED = [
    Planted(clean_vision, FROZEN),
    Planted(clean_text, FROZEN),
    Planted(all_parameters_passed, FROZEN, {IN_OPTIMIZER: 36}),
    Planted(model_train_undoes_the_freeze, NOT_FROZEN, {BUFFERS: 36, MODES: 12}),
    Planted(dropout_left_live, NOT_FROZEN, {MODES: 7}),
    Planted(
        forgot_to_freeze,
        NOT_FROZEN,
        {WEIGHTS: 36, BUFFERS: 36, MODES: 12, REQUIRES_GRAD: 36, IN_OPTIMIZER: 36},
    ),
    Planted(optimizer_got_only_the_head, FROZEN, {REQUIRES_GRAD: 36}),
    Planted(rate_of_zero, NOT_FROZEN, {BUFFERS: 36, MODES: 12, REQUIRES_GRAD: 36, IN_OPTIMIZER: 36}),
    Planted(froze_after_a_step, NOT_FROZEN, {WEIGHTS: 36, IN_OPTIMIZER: 36}),
    Planted(
        later_loop_reenables,
        NOT_FROZEN,
        {WEIGHTS: 36, BUFFERS: 36, MODES: 12, REQUIRES_GRAD: 36, IN_OPTIMIZER: 36, FLIPPED: 36},
    ),
    Planted(head_swapped_after_the_optimizer, FROZEN, {STALE: 2, NOT_IN_OPTIMIZER: 2}),
    Planted(unfroze_and_did_not_tell_the_optimizer, FROZEN, {FLIPPED: 9, NOT_IN_OPTIMIZER: 9, NEVER_MOVED: 9}),
    Planted(detached_below_the_freed_block, FROZEN, {NEVER_MOVED: 9}),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.run.__name__)
def test_a_planted_run_is_recognised(planted: Planted) -> None:
    report = planted.run()
    assert (report.verdict, report.counts) == (planted.verdict, planted.counts)


def test_flawed_runs_are_told_apart() -> None:
    flawed = [(planted.verdict, tuple(sorted(planted.counts.items()))) for planted in PLANTED[2:]]
    assert len(set(flawed)) == len(flawed)
