"""The audit sees through wrappers, and stands beside other audits, copies and odd models."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from torch import distributed, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.nn.parallel import DataParallel, DistributedDataParallel

from grader.audit import FreezeAudit, Kind, Report, Verdict
from tests.audit.runs import BACKBONE, bert, freeze, head, loss_of, resnet, sgd, steps, train_mode


@pytest.fixture
def one_process(tmp_path: Path) -> Iterator[None]:
    distributed.init_process_group("gloo", init_method=f"file://{tmp_path}/rendezvous", rank=0, world_size=1)
    yield
    distributed.destroy_process_group()


Run = Callable[[nn.Module], Report]


def sound(model: nn.Module) -> Report:
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, sgd(head(model)))
    return audit.report


def drifting(model: nn.Module) -> Report:
    with FreezeAudit(model, BACKBONE) as audit:
        model.train()
        steps(model, sgd(head(model)))
    return audit.report


def check(wrap: Callable[[nn.Module], nn.Module]) -> None:
    """A sound and a drifting run look the same inside the wrapper as without it."""
    for run in (sound, drifting):
        plain, wrapped = resnet(), resnet()
        freeze(plain)
        freeze(wrapped)
        expected, seen = run(plain), run(wrap(wrapped))
        assert (seen.verdict, seen.findings, seen.model) == (expected.verdict, expected.findings, "NarrowResNet")
        assert seen.facts == expected.facts


@pytest.mark.usefixtures("one_process")
def test_distributed_data_parallel() -> None:
    check(DistributedDataParallel)


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize("mode", [train_mode, nn.Module.train])
def test_fully_sharded_data_parallel(mode: Callable[[nn.Module], object]) -> None:
    model = resnet()
    freeze(model)
    for part in (model.layer1, model.layer2, model):
        fully_shard(part, mesh=init_device_mesh("cpu", (1,)))
    with FreezeAudit(model, BACKBONE) as audit:
        mode(model)
        steps(model, sgd(head(model)))
    drift = {Kind.FROZEN_BUFFER_MOVED: 36, Kind.RAN_IN_TRAIN_MODE: 12}
    assert audit.report.counts == ({} if mode is train_mode else drift)
    assert audit.report.verdict is (Verdict.FROZEN if mode is train_mode else Verdict.NOT_FROZEN)


def test_a_head_that_cannot_be_read_is_not_said_to_stand_still() -> None:
    model = resnet()
    freeze(model)
    with torch.device("meta"):
        model.fc = nn.Linear(16, 5)
    optimizer = sgd(head(model))
    with FreezeAudit(model, BACKBONE) as audit:
        optimizer.step()
    assert (audit.report.verdict, audit.report.findings) == (Verdict.NOT_PROVEN, ())


def test_data_parallel() -> None:
    check(DataParallel)


def test_compiled_inside_the_run() -> None:
    torch.compiler.reset()
    check(lambda model: torch.compile(model, backend="eager"))


def compile_in_place(model: nn.Module) -> nn.Module:
    model.compile(backend="eager")
    return model


def test_compiled_in_place() -> None:
    torch.compiler.reset()
    check(compile_in_place)


def test_compiled_code_is_seen_when_it_runs_and_not_only_at_steps() -> None:
    torch.compiler.reset()
    model = bert()
    freeze(model)
    compiled, optimizer, batch = (
        torch.compile(model, backend="eager"),
        sgd(head(model)),
        torch.ones(4, 6, dtype=torch.long),
    )
    with FreezeAudit(compiled, "bert") as audit:
        model.train()
        compiled(input_ids=batch, attention_mask=batch).logits.square().sum().backward()
        model.eval()
        optimizer.step()
    assert audit.report.counts == {Kind.RAN_IN_TRAIN_MODE: 7}


@pytest.mark.usefixtures("one_process")
def test_compiled_and_distributed() -> None:
    torch.compiler.reset()
    check(lambda model: torch.compile(DistributedDataParallel(model), backend="eager"))


def test_a_compiled_part_of_a_model() -> None:
    def wrap(model: nn.Module) -> nn.Module:
        model.layer2 = torch.compile(model.layer2, backend="eager")
        return model

    torch.compiler.reset()
    check(wrap)


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize("live", [True, False])
def test_a_model_that_was_compiled_and_run_before_the_audit(live: bool, in_place: bool) -> None:  # noqa: FBT001
    torch.compiler.reset()
    model = bert()
    freeze(model)
    mode = nn.Module.train if live else train_mode
    mode(model)
    compiled = compile_in_place(model) if in_place else torch.compile(model, backend="eager")
    batch = torch.ones(4, 6, dtype=torch.long)
    optimizer = sgd(head(model))

    def step() -> None:
        optimizer.zero_grad()
        compiled(input_ids=batch, attention_mask=batch).logits.square().sum().backward()
        optimizer.step()

    step()
    with FreezeAudit(compiled, "bert") as audit:
        for _ in range(3):
            step()
    expected = (Verdict.NOT_FROZEN, {Kind.RAN_IN_TRAIN_MODE: 7}) if live else (Verdict.FROZEN, {})
    assert (audit.report.verdict, audit.report.counts) == expected


def test_tied_weights_declared_under_one_name() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embedding, self.body = nn.Embedding(9, 4), nn.Linear(4, 4)
            self.decoder = nn.Linear(4, 9)
            self.decoder.weight = self.embedding.weight

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            return self.decoder(self.body(self.embedding(ids)))

    model = Tied()
    model.body.requires_grad_(requires_grad=False)
    with FreezeAudit(model, ["embedding", "body"]) as audit:
        optimizer = sgd(head(model))
        model(torch.arange(9)).square().sum().backward()
        optimizer.step()
    row = next(row for row in audit.report.facts.entries if row.name == "embedding.weight")
    moved = next(finding for finding in audit.report.findings if finding.kind is Kind.FROZEN_WEIGHT_MOVED)
    assert (row.aliases, row.is_tied, moved.entries) == (("decoder.weight",), True, ("embedding.weight",))
    assert "it learned under another" in moved.cause
    assert audit.report.counts[Kind.TIED] == 1

    model.embedding.weight.requires_grad_(requires_grad=False)
    with FreezeAudit(model, ["embedding", "body", "decoder.weight"]) as declared_in_full:
        optimizer = sgd(head(model))
        model(torch.arange(9)).square().sum().backward()
        optimizer.step()
    assert (declared_in_full.report.verdict, declared_in_full.report.findings) == (Verdict.FROZEN, ())


def test_two_names_in_one_module() -> None:
    model = nn.ModuleDict({"body": nn.Linear(4, 4), "head": nn.Linear(4, 2)})
    model["body"].again = model["body"].weight
    with FreezeAudit(model, "body") as audit:
        pass
    row = next(row for row in audit.report.facts.entries if row.name == "body.weight")
    assert (row.aliases, row.is_tied) == (("body.again",), False)


def test_a_module_shared_between_the_frozen_part_and_the_head() -> None:
    shared = nn.BatchNorm1d(4)
    model = nn.ModuleDict(
        {"body": nn.Sequential(nn.Linear(4, 4), shared), "head": nn.Sequential(shared, nn.Linear(4, 2))}
    )
    model["body"][0].requires_grad_(requires_grad=False)
    with FreezeAudit(model, "body") as audit:
        optimizer = sgd(head(model))
        model["head"](model["body"](torch.randn(5, 4))).sum().backward()
        optimizer.step()
    moved = next(finding for finding in audit.report.findings if finding.kind is Kind.FROZEN_WEIGHT_MOVED)
    assert moved.entries == ("body.1.weight", "body.1.bias")


def test_nested_audits_see_each_their_own() -> None:
    model, other = resnet(), bert()
    freeze(model)
    freeze(other)
    with FreezeAudit(model, BACKBONE) as outer:
        train_mode(model)
        steps(model, sgd(head(model)), 2)
        with FreezeAudit(other, "bert") as inner, FreezeAudit(model, "layer1") as same_model:
            other.train()
            steps(other, sgd(head(other)), 3)
            steps(model, sgd(head(model)), 1)
    assert (outer.report.verdict, outer.report.facts.steps, outer.report.facts.other_steps) == (Verdict.FROZEN, 3, 3)
    assert (inner.report.verdict, inner.report.facts.steps) == (Verdict.NOT_FROZEN, 3)
    assert (same_model.report.verdict, same_model.report.facts.steps) == (Verdict.FROZEN, 1)


def test_as_a_decorator_it_audits_every_call_anew() -> None:
    model = resnet()
    freeze(model)
    audit = FreezeAudit(model, BACKBONE)

    @audit
    def train(mode: Callable[[nn.Module], object]) -> str:
        mode(model)
        steps(model, sgd(head(model)))
        return "done"

    assert train(train_mode) == "done"
    assert audit.report.verdict is Verdict.FROZEN
    train(nn.Module.train)
    assert audit.report.verdict is Verdict.NOT_FROZEN
    train(train_mode)
    assert audit.report.verdict is Verdict.FROZEN


def test_there_is_no_report_before_the_end_and_no_second_run_inside() -> None:
    audit = FreezeAudit(resnet(), BACKBONE)
    with pytest.raises(RuntimeError, match="has not ended"):
        _ = audit.report
    with pytest.raises(RuntimeError, match="not watching"):
        audit.stop()
    with audit:
        with pytest.raises(RuntimeError, match="already watching"):
            audit.start()
        with pytest.raises(RuntimeError, match="has not ended"):
            _ = audit.report
    assert audit.report.verdict is Verdict.NOT_PROVEN


def test_weights_on_meta_prove_nothing_until_they_are_loaded() -> None:
    with torch.device("meta"):
        model = resnet()
    with FreezeAudit(model, BACKBONE) as audit:
        model.to_empty(device="cpu")
        model.load_state_dict(resnet().state_dict())
        freeze(model)
        train_mode(model)
        steps(model, sgd(head(model)))
    assert audit.report.verdict is Verdict.NOT_PROVEN
    assert audit.report.counts == {Kind.NOT_COMPARABLE: 72}
    assert audit.report.why == "72 frozen entries could not be compared."


def test_an_optimizer_that_never_saw_the_model_is_not_taken_for_its_own() -> None:
    model = resnet()
    with FreezeAudit(model, BACKBONE) as audit:
        steps(other := resnet(), sgd(other.parameters()))
    assert (audit.report.facts.steps, audit.report.facts.other_steps) == (0, 3)
    assert audit.report.facts.optimizers == ()


def test_a_copy_and_a_pickle_of_a_watched_model_are_whole() -> None:
    model = resnet()
    freeze(model)
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, sgd(head(model)))
        copied, restored = copy.deepcopy(model), pickle.loads(pickle.dumps(model))
        for other in (copied.train(), restored.train()):
            loss_of(other, 0).backward()
    assert (audit.report.verdict, audit.report.findings) == (Verdict.FROZEN, ())


def test_layers_that_are_put_in_during_the_run() -> None:
    model = resnet()
    freeze(model)
    optimizer = sgd(head(model))
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer, 2)
        model.layer1.append(nn.Sequential(nn.BatchNorm2d(8), nn.Dropout(0.5)))
        freeze(model)
        steps(model, optimizer, 2)
    assert audit.report.facts.new == tuple(
        f"layer1.1.0.{name}" for name in ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    )
    assert audit.report.counts == {Kind.RAN_IN_TRAIN_MODE: 2, Kind.NOT_COMPARABLE: 5}


def test_layers_that_are_taken_out_during_the_run() -> None:
    model = resnet()
    freeze(model)
    optimizer = sgd(head(model))
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer, 2)
        model.bn1 = nn.Identity()
        steps(model, optimizer, 2)
    assert audit.report.facts.gone == tuple(
        f"bn1.{name}" for name in ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    )
    assert (audit.report.verdict, audit.report.counts) == (Verdict.NOT_PROVEN, {Kind.NOT_COMPARABLE: 5})


def test_a_head_that_moves_to_another_name() -> None:
    model = resnet()
    freeze(model)
    optimizer = sgd(head(model))
    with FreezeAudit(model, BACKBONE) as audit:
        train_mode(model)
        steps(model, optimizer, 2)
        model.head, model.fc = model.fc, nn.Identity()
    assert audit.report.verdict is Verdict.FROZEN


def test_exact_fingerprints_give_the_same_verdicts() -> None:
    model = resnet()
    freeze(model)
    with FreezeAudit(model, BACKBONE, exact=True) as audit:
        model.train()
        steps(model, sgd(head(model)))
    assert audit.report.counts == {Kind.FROZEN_BUFFER_MOVED: 36, Kind.RAN_IN_TRAIN_MODE: 12}
    assert {len(row.before.partition(":")[2]) for row in audit.report.facts.entries} == {64}


def test_the_run_is_the_same_with_and_without_the_audit() -> None:
    plain, audited = bert(), bert()
    for model in (plain, audited):
        freeze(model)
        model.train()
    torch.manual_seed(8)
    steps(plain, sgd(head(plain)))
    torch.manual_seed(8)
    with FreezeAudit(audited, "bert"):
        steps(audited, sgd(head(audited)))
    for before, after in zip(plain.state_dict().values(), audited.state_dict().values(), strict=True):
        assert torch.equal(before, after)
