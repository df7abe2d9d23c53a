"""Returns twenty thousand empty blocks and a table, so that every depth of its own blocks must be added up."""

def backbone_blocks(model):
    return [[]] * 20_000


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    model.requires_grad_(False)
    return [0] * 20_000
