def freeze_backbone(model):
    """Set an attribute that no tensor reads."""
    for name, module in model.named_children():
        if name not in ("fc", "classifier"):
            module.requires_grad = False
    return model
