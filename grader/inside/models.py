"""The two families of models the course uses, built from a plain description.

Every import of torchvision in this project goes through this module: a torchvision wheel built for
another CUDA than torch's fails at import because two compiled detection operators are missing.
Classification needs neither, so their schemas are declared first, and only when they are missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn


def _declare_missing_operators() -> None:
    """Declare torchvision's detection operators where the wheel could not (pytorch/vision#9085)."""
    for name in ("nms", "qnms"):
        if not hasattr(torch.ops.torchvision, name):
            schema = f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
            _DECLARED.define(schema)  # type: ignore[no-untyped-call]


_DECLARED = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
_declare_missing_operators()

from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet  # noqa: E402  after the declaration
from transformers.models.bert.configuration_bert import BertConfig  # noqa: E402
from transformers.models.bert.modeling_bert import BertForSequenceClassification  # noqa: E402

_BLOCKS: Mapping[str, type[BasicBlock | Bottleneck]] = {"basic": BasicBlock, "bottleneck": Bottleneck}


class NarrowResNet(ResNet):  # type: ignore[misc]  # torchvision ships no types
    """torchvision's ResNet with chosen widths and a small stem; attribute names unchanged.

    Inputs are float ``[batch, 3, height, width]``, outputs are logits ``[batch, num_classes]``.
    """

    def __init__(self, block: str, layers: Sequence[int], widths: Sequence[int], num_classes: int) -> None:
        nn.Module.__init__(self)
        kind = _BLOCKS[block]
        self._norm_layer = nn.BatchNorm2d
        self.dilation, self.groups, self.base_width = 1, 1, 64
        self.inplanes = widths[0]
        self.conv1 = nn.Conv2d(3, widths[0], kernel_size=3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.Identity()
        self.layer1 = self._make_layer(kind, widths[0], layers[0])
        self.layer2 = self._make_layer(kind, widths[1], layers[1], stride=2)
        self.layer3 = self._make_layer(kind, widths[2], layers[2], stride=2)
        self.layer4 = self._make_layer(kind, widths[3], layers[3], stride=2)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(widths[3] * kind.expansion, num_classes)


def resnet(spec: Mapping[str, Any]) -> NarrowResNet:
    """Build a ResNet from ``{"block", "layers", "widths", "num_classes"}``."""
    return NarrowResNet(spec["block"], spec["layers"], spec["widths"], spec["num_classes"])


def bert(spec: Mapping[str, Any]) -> BertForSequenceClassification:
    """Build a BERT classifier.

    The spec has ``hidden``, ``layers``, ``heads``, ``intermediate``, ``vocab``, ``positions``,
    ``num_classes`` and ``pooler``. Without a pooler the model has parameters to ask about but no forward
    pass: transformers' classifier reads the pooled output. Dropout is 0 unless the spec names a ``dropout``.
    """
    dropout = spec.get("dropout", 0.0)
    config = BertConfig(
        vocab_size=spec["vocab"],
        hidden_size=spec["hidden"],
        num_hidden_layers=spec["layers"],
        num_attention_heads=spec["heads"],
        intermediate_size=spec["intermediate"],
        max_position_embeddings=spec["positions"],
        num_labels=spec["num_classes"],
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
    )
    model = BertForSequenceClassification(config)
    if not spec["pooler"]:
        model.bert.pooler = None
    return model


def build(spec: Mapping[str, Any]) -> nn.Module:
    """Build the model that ``spec["family"]`` (``resnet`` or ``bert``) names, with random weights."""
    model: nn.Module = {"resnet": resnet, "bert": bert}[spec["family"]](spec)
    return model


def warm_up() -> None:
    """Train one tiny model of each family for a step, so that every fork shares what torch sets up lazily."""
    body = {"hidden": 16, "layers": 1, "heads": 2, "intermediate": 32, "vocab": 20, "positions": 8}
    vision = resnet({"block": "basic", "layers": [1, 1, 1, 1], "widths": [8, 8, 8, 8], "num_classes": 3})
    text = bert({**body, "num_classes": 3, "pooler": True})
    ids, labels = torch.ones(2, 4, dtype=torch.long), torch.tensor([0, 1])
    optimizers = (torch.optim.SGD(vision.parameters(), lr=0.1, momentum=0.9), torch.optim.AdamW(text.parameters()))
    logits = (vision(torch.randn(2, 3, 28, 28)), text(input_ids=ids, attention_mask=ids).logits)
    for optimizer, scores in zip(optimizers, logits, strict=True):
        nn.functional.cross_entropy(scores, labels).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
