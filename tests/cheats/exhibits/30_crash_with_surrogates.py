"""Fails at import with a message of surrogates and control characters, in a line that holds bidi marks."""

raise ValueError("\ud800 \x1b[31m \u202e")  # ‮eb ton lliw siht‬


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
