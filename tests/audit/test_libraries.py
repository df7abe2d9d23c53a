"""How libraries freeze: the real ones where they are installed, and what they do spelled out where not.

timm, Lightning, accelerate (which transformers' Trainer needs) and fastai are no dependencies of the project.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.modules.batchnorm import _BatchNorm
from torch.utils.data import DataLoader, TensorDataset

from grader.audit import FreezeAudit, Kind, Report, Verdict
from tests.audit.runs import bert, freeze, head, resnet, sgd, steps

BODY = "backbone"
PICTURES = TensorDataset(torch.randn(12, 3, 12, 12, generator=torch.Generator().manual_seed(1)), torch.arange(12) % 5)


class Split(nn.Module):
    """A backbone and a head, as Lightning wants it."""

    def __init__(self) -> None:
        super().__init__()
        self.backbone = resnet()
        self.backbone.fc = nn.Identity()
        self.head = nn.Linear(16, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.backbone(x))


def trained(model: nn.Module) -> Report:
    """Train as a library would: everything in training mode, every parameter that requires grad."""
    with FreezeAudit(model, BODY) as audit:
        model.train()
        steps(model, sgd(head(model)))
    return audit.report


TRAINED_NORM = {
    Kind.FROZEN_WEIGHT_MOVED: 24,
    Kind.FROZEN_BUFFER_MOVED: 36,
    Kind.RAN_IN_TRAIN_MODE: 12,
    Kind.FROZEN_PARAM_REQUIRES_GRAD: 24,
    Kind.FROZEN_PARAM_IN_OPTIMIZER: 24,
}


class TestSpelledOut:
    """What the libraries do to a model, step by step."""

    def test_fastai_leaves_normalisation_trainable_in_a_frozen_body(self) -> None:
        model = Split()
        model.backbone.requires_grad_(requires_grad=False)
        for module in model.backbone.modules():
            if isinstance(module, _BatchNorm):  # train_bn=True is fastai's default
                module.requires_grad_(requires_grad=True)
        report = trained(model)
        assert (report.verdict, report.counts) == (Verdict.NOT_FROZEN, TRAINED_NORM)

    def test_lightnings_freeze_stops_the_tracking_and_not_the_batch(self) -> None:
        model = Split()
        for module in model.backbone.modules():
            if isinstance(module, _BatchNorm):
                module.track_running_stats = False
            for parameter in module.parameters(recurse=False):
                parameter.requires_grad = False
        report = trained(model)
        assert (report.verdict, report.counts) == (Verdict.NOT_FROZEN, {Kind.RAN_IN_TRAIN_MODE: 12})
        assert not any(row.moved for row in report.facts.entries if row.frozen)

    def test_timm_turns_normalisation_into_buffers(self) -> None:
        class FrozenBatchNorm2d(nn.Module):
            def __init__(self, norm: _BatchNorm) -> None:
                super().__init__()
                for name in ("weight", "bias", "running_mean", "running_var"):
                    self.register_buffer(name, getattr(norm, name).detach().clone())

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias)

        model = Split()
        model.backbone.requires_grad_(requires_grad=False)
        for name, module in list(model.backbone.named_modules()):
            if isinstance(module, _BatchNorm):
                parent = model.backbone.get_submodule(name.rpartition(".")[0])
                setattr(parent, name.rpartition(".")[2], FrozenBatchNorm2d(module))
        report = trained(model)
        assert (report.verdict, report.findings) == (Verdict.FROZEN, ())


class TestTimm:
    """timm's own helper."""

    def test_its_freeze_freezes(self) -> None:
        timm = pytest.importorskip("timm")
        model = timm.create_model("resnet10t", num_classes=5)
        names = ["conv1", "bn1", "layer1", "layer2", "layer3", "layer4"]
        timm.utils.freeze(model, names)
        with FreezeAudit(model, names) as audit:
            model.train()
            steps_of_pictures(model, sgd(head(model)))
        assert (audit.report.verdict, audit.report.findings) == (Verdict.FROZEN, ())

    def test_its_freeze_inside_the_run_takes_a_buffer_away(self) -> None:
        timm = pytest.importorskip("timm")
        model = timm.create_model("resnet10t", num_classes=5)
        with FreezeAudit(model, "layer1") as audit:
            timm.utils.freeze(model, ["layer1"])
            model.train()
            steps_of_pictures(model, sgd(head(model)))
        (finding,) = audit.report.findings
        assert (audit.report.verdict, finding.kind) == (Verdict.NOT_PROVEN, Kind.NOT_COMPARABLE)
        assert {name.rpartition(".")[2] for name in finding.entries} == {"num_batches_tracked"}

    def test_stochastic_depth_in_a_frozen_transformer(self) -> None:
        timm = pytest.importorskip("timm")
        model = timm.create_model(
            "vit_tiny_patch16_224", img_size=32, num_classes=5, depth=2, drop_path_rate=0.2, attn_drop_rate=0.1
        )
        freeze(model, ("head",))
        with FreezeAudit(model, ["blocks", "patch_embed", "cls_token", "pos_embed", "norm"]) as audit:
            model.train()
            steps_of_pictures(model, sgd(head(model)), size=32)
        (finding,) = audit.report.findings
        assert (audit.report.verdict, finding.kind) == (Verdict.NOT_FROZEN, Kind.RAN_IN_TRAIN_MODE)
        assert set(finding.entries) == {
            "blocks.0.attn.attn_drop",
            "blocks.1.attn.attn_drop",
            "blocks.1.drop_path1",
            "blocks.1.drop_path2",
        }


def steps_of_pictures(model: nn.Module, optimizer: torch.optim.Optimizer, size: int = 64) -> None:
    for step in range(2):
        optimizer.zero_grad()
        pictures = torch.randn(3, 3, size, size, generator=torch.Generator().manual_seed(step))
        F.cross_entropy(model(pictures), torch.arange(3)).backward()
        optimizer.step()


@pytest.mark.filterwarnings("ignore")
class TestLightning:
    """Lightning's finetuning callbacks, seen from its Trainer."""

    def fit(self, callback: str, *, mode: str = "train", fails: bool = False, **options: bool) -> FreezeAudit:
        """Fit three epochs with one of Lightning's callbacks and the audit's."""
        lightning = pytest.importorskip("lightning.pytorch")
        from lightning.pytorch.callbacks import BackboneFinetuning, BaseFinetuning

        from grader.audit.lightning_callback import FreezeAuditCallback

        class Module(lightning.LightningModule):
            def __init__(self) -> None:
                super().__init__()
                self.backbone, self.head = Split().backbone, nn.Linear(16, 5)

            def on_train_epoch_start(self) -> None:
                if mode == "frozen":
                    self.backbone.eval()

            def training_step(self, batch: list[torch.Tensor]) -> torch.Tensor:
                if fails:
                    raise RuntimeError("no batch like this")
                return F.cross_entropy(self.head(self.backbone(batch[0])), batch[1])

            def configure_optimizers(self) -> torch.optim.Optimizer:
                return sgd(head(self))

        class Freeze(BaseFinetuning):
            def freeze_before_training(self, pl_module: nn.Module) -> None:
                self.freeze(pl_module.backbone, **options)

            def finetune_function(self, *_unused: object) -> None:
                pass

        module = Module()
        finetuning = Freeze() if callback == "freeze" else BackboneFinetuning(unfreeze_backbone_at_epoch=9, **options)
        audit = FreezeAudit(module, BODY)
        trainer = lightning.Trainer(
            max_epochs=3,
            accelerator="cpu",
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            callbacks=[finetuning, FreezeAuditCallback(audit)],
        )
        if fails:
            with pytest.raises(RuntimeError, match="no batch like this"):
                trainer.fit(module, DataLoader(PICTURES, batch_size=4))
        else:
            trainer.fit(module, DataLoader(PICTURES, batch_size=4))
        return audit

    def test_backbone_finetuning_ignores_its_train_bn(self) -> None:
        report = self.fit("BackboneFinetuning", train_bn=False).report
        assert (report.verdict, report.counts) == (Verdict.NOT_FROZEN, TRAINED_NORM)
        assert report.facts.steps == 9

    def test_freeze_without_normalisation_still_uses_the_batch(self) -> None:
        report = self.fit("freeze", train_bn=False).report
        assert (report.verdict, report.counts) == (Verdict.NOT_FROZEN, {Kind.RAN_IN_TRAIN_MODE: 12})

    def test_a_backbone_in_inference_mode_is_frozen(self) -> None:
        report = self.fit("freeze", mode="frozen", train_bn=False).report
        assert (report.verdict, report.findings) == (Verdict.FROZEN, ())

    def test_a_run_that_fails_is_reported(self) -> None:
        audit = self.fit("freeze", fails=True, train_bn=False)
        assert audit.report.ended_by == "RuntimeError: no batch like this"
        assert audit.report.verdict is Verdict.NOT_PROVEN


@pytest.mark.filterwarnings("ignore")
class TestTrainer:
    """transformers' Trainer, which calls ``model.train()`` at every step."""

    def trainer(self, model: nn.Module, folder: Path, *callbacks: object, steps: int = 3) -> object:
        pytest.importorskip("accelerate")
        from transformers import Trainer, TrainingArguments

        rows = [
            {"input_ids": torch.arange(6) + row, "attention_mask": torch.ones(6, dtype=torch.long), "labels": row % 3}
            for row in range(12)
        ]
        arguments = TrainingArguments(
            output_dir=str(folder),
            max_steps=steps,
            per_device_train_batch_size=4,
            gradient_accumulation_steps=2,
            save_strategy="steps",
            save_steps=2,
            report_to=[],
            use_cpu=True,
            disable_tqdm=True,
            logging_strategy="no",
            weight_decay=0.1,
        )
        return Trainer(model=model, args=arguments, train_dataset=rows, callbacks=list(callbacks))

    def test_a_frozen_base_has_live_dropout(self, tmp_path: Path) -> None:
        model = bert()
        freeze(model)
        with FreezeAudit(model, "bert") as audit:
            self.trainer(model, tmp_path).train()
        assert (audit.report.verdict, audit.report.counts) == (Verdict.NOT_FROZEN, {Kind.RAN_IN_TRAIN_MODE: 7})
        assert audit.report.facts.steps == 3

    def test_a_frozen_base_without_dropout_is_frozen_also_when_resumed(self, tmp_path: Path) -> None:
        from grader.audit.trainer_callback import FreezeAuditCallback

        model = bert(dropout=0.0)
        freeze(model)
        audit = FreezeAudit(model, "bert")
        self.trainer(model, tmp_path, FreezeAuditCallback(audit)).train()
        assert (audit.report.verdict, audit.report.findings) == (Verdict.FROZEN, ())
        self.trainer(model, tmp_path, FreezeAuditCallback(audit), steps=5).train(resume_from_checkpoint=True)
        assert (audit.report.verdict, audit.report.findings) == (Verdict.FROZEN, ())
        assert audit.report.facts.steps == 2

    def test_the_callback_begins_anew_after_a_run_that_failed(self, tmp_path: Path) -> None:
        from grader.audit.trainer_callback import FreezeAuditCallback

        model = bert(dropout=0.0)
        freeze(model)
        audit = FreezeAudit(model, "bert")
        trainer = self.trainer(model, tmp_path, FreezeAuditCallback(audit))
        rows, trainer.train_dataset = trainer.train_dataset, [{"nothing": 1}] * 12
        with pytest.raises(ValueError, match="batch received was empty"):
            trainer.train()
        trainer.train_dataset = rows
        trainer.train()
        assert (audit.report.verdict, audit.report.facts.steps) == (Verdict.FROZEN, 3)


@pytest.mark.filterwarnings("ignore")
class TestFastai:
    """fastai's Learner."""

    def fit(self, *, torchs: bool, train_bn: bool = True) -> Report:
        pytest.importorskip("fastai")
        from fastai.callback.training import BnFreeze
        from fastai.data.core import DataLoaders
        from fastai.learner import Learner
        from fastai.optimizer import Adam, OptimWrapper

        loader = DataLoader(PICTURES, batch_size=4)
        model = Split()
        learner = Learner(
            DataLoaders(loader, loader),
            model,
            loss_func=nn.CrossEntropyLoss(),
            opt_func=partial(OptimWrapper, opt=torch.optim.SGD) if torchs else Adam,
            splitter=lambda model: [list(model.backbone.parameters()), list(model.head.parameters())],
            train_bn=train_bn,
            cbs=[] if train_bn else [BnFreeze],
        )
        learner.logger = lambda _row: None
        learner.freeze()
        with FreezeAudit(model, BODY) as audit:
            learner.fit(2)
        return audit.report

    def test_a_frozen_body_trains_its_normalisation(self) -> None:
        report = self.fit(torchs=True)
        assert report.verdict is Verdict.NOT_FROZEN
        assert {kind: report.counts[kind] for kind in list(TRAINED_NORM)[:3]} == dict(list(TRAINED_NORM.items())[:3])

    def test_without_it_the_body_is_frozen(self) -> None:
        report = self.fit(torchs=True, train_bn=False)
        assert (report.verdict, report.counts) == (Verdict.FROZEN, {Kind.FROZEN_PARAM_IN_OPTIMIZER: 36})

    def test_its_own_optimizers_are_not_seen(self) -> None:
        report = self.fit(torchs=False, train_bn=False)
        assert (report.verdict, report.facts.steps) == (Verdict.NOT_PROVEN, 0)
        assert report.counts == {Kind.NO_OPTIMIZER_STEP: 0, Kind.UNSEEN_OPTIMIZER: 2}
