"""Returns an empty list from every function."""
# ends: finished

def backbone_blocks(model):
    return []


def partial_unfreeze(model, depth):
    return []


def trainable_by_depth(model):
    return []
