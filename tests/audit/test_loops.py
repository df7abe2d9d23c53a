"""Loops as people write them: the frozen ones are not blamed, the others for the right reason."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn
from torch.utils.checkpoint import checkpoint

from grader.audit import FreezeAudit, Kind, Report, Verdict
from tests.audit.runs import BACKBONE, bert, freeze, head, loss_of, resnet, sgd, steps, train_mode


@pytest.fixture
def model() -> nn.Module:
    frozen = resnet()
    freeze(frozen)
    return frozen


@pytest.fixture
def optimizer(model: nn.Module) -> torch.optim.Optimizer:
    return sgd(head(model))


def found(report: Report) -> tuple[Verdict, dict[Kind, int]]:
    return report.verdict, report.counts


def test_gradient_accumulation(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        for step in range(8):
            (loss_of(model, step) / 4).backward()
            if step % 4 == 3:
                optimizer.step()
                optimizer.zero_grad()
    assert found(audit.report) == (Verdict.FROZEN, {})
    assert audit.report.facts.steps == 2


def test_automatic_mixed_precision(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        for step in range(3):
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = loss_of(model, step)
            loss.backward()
            optimizer.step()
    assert found(audit.report) == (Verdict.FROZEN, {})


def test_gradient_scaling_counts_only_the_steps_that_were_taken(
    model: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    scaler = torch.amp.GradScaler("cpu")
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        for step in range(3):
            optimizer.zero_grad()
            loss = loss_of(model, step) * (float("inf") if step == 1 else 1.0)
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
    assert found(audit.report) == (Verdict.FROZEN, {})
    assert audit.report.facts.steps == 2


def test_a_schedule_and_clipping(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=4)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        for step in range(4):
            optimizer.zero_grad()
            loss_of(model, step).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    assert found(audit.report) == (Verdict.FROZEN, {})


def test_a_schedule_that_undoes_a_rate_of_zero() -> None:
    model = resnet().eval()
    groups = [{"params": [p for name, p in model.named_parameters() if name.startswith("layer4")], "lr": 0.0}]
    optimizer = sgd([*groups, {"params": model.fc.parameters()}], weight_decay=0.0)
    with FreezeAudit(model, BACKBONE) as audit:
        steps(model, optimizer, 2)
        optimizer.param_groups[0]["lr"] = 0.01
        steps(model, optimizer, 1)
    assert audit.report.verdict is Verdict.NOT_FROZEN
    assert audit.report.counts[Kind.FROZEN_WEIGHT_MOVED] == 9


def test_weight_averaging_beside_the_model(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    with FreezeAudit(model, BACKBONE) as audit:
        averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9), use_buffers=True)
        for _ in range(3):
            train_mode(model)
            steps(model, optimizer, 1)
            averaged.update_parameters(model)
            averaged.train()
            loss_of(averaged, 9)  # the copy has hooks of its own, which nobody reads
    assert found(audit.report) == (Verdict.FROZEN, {})


def test_an_average_written_back_into_the_frozen_part(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    averaged = AveragedModel(resnet(), multi_avg_fn=get_ema_multi_avg_fn(0.9))
    for moved in (averaged.module.conv1.weight, averaged.module.fc.weight, averaged.module.fc.bias):
        moved.data += 1e-6
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer)
        model.load_state_dict(averaged.module.state_dict())
    (finding,) = audit.report.findings
    assert (finding.kind, finding.entries) == (Kind.FROZEN_WEIGHT_MOVED, ("conv1.weight",))
    assert "wrote the tensor directly" in finding.cause


def test_statistics_renewed_after_averaging(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer)
        update_bn([torch.randn(4, 3, 12, 12)], model)
    assert found(audit.report) == (Verdict.NOT_FROZEN, {Kind.FROZEN_BUFFER_MOVED: 36})


def test_a_resumed_checkpoint_of_the_same_backbone(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    earlier = copy.deepcopy(model)
    nn.init.zeros_(earlier.fc.weight)
    checkpoint_of_earlier = {"model": copy.deepcopy(earlier.state_dict()), "optimizer": optimizer.state_dict()}
    with FreezeAudit(model, BACKBONE) as audit:
        model.load_state_dict(checkpoint_of_earlier["model"])
        optimizer.load_state_dict(checkpoint_of_earlier["optimizer"])
        train_mode(model)
        steps(model, optimizer)
    assert found(audit.report) == (Verdict.FROZEN, {})


def test_a_checkpoint_assigned_under_a_built_optimizer(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    state = copy.deepcopy(model.state_dict())
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer, 2)
        model.load_state_dict(state, assign=True)
        freeze(model)
        steps(model, optimizer, 2)
    assert found(audit.report) == (Verdict.FROZEN, {Kind.STALE_TENSORS: 2, Kind.TRAINABLE_NOT_IN_OPTIMIZER: 2})


def test_another_backbones_checkpoint_loaded_inside_the_run(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    other = copy.deepcopy(model)
    nn.init.ones_(other.layer2[0].conv1.weight)
    with FreezeAudit(model, BACKBONE) as audit:
        model.load_state_dict(other.state_dict())
        train_mode(model)
        steps(model, optimizer)
    (finding,) = audit.report.findings
    assert (finding.kind, finding.entries) == (Kind.FROZEN_WEIGHT_MOVED, ("layer2.0.conv1.weight",))


def test_the_best_epoch_put_back_at_the_end(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer, 2)
        best = copy.deepcopy(model.state_dict())
        steps(model, optimizer, 2)
        model.load_state_dict(best)
    assert found(audit.report) == (Verdict.FROZEN, {})


def test_a_model_converted_in_the_middle(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer)
        model.half()
    causes = {finding.kind: finding.cause for finding in audit.report.findings}
    assert audit.report.counts == {Kind.FROZEN_WEIGHT_MOVED: 36, Kind.FROZEN_BUFFER_MOVED: 24}
    assert all("another shape or dtype" in cause for cause in causes.values())


@pytest.mark.parametrize("reentrant", [True, False])
def test_gradient_checkpointing(reentrant: bool) -> None:  # noqa: FBT001
    model = resnet()
    freeze(model, ("fc", "layer4"))
    layer4 = model.layer4.forward
    model.layer4.forward = lambda x: checkpoint(layer4, x.requires_grad_(), use_reentrant=reentrant)
    with FreezeAudit(model, BACKBONE[:-1]) as audit:
        train_mode(model)
        steps(model, sgd(head(model)))
    assert found(audit.report) == (Verdict.FROZEN, {})


def test_gradual_unfreezing_that_was_declared(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    with FreezeAudit(model, BACKBONE[:-1]) as audit:
        train_mode(model)
        steps(model, optimizer, 2)
        model.layer4.requires_grad_(requires_grad=True)
        optimizer.add_param_group({"params": model.layer4.parameters()})
        train_mode(model)
        steps(model, optimizer, 2)
    (finding,) = audit.report.findings
    assert (audit.report.verdict, finding.kind, finding.count) == (Verdict.FROZEN, Kind.FLIPPED_MID_RUN, 9)
    assert "switched on before step 3" in finding.cause


def test_gradual_unfreezing_beyond_what_was_declared(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer, 2)
        model.layer4.requires_grad_(requires_grad=True)
        optimizer.add_param_group({"params": model.layer4.parameters()})
        train_mode(model)
        steps(model, optimizer, 2)
    assert audit.report.verdict is Verdict.NOT_FROZEN
    (finding,) = (finding for finding in audit.report.findings if finding.kind is Kind.FROZEN_WEIGHT_MOVED)
    assert finding.count == 9
    assert "switched on while the run" in finding.cause


def test_a_frozen_text_model_with_its_pooler_left_trainable() -> None:
    model = bert()
    freeze(model)
    model.bert.pooler.requires_grad_(requires_grad=True)
    with FreezeAudit(model, "bert.*") as audit:
        train_mode(model)
        model.bert.pooler.train()
        steps(model, sgd(head(model)))
    moved = [finding.entries for finding in audit.report.findings if finding.kind is Kind.FROZEN_WEIGHT_MOVED]
    assert moved == [("bert.pooler.dense.weight", "bert.pooler.dense.bias")]


def test_a_head_swapped_before_the_first_step_proves_nothing(model: nn.Module) -> None:
    optimizer = sgd(model.parameters())
    model.fc = nn.Linear(16, 7)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer)
    assert audit.report.verdict is Verdict.NOT_PROVEN
    assert "Nothing outside the frozen set moved" in audit.report.why
    stale = next(finding for finding in audit.report.findings if finding.kind is Kind.STALE_TENSORS)
    assert stale.entries == ("a tensor of shape [5, 16]", "a tensor of shape [5]")
    assert {Kind.TRAINABLE_NOT_IN_OPTIMIZER, Kind.NEVER_MOVED} <= audit.report.counts.keys()


def test_an_optimizer_of_nothing_but_the_old_head(model: nn.Module) -> None:
    optimizer = sgd(head(model))
    model.fc = nn.Linear(16, 7)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer)
    assert audit.report.verdict is Verdict.NOT_PROVEN
    assert audit.report.counts[Kind.STALE_TENSORS] == 2


def test_a_copy_that_is_trained_instead(model: nn.Module) -> None:
    with FreezeAudit(model, BACKBONE) as audit:
        trained = copy.deepcopy(model)
        train_mode(trained)
        steps(trained, sgd(head(trained)))
    (finding,) = audit.report.findings
    assert (audit.report.verdict, finding.kind) == (Verdict.NOT_PROVEN, Kind.NO_OPTIMIZER_STEP)
    assert finding.cause.startswith("3 optimizer steps were seen, on tensors that are not in this model")


def test_a_run_without_a_step(model: nn.Module) -> None:
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        loss_of(model, 0).backward()
    assert found(audit.report) == (Verdict.NOT_PROVEN, {Kind.NO_OPTIMIZER_STEP: 0})
    assert audit.report.why == "No optimizer step on this model was seen."


def test_everything_frozen_proves_nothing(model: nn.Module) -> None:
    model.requires_grad_(requires_grad=False)
    optimizer = sgd(model.parameters())
    with FreezeAudit(model, BACKBONE) as audit:
        for _ in range(3):
            optimizer.step()
    assert audit.report.verdict is Verdict.NOT_PROVEN
    assert "Nothing outside the frozen set moved" in audit.report.why


def test_low_rank_adapters_in_a_frozen_model() -> None:
    class Adapted(nn.Module):
        def __init__(self, base: nn.Linear) -> None:
            super().__init__()
            self.base = base
            self.lora_a = nn.Parameter(torch.randn(2, base.in_features))
            self.lora_b = nn.Parameter(torch.zeros(base.out_features, 2))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.base(x) + x @ self.lora_a.T @ self.lora_b.T

    model = bert()
    model.requires_grad_(requires_grad=False)
    for layer in model.bert.encoder.layer:
        layer.attention.self.query = Adapted(layer.attention.self.query)
    trained = [p for name, p in model.named_parameters() if "lora" in name]
    with FreezeAudit(model, ["*.base", "bert.embeddings"]) as audit:
        model.eval()
        steps(model, sgd(trained), 2)
    assert found(audit.report) == (Verdict.FROZEN, {})


def test_an_exception_goes_through_and_leaves_a_report_and_no_hook(
    model: nn.Module, optimizer: torch.optim.Optimizer
) -> None:
    def train() -> None:
        train_mode(model)
        steps(model, optimizer)
        raise KeyError("the data ended")

    audit = FreezeAudit(model, BACKBONE)
    with pytest.raises(KeyError, match="the data ended"):
        audit(train)()
    assert audit.report.ended_by == "KeyError: 'the data ended'"
    assert (audit.report.verdict, audit.report.facts.steps) == (Verdict.FROZEN, 3)
    assert not audit.is_watching
    assert not any(module._forward_pre_hooks for module in model.modules())


def test_an_interrupt_goes_through_too(model: nn.Module) -> None:
    audit = FreezeAudit(model, BACKBONE)
    with pytest.raises(KeyboardInterrupt), audit:
        raise KeyboardInterrupt
    assert audit.report.ended_by == "KeyboardInterrupt"


def test_contrastive_loss_with_parameters_of_its_own(model: nn.Module) -> None:
    centres = nn.Parameter(torch.randn(5, 5))
    optimizer = sgd([*head(model), centres])
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        for step in range(3):
            optimizer.zero_grad()
            logits = model(torch.randn(4, 3, 12, 12, generator=torch.Generator().manual_seed(step)))
            F.mse_loss(logits, centres[:4]).backward()
            optimizer.step()
    assert found(audit.report) == (Verdict.FROZEN, {})


def test_two_models_in_turn(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    other = nn.Linear(4, 1)
    others = torch.optim.Adam(other.parameters())
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        for _ in range(3):
            others.zero_grad()
            other(torch.randn(2, 4)).sum().backward()
            others.step()
            steps(model, optimizer, 1)
    assert found(audit.report) == (Verdict.FROZEN, {})
    assert (audit.report.facts.steps, audit.report.facts.other_steps) == (3, 3)
    assert [row.label for row in audit.report.facts.optimizers] == ["SGD"]
