"""Returns values that break the observer while it reads them."""

class Trap(list):
    def __iter__(self):
        raise RuntimeError("no")


class Index:
    def __index__(self):
        raise ValueError("no")


def backbone_blocks(model):
    return Trap()


def partial_unfreeze(model, depth):
    return Index()


def trainable_by_depth(model):
    return [10**5000]
