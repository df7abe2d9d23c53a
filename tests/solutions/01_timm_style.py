"""Exercise 01 as timm goes about it: find the classifier's path, and set a new layer there by name."""

from torch import nn


def classifier_path(model):
    top = next(name for name in ("fc", "classifier") if hasattr(model, name))
    inside = [name for name, layer in getattr(model, top).named_modules() if isinstance(layer, nn.Linear)]
    return ".".join(filter(None, (top, inside[-1])))


def create_classifier(old, num_classes):
    made = nn.Linear(old.in_features, num_classes, bias=old.bias is not None).to(old.weight)
    nn.init.normal_(made.weight, std=0.01)
    if made.bias is not None:
        nn.init.zeros_(made.bias)
    return made


def reset_classifier(model, num_classes):
    path = classifier_path(model)
    model.set_submodule(path, create_classifier(model.get_submodule(path), num_classes), strict=True)
    if hasattr(model, "config"):
        model.config.num_labels = model.num_labels = num_classes


def replace_head(model, num_classes):
    if num_classes <= 0:
        raise ValueError("timm would return features here; the contract says no")
    reset_classifier(model, num_classes)
    return model
