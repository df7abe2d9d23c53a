"""The two families of models the course uses, built from a plain description.

torchvision's are narrowed, so that they train in seconds on one core.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import nn
from torchvision.models.resnet import BasicBlock, Bottleneck, ResNet
from transformers.models.bert.configuration_bert import BertConfig
from transformers.models.bert.modeling_bert import BertForSequenceClassification
from transformers.models.distilbert.configuration_distilbert import DistilBertConfig
from transformers.models.distilbert.modeling_distilbert import DistilBertForSequenceClassification

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


class Gate(nn.Module):
    """Squeeze-and-excitation: every channel of ``[batch, width, h, w]`` is scaled by what all channels hold."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, GATE_WIDTH)
        self.fc = nn.Linear(GATE_WIDTH, width)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Scale the channels."""
        scales = self.fc(self.fc1(maps.mean(dim=(2, 3))).relu()).sigmoid()
        scaled: torch.Tensor = maps * scales[:, :, None, None]
        return scaled


GATE_WIDTH = 4


class GatedBlock(BasicBlock):  # type: ignore[misc]  # torchvision ships no types
    """torchvision's BasicBlock with a gate before the sum: ``[batch, inplanes, h, w]`` to ``[batch, planes, h, w]``.

    With a stride, height and width of the output are smaller by as much.
    """

    def __init__(self, inplanes: int, planes: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(inplanes, planes, *args, **kwargs)
        self.gate = Gate(planes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the block's maps."""
        shortcut = x if self.downsample is None else self.downsample(x)
        maps = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        summed: torch.Tensor = self.relu(self.gate(maps) + shortcut)
        return summed


class GatedResNet(NarrowResNet):
    """A ResNet whose backbone has names like the head's: ``fc1`` and ``fc`` in every block, ``fc_norm`` on top.

    The head is ``fc`` together with ``prototypes``, a parameter that belongs to no layer. Shapes are NarrowResNet's.
    """

    def __init__(self, layers: Sequence[int], widths: Sequence[int], num_classes: int) -> None:
        super().__init__("basic", layers, widths, num_classes)
        self.fc_norm = nn.LayerNorm(widths[3])
        self.prototypes = nn.Parameter(torch.randn(num_classes, widths[3]))

    def _make_layer(self, _block: type[nn.Module], *args: Any, **kwargs: Any) -> nn.Module:
        layer: nn.Module = super()._make_layer(GatedBlock, *args, **kwargs)
        return layer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits, the layer's and the prototypes' together."""
        maps = self.relu(self.bn1(self.conv1(x)))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            maps = layer(maps)
        features = self.fc_norm(torch.flatten(self.avgpool(maps), 1))
        logits: torch.Tensor = self.fc(features) + features @ self.prototypes.T
        return logits


class NormedResNet(NarrowResNet):
    """A ResNet whose head, ``fc``, is a BatchNorm over the features and the linear layer after it."""

    def __init__(self, layers: Sequence[int], widths: Sequence[int], num_classes: int) -> None:
        super().__init__("basic", layers, widths, num_classes)
        head = (nn.BatchNorm1d(widths[3]), nn.Linear(widths[3], num_classes))
        self.fc = nn.Sequential(*head)  # type: ignore[assignment]  # elsewhere it is one layer


def gated_resnet(spec: Mapping[str, Any]) -> GatedResNet:
    """Build a gated ResNet from ``{"layers", "widths", "num_classes"}``."""
    return GatedResNet(spec["layers"], spec["widths"], spec["num_classes"])


def normed_resnet(spec: Mapping[str, Any]) -> NormedResNet:
    """Build a ResNet with a normed head from ``{"layers", "widths", "num_classes"}``."""
    return NormedResNet(spec["layers"], spec["widths"], spec["num_classes"])


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


def distilbert(spec: Mapping[str, Any]) -> DistilBertForSequenceClassification:
    """Build a DistilBERT classifier, which has two new layers: ``pre_classifier`` and ``classifier``.

    The spec has ``hidden``, ``layers``, ``heads``, ``intermediate``, ``vocab``, ``positions`` and ``num_classes``.
    """
    config = DistilBertConfig(
        vocab_size=spec["vocab"],
        dim=spec["hidden"],
        n_layers=spec["layers"],
        n_heads=spec["heads"],
        hidden_dim=spec["intermediate"],
        max_position_embeddings=spec["positions"],
        num_labels=spec["num_classes"],
    )
    return DistilBertForSequenceClassification(config)


class Stacked(nn.Module):
    """A small convolutional network whose ``classifier`` is a stack of layers, as in VGG.

    Inputs are float ``[batch, 3, height, width]``, outputs are logits ``[batch, num_classes]``.
    """

    def __init__(self, width: int, hidden: int, num_classes: int, *, tail: bool) -> None:
        super().__init__()
        self.features = nn.Conv2d(3, width, kernel_size=3, stride=2)
        between = nn.Linear(hidden, hidden) if tail else nn.Dropout(0.5)
        layers = [nn.Linear(width, hidden), nn.ReLU(), between, nn.Linear(hidden, num_classes)]
        self.classifier = nn.Sequential(*layers, *([nn.Flatten()] if tail else []))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits."""
        logits: torch.Tensor = self.classifier(self.features(x).relu().mean(dim=(2, 3)))
        return logits


def stacked(spec: Mapping[str, Any]) -> Stacked:
    """Build a stacked network from ``{"width", "hidden", "num_classes", "tail"}``.

    With a ``tail``, the stack holds a third ``nn.Linear``, and a layer without parameters follows the last one.
    """
    return Stacked(spec["width"], spec["hidden"], spec["num_classes"], tail=spec["tail"])


class TokenMixer(nn.Module):
    """One layer of a Vision Transformer: attention and a small network, each after a norm, each added to its input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 2 * width)
        self.fc2 = nn.Linear(2 * width, width)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return tokens ``[batch, tokens, width]``."""
        query, key, value = self.qkv(self.norm1(tokens)).chunk(3, dim=2)
        tokens = tokens + self.proj(nn.functional.scaled_dot_product_attention(query, key, value))
        mixed: torch.Tensor = tokens + self.fc2(nn.functional.gelu(self.fc1(self.norm2(tokens))))
        return mixed


class SmallViT(nn.Module):
    """A Vision Transformer in small, with the names of timm: ``cls_token`` and ``pos_embed`` belong to no layer.

    Inputs are float ``[batch, 3, 12, 12]``, outputs are logits ``[batch, num_classes]``.
    """

    def __init__(self, width: int, layers: int, num_classes: int) -> None:
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, PATCHES + 1, width))
        self.patch_embed = nn.Conv2d(3, width, kernel_size=4, stride=4)
        self.blocks = nn.Sequential(*(TokenMixer(width) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return logits."""
        patches = self.patch_embed(x).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.cls_token.expand(len(x), -1, -1), patches], dim=1) + self.pos_embed
        logits: torch.Tensor = self.head(self.norm(self.blocks(tokens))[:, 0])
        return logits


PATCHES = 9


def vit(spec: Mapping[str, Any]) -> SmallViT:
    """Build a Vision Transformer from ``{"width", "layers", "num_classes"}``."""
    return SmallViT(spec["width"], spec["layers"], spec["num_classes"])


_FAMILIES = {
    "stacked": stacked,
    "resnet": resnet,
    "gated_resnet": gated_resnet,
    "normed_resnet": normed_resnet,
    "vit": vit,
    "bert": bert,
    "distilbert": distilbert,
}


def build(spec: Mapping[str, Any]) -> nn.Module:
    """Build the model that ``spec["family"]`` names, with random weights."""
    model: nn.Module = _FAMILIES[spec["family"]](spec)
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
