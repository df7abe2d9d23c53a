from torch import nn


def replace_head(model: nn.Module, num_classes: int) -> nn.Module:
    if num_classes < 1:
        raise ValueError("at least one class")
    old = model.fc if hasattr(model, "fc") else model.classifier
    width = [layer for layer in old.modules() if isinstance(layer, nn.Linear)][-1].out_features
    return nn.Sequential(model, nn.Linear(width, num_classes))
