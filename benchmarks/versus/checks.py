"""The eight hidden checks as a peer runs them, in one process with the submission; plain functions for pytest.

``formats.py`` cuts this text for the peers that want it in another shape.
"""
# ruff: noqa: ANN001, ANN201, ANN204

import copy
import sys

import torch
from torch import nn

try:
    import torchvision  # noqa: F401
except RuntimeError:  # it was built for another CUDA and lacks operators: pytorch/vision#9085
    for half in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[half]
    OPERATORS = torch.library.Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        OPERATORS.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

from submission import freeze_backbone, make_param_groups, replace_head
from torchvision.models.resnet import BasicBlock, ResNet
from transformers.models.bert.configuration_bert import BertConfig
from transformers.models.bert.modeling_bert import BertForSequenceClassification


class SmallResNet(ResNet):
    """torchvision's ResNet with one block per stage and few channels."""

    def __init__(self):
        nn.Module.__init__(self)
        self._norm_layer, self.dilation, self.groups, self.base_width = nn.BatchNorm2d, 1, 1, 64
        self.inplanes = 8
        self.conv1 = nn.Conv2d(3, 8, kernel_size=3, stride=2, padding=1, bias=False)
        self.bn1, self.relu, self.maxpool = nn.BatchNorm2d(8), nn.ReLU(inplace=True), nn.Identity()
        self.layer1 = self._make_layer(BasicBlock, 8, 1)
        self.layer2 = self._make_layer(BasicBlock, 16, 1, stride=2)
        self.layer3 = self._make_layer(BasicBlock, 32, 1, stride=2)
        self.layer4 = self._make_layer(BasicBlock, 64, 1, stride=2)
        self.avgpool, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Linear(64, 10)


def resnet():
    """Return the same small ResNet every time."""
    torch.manual_seed(7)
    return SmallResNet()


def bert():
    """Return the same small BERT every time."""
    torch.manual_seed(7)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "vocab_size": 100, "max_position_embeddings": 64}
    dropout = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    return BertForSequenceClassification(
        BertConfig(num_hidden_layers=2, num_attention_heads=2, num_labels=4, **sizes, **dropout)
    )


def trained():
    """Take five steps with a frozen backbone; return the state before and after them."""
    model = replace_head(resnet(), 5).train()
    freeze_backbone(model)
    before = copy.deepcopy(model.state_dict())
    optimizer = torch.optim.SGD(make_param_groups(model, 0.1, 0.01))
    generator = torch.Generator().manual_seed(7)
    for _ in range(5):
        pictures, labels = torch.randn(8, 3, 32, 32, generator=generator), torch.arange(8) % 5
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(pictures), labels).backward()
        optimizer.step()
    return before, model.state_dict()


def live(model):
    """Return the names of the parameters that learn."""
    return {name for name, parameter in model.named_parameters() if parameter.requires_grad}


def test_head_has_a_row_per_class():
    """The new head has a row for each class and takes the old one's features."""
    assert replace_head(resnet(), 5).fc.weight.shape == (5, 64), "the head has another shape"


def test_one_score_per_class():
    """The model gives one score per class."""
    assert replace_head(resnet(), 5)(torch.zeros(2, 3, 32, 32)).shape == (2, 5), "the scores have another shape"


def test_groups_hold_every_parameter_once():
    """Head and backbone have their own rates, and every parameter is in one group."""
    model = replace_head(resnet(), 5)
    groups = torch.optim.SGD(make_param_groups(model, 0.1, 0.01)).param_groups
    rates = {id(parameter): group["lr"] for group in groups for parameter in group["params"]}
    wrong = [name for name, p in model.named_parameters() if rates.get(id(p)) != (0.1 if "fc." in name else 0.01)]
    assert not wrong, "some parameters have another rate, or none"
    assert sum(len(group["params"]) for group in groups) == len(rates), "some parameters are in two groups"


def test_only_the_head_learns():
    """Only the head requires grad."""
    assert live(freeze_backbone(replace_head(resnet(), 5))) == {"fc.weight", "fc.bias"}, "other parameters learn"


def test_frozen_weights_keep_every_bit():
    """Training leaves the backbone's weights as they were."""
    before, after = trained()
    frozen = [name for name, _ in resnet().named_parameters() if not name.startswith("fc.")]
    assert all(torch.equal(before[name], after[name]) for name in frozen), "training moved the frozen weights"


def test_the_head_moves():
    """Training moves the head."""
    before, after = trained()
    assert not torch.equal(before["fc.weight"], after["fc.weight"]), "the model ran, but its head learned nothing"


def test_statistics_stand_still():
    """Training leaves the backbone's statistics as they were."""
    before, after = trained()
    kept = [torch.equal(before[name], after[name]) for name, _ in resnet().named_buffers()]
    assert all(kept), "training moved the statistics of the frozen backbone"


def test_the_same_on_a_bert():
    """On a BERT, too, the head alone learns, and it gives one score per class."""
    model = freeze_backbone(replace_head(bert(), 3))
    assert model(input_ids=torch.zeros(2, 7, dtype=torch.long)).logits.shape == (2, 3), "the scores have another shape"
    assert live(model) == {"classifier.weight", "classifier.bias"}, "other parameters of the BERT learn"
    torch.optim.SGD(make_param_groups(model, 0.1, 0.01))
