"""What is declared frozen: names, globs, the rest of a head, a depth."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from grader.audit import FreezeAudit, everything_but, frozen_at
from grader.inside import models
from tests.audit.runs import BACKBONE, bert, resnet


def frozen(model: nn.Module, *patterns: str) -> set[str]:
    """Names of the parameters and buffers that an audit takes for frozen."""
    with FreezeAudit(model, patterns) as audit:
        pass
    return {row.name for row in audit.report.facts.entries if row.frozen}


def below(model: nn.Module, *prefixes: str) -> set[str]:
    names = [*dict(model.named_parameters()), *dict(model.named_buffers())]
    return {name for name in names if any(f"{name}.".startswith(f"{prefix}.") for prefix in prefixes)}


@pytest.mark.parametrize(
    ("patterns", "prefixes"),
    [
        (BACKBONE, BACKBONE),
        (("layer1",), ("layer1",)),
        (("layer1.0.conv1.weight",), ("layer1.0.conv1.weight",)),
        (("layer[12]",), ("layer1", "layer2")),
        (("layer*",), ("layer1", "layer2", "layer3", "layer4")),
        (("layer4.*.bn?",), ("layer4.0.bn1", "layer4.0.bn2")),
        (("bn1", "*.bn1"), ("bn1", *(f"layer{n}.0.bn1" for n in (1, 2, 3, 4)))),
        (("bn1.running_mean",), ("bn1.running_mean",)),
    ],
)
def test_names_and_globs(patterns: tuple[str, ...], prefixes: tuple[str, ...]) -> None:
    model = resnet()
    assert frozen(model, *patterns) == below(model, *prefixes)


def test_a_name_is_not_a_prefix_of_another() -> None:
    body = {"hidden": 8, "layers": 12, "heads": 2, "intermediate": 8, "vocab": 20, "positions": 8}
    model = models.bert({**body, "num_classes": 2, "pooler": True})
    assert len(frozen(model, "bert.encoder.layer.1")) == 16


def test_one_string_is_one_name() -> None:
    model = resnet()
    with FreezeAudit(model, "conv1") as audit:
        pass
    assert audit.report.declared == ("conv1",)


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        (["layr1"], "Nothing in the model is called 'layr1'. It has layer1"),
        (["conv1", "head.*"], r"Nothing in the model is called 'head.\*'. It has avgpool, bn1"),
        ([], "Nothing is declared frozen"),
    ],
)
def test_what_is_not_there_is_said_before_the_run(patterns: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said), FreezeAudit(resnet(), patterns):
        pytest.fail("the run began")


def test_everything_but_the_head() -> None:
    model = bert()
    assert frozen(model, *everything_but(model, "classifier")) == below(model, "bert")
    with pytest.raises(ValueError, match="'classifer'"):
        everything_but(model, "classifer")


def test_dropout_follows_its_parent_when_tensors_are_declared_by_name() -> None:
    model = bert()
    with FreezeAudit(model, everything_but(model, "classifier")) as audit:
        pass
    rows = {row.name for row in audit.report.facts.modules}
    assert "bert.embeddings.dropout" in rows
    assert "dropout" not in rows


def test_dropout_beside_the_frozen_part_can_be_declared() -> None:
    with FreezeAudit(bert(), ["bert", "dropout"]) as audit:
        pass
    assert "dropout" in {row.name for row in audit.report.facts.modules}


def test_the_depths_of_a_resnet() -> None:
    model = resnet()
    assert [len(frozen_at(model, depth)) for depth in range(6)] == [6, 5, 4, 3, 2, 0]
    assert frozen_at(model, 1) == ("conv1", "bn1", "layer1", "layer2", "layer3")
    assert frozen_at(model, 4) == ("conv1", "bn1")


def test_the_depths_of_a_bert() -> None:
    model = bert()
    layers = tuple(f"bert.encoder.layer.{n}" for n in range(3))
    assert frozen_at(model, 0) == ("bert.embeddings", *layers, "bert.pooler")
    assert frozen_at(model, 1) == ("bert.embeddings", *layers[:2])
    assert frozen_at(model, 3) == ("bert.embeddings",)
    assert frozen_at(model, 4) == ()
    assert frozen(model, *frozen_at(model, 0)) == below(model, "bert")


def test_a_missing_pooler_is_in_no_block() -> None:
    model = bert()
    model.bert.pooler = None
    assert frozen_at(model, 0)[-1] == "bert.encoder.layer.2"
    assert frozen(model, *frozen_at(model, 0)) == below(model, "bert")


def distilbert() -> nn.Module:
    body = {"hidden": 8, "layers": 2, "heads": 2, "intermediate": 8, "vocab": 20, "positions": 8}
    return models.distilbert({**body, "num_classes": 2})


def gpt() -> nn.Module:
    from transformers import GPT2Config, GPT2ForSequenceClassification  # after torchvision was made importable

    return GPT2ForSequenceClassification(GPT2Config(vocab_size=20, n_embd=8, n_layer=2, n_head=2))


def vit() -> nn.Module:
    from transformers import ViTConfig, ViTForImageClassification

    body = {"hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 8}
    return ViTForImageClassification(ViTConfig(**body))


@pytest.mark.parametrize(
    ("build", "heads"), [(distilbert, ("pre_classifier", "classifier")), (gpt, ("score",)), (vit, ("classifier",))]
)
def test_the_depths_of_other_transformers(build: Callable[[], nn.Module], heads: tuple[str, ...]) -> None:
    model = build()
    at = [frozen(model, *names) if (names := frozen_at(model, depth)) else set() for depth in range(4)]
    assert at[0] == frozen(model, *everything_but(model, *heads))
    assert at[0] > at[1] > at[2] > at[3] == set()


def test_depths_are_seen_through_wrappers() -> None:
    assert frozen_at(torch.compile(resnet(), backend="eager"), 2) == frozen_at(resnet(), 2)


@pytest.mark.parametrize("depth", [-1, 6])
def test_a_depth_that_does_not_exist(depth: int) -> None:
    with pytest.raises(ValueError, match=f"depths 0 to 5, not {depth}"):
        frozen_at(resnet(), depth)


def test_blocks_that_are_not_known() -> None:
    with pytest.raises(ValueError, match="blocks of Sequential are not known"):
        frozen_at(nn.Sequential(nn.Linear(2, 2)), 0)
