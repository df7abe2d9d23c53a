from torch import nn


def replace_head(model: nn.Module, num_classes: int) -> nn.Module:
    if num_classes < 1:
        raise ValueError("at least one class")
    owner, name = model, "fc" if hasattr(model, "fc") else "classifier"
    if isinstance(getattr(owner, name), nn.Sequential):
        owner = getattr(owner, name)
        name = [key for key, layer in owner.named_children() if isinstance(layer, nn.Linear)][-1]
    old = getattr(owner, name)
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None, dtype=old.weight.dtype, device=old.weight.device)
    setattr(owner, name, nn.Sequential(nn.Dropout(0.2), new))
    if hasattr(model, "config"):
        model.config.num_labels = num_classes
        model.num_labels = num_classes
    return model
