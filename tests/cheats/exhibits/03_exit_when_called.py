"""Raises SystemExit, KeyboardInterrupt and GeneratorExit when its functions are called."""
# ends: finished

def backbone_blocks(model):
    raise SystemExit(0)


def partial_unfreeze(model, depth):
    raise KeyboardInterrupt


def trainable_by_depth(model):
    raise GeneratorExit
