"""Which frozen modules count as having run in training mode, and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from grader.audit import FreezeAudit, Kind, Report, Verdict
from tests.audit.runs import BACKBONE, bert, freeze, head, loss_of, resnet, sgd, steps, train_mode


def train(body: nn.Module, inputs: torch.Tensor, *, no_grad: bool = False) -> Report:
    """Train a linear head on a frozen body that is left in training mode."""
    body.requires_grad_(requires_grad=False)
    model = nn.ModuleDict({"body": body, "head": nn.LazyLinear(2)})
    first = body(inputs)
    model["head"]((first[0] if isinstance(first, tuple) else first).flatten(1))
    optimizer = sgd(head(model))
    with FreezeAudit(model, "body") as audit:
        for _ in range(2):
            with torch.set_grad_enabled(not no_grad):
                features = body(inputs)
            features = features[0] if isinstance(features, tuple) else features
            optimizer.zero_grad()
            model["head"](features.flatten(1)).square().sum().backward()
            optimizer.step()
    return audit.report


class FunctionalDropout(nn.Module):
    """As Bart, T5 and many others do it: a number and the functional form."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 4)
        self.attention_dropout = rate

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.dropout(self.layer(x), self.attention_dropout, self.training)


class ReadDropout(nn.Module):
    """As BERT's attention does it: a layer that is read and never called."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.layer, self.dropout = nn.Linear(4, 4), nn.Dropout(rate)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.dropout(self.layer(x), self.dropout.p, self.training)


class Powered(nn.Linear):
    """Names that only look like dropout."""

    def __init__(self) -> None:
        super().__init__(4, 4)
        self.p, self.drop_last, self.dropout_kind = 2.0, True, "none"


class SelfAttention(nn.MultiheadAttention):
    """Attention of a sequence to itself."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x, x, x)[0]


def stochastic_depth() -> nn.Module:
    from torchvision.ops import StochasticDepth  # after grader.inside.models, which makes torchvision importable

    return StochasticDepth(0.1, "row")


ROWS, PICTURES, SEQUENCES = torch.randn(3, 4), torch.randn(3, 4, 5, 5), torch.randn(3, 6, 4)
LIVE: dict[str, tuple[Callable[[], nn.Module], torch.Tensor, str]] = {
    "dropout": (lambda: nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.1)), ROWS, "body.1"),
    "dropout of channels": (lambda: nn.Sequential(nn.Conv2d(4, 4, 1), nn.Dropout2d(0.1)), PICTURES, "body.1"),
    "dropout of everything": (lambda: nn.Sequential(nn.Linear(4, 4), nn.Dropout(1.0)), ROWS, "body.1"),
    "alpha dropout": (lambda: nn.Sequential(nn.Linear(4, 4), nn.AlphaDropout(0.1)), ROWS, "body.1"),
    "randomised ReLU": (lambda: nn.Sequential(nn.Linear(4, 4), nn.RReLU()), ROWS, "body.1"),
    "stochastic depth": (lambda: nn.Sequential(nn.Linear(4, 4), stochastic_depth()), ROWS, "body.1"),
    "functional dropout": (lambda: FunctionalDropout(0.1), ROWS, "body"),
    "a dropout layer that is read": (lambda: ReadDropout(0.1), ROWS, "body.dropout"),
    "attention": (lambda: SelfAttention(4, 2, dropout=0.1, batch_first=True), SEQUENCES, "body"),
    "recurrence": (lambda: nn.LSTM(4, 4, num_layers=2, dropout=0.1, batch_first=True), SEQUENCES, "body"),
    "instance norm with statistics": (
        lambda: nn.Sequential(nn.Conv2d(4, 4, 1), nn.InstanceNorm2d(4, track_running_stats=True)),
        PICTURES,
        "body.1",
    ),
    "batch norm": (lambda: nn.Sequential(nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4)), PICTURES, "body.1"),
}
QUIET: dict[str, tuple[Callable[[], nn.Module], torch.Tensor]] = {
    "no dropout": (lambda: nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.0)), ROWS),
    "layer norm": (lambda: nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4)), ROWS),
    "group norm": (lambda: nn.Sequential(nn.Conv2d(4, 4, 1), nn.GroupNorm(2, 4)), PICTURES),
    "instance norm": (lambda: nn.Sequential(nn.Conv2d(4, 4, 1), nn.InstanceNorm2d(4)), PICTURES),
    "functional dropout of 0": (lambda: FunctionalDropout(0.0), ROWS),
    "a dropout layer of 0 that is read": (lambda: ReadDropout(0.0), ROWS),
    "an exponent called p and a flag about dropping": (Powered, ROWS),
}


@pytest.mark.parametrize("name", LIVE)
def test_what_acts_differently_in_training_is_found(name: str) -> None:
    build, inputs, where = LIVE[name]
    report = train(build(), inputs)
    ran = [finding.entries for finding in report.findings if finding.kind is Kind.RAN_IN_TRAIN_MODE]
    assert (report.verdict, ran) == (Verdict.NOT_FROZEN, [(where,)])


@pytest.mark.parametrize("name", QUIET)
def test_what_does_not_is_not_blamed(name: str) -> None:
    build, inputs = QUIET[name]
    report = train(build(), inputs)
    assert (report.verdict, report.findings) == (Verdict.FROZEN, ())


@pytest.mark.parametrize("change", [{"momentum": 0.0}, {"track_running_stats": False}], ids=",".join)
def test_statistics_that_stand_still_do_not_hide_the_batch(change: dict[str, float]) -> None:
    body = nn.Sequential(nn.Conv2d(4, 4, 1), nn.BatchNorm2d(4))
    for name, value in change.items():
        setattr(body[1], name, value)
    report = train(body, PICTURES)
    assert report.verdict is Verdict.NOT_FROZEN
    assert report.counts[Kind.RAN_IN_TRAIN_MODE] == 1
    still = {row.name for row in report.facts.entries if row.frozen and not row.moved}
    assert {"body.1.running_mean", "body.1.running_var"} <= still


def test_dropout_under_no_grad_is_found_where_the_frozen_part_always_runs_so() -> None:
    report = train(nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.1)), ROWS, no_grad=True)
    (finding,) = report.findings
    assert (report.verdict, finding.entries) == (Verdict.NOT_FROZEN, ("body.1",))
    assert "under no_grad" in finding.cause


def test_validation_is_not_blamed_and_the_audit_sees_both_modes() -> None:
    model = bert()
    freeze(model)
    optimizer = sgd(head(model))
    with FreezeAudit(model, "bert") as audit:
        for epoch in range(2):
            train_mode(model)
            steps(model, optimizer, 2)
            model.train(mode=epoch == 1)  # the second validation draws at random on purpose
            with torch.no_grad():
                loss_of(model, 9)
    assert (audit.report.verdict, audit.report.findings) == (Verdict.FROZEN, ())
    row = next(row for row in audit.report.facts.modules if row.name == "bert.embeddings.dropout")
    assert (row.training, row.training_no_grad, row.inference, row.inference_no_grad) == (0, 1, 4, 1)


def test_validation_in_training_mode_moves_the_statistics_and_says_so() -> None:
    model = resnet()
    freeze(model)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, sgd(head(model)))
        model.train()
        with torch.no_grad():
            loss_of(model, 9)
    (finding,) = audit.report.findings
    assert (finding.kind, finding.count) == (Kind.FROZEN_BUFFER_MOVED, 36)
    assert "under no_grad" in finding.cause


def test_a_freeze_that_the_next_epoch_undoes_is_told_from_one_that_never_was() -> None:
    model = resnet()
    freeze(model)
    optimizer = sgd(head(model))
    with FreezeAudit(model, BACKBONE) as undone:
        train_mode(model)
        steps(model, optimizer, 2)
        model.train()
        steps(model, optimizer, 2)
    with FreezeAudit(model, BACKBONE) as never:
        model.train()
        steps(model, optimizer, 2)
    causes = [
        [finding.cause for finding in audit.report.findings if finding.kind is Kind.RAN_IN_TRAIN_MODE]
        for audit in (undone, never)
    ]
    assert ["For part of the run it was in inference mode" in cause for (cause,) in causes] == [True, False]


def test_attention_that_reads_its_dropout_is_found_in_a_real_bert() -> None:
    model = bert(dropout=0.0, attention=0.1)
    freeze(model)
    with FreezeAudit(model, "bert") as audit:
        model.train()
        steps(model, sgd(head(model)))
    (finding,) = audit.report.findings
    assert finding.entries == tuple(f"bert.encoder.layer.{layer}.attention.self.dropout" for layer in range(3))


def test_a_dropout_layer_that_nobody_uses_is_not_blamed_on_a_trainable_parent() -> None:
    model = bert()
    freeze(model)
    model.spare = nn.Dropout(0.5)
    with FreezeAudit(model, ["bert", "spare"]) as audit:
        train_mode(model)
        model.spare.train()
        steps(model, sgd(head(model)))
    assert (audit.report.verdict, audit.report.findings) == (Verdict.FROZEN, ())


def test_the_heads_own_dropout_is_not_blamed() -> None:
    model = bert()
    freeze(model)
    with FreezeAudit(model, "bert") as audit:
        train_mode(model)
        model.dropout.train()
        steps(model, sgd(head(model)))
    assert audit.report.verdict is Verdict.FROZEN
    assert "dropout" not in {row.name for row in audit.report.facts.modules}


def test_features_computed_beforehand_leave_an_unused_backbone_alone() -> None:
    model = resnet()
    freeze(model)
    features = torch.randn(8, 16)
    optimizer = sgd(head(model))
    with FreezeAudit(model, BACKBONE) as audit:
        model.train()
        for _ in range(3):
            optimizer.zero_grad()
            F.cross_entropy(model.fc(features), torch.arange(8) % 5).backward()
            optimizer.step()
    assert (audit.report.verdict, audit.report.findings) == (Verdict.FROZEN, ())
