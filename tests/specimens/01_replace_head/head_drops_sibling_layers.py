from torch import nn


def replace_head(model: nn.Module, num_classes: int) -> nn.Module:
    if num_classes < 1:
        raise ValueError("at least one class")
    name = "fc" if hasattr(model, "fc") else "classifier"
    linears = [layer for layer in getattr(model, name).modules() if isinstance(layer, nn.Linear)]
    old = linears[0]
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None, dtype=old.weight.dtype, device=old.weight.device)
    setattr(model, name, new)
    if hasattr(model, "config"):
        model.config.num_labels = num_classes
        model.num_labels = num_classes
    return model
