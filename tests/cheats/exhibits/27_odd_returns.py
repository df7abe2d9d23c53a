"""Returns NaN, infinities, numbers as keys, bytes, sets, generators, itself."""
# ends: finished

def backbone_blocks(model):
    loop = []
    loop.append(loop)
    return loop


def partial_unfreeze(model, depth):
    odd = [float("nan"), {1: float("inf")}, b"bytes", {("a", 1)}, (n for n in "ab"), partial_unfreeze, 1j, None, ...]
    return odd[depth % len(odd)]


def trainable_by_depth(model):
    return iter([1, 2, 3])
