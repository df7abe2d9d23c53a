def freeze_backbone(model):
    """Never come back."""
    while True:
        pass
