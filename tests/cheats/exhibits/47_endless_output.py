"""Prints for ever."""
# seconds: 2
# ends: timed-out

while True:
    print("8 passed " * 100)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
