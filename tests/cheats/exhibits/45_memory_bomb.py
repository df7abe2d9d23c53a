"""Takes all the memory there is, in bytes, in tensors and in small objects, and catches the refusal."""
# seconds: 6

import torch

hoard = []


def take(what, deed, pieces):
    try:
        for _ in range(pieces):
            hoard.append(deed())
    except BaseException as error:
        print("stopped", what, type(error).__name__)
        hoard.clear()
    else:
        print("GOT", what)


take("bytes", lambda: bytearray(256 << 20), 24)
take("tensors", lambda: torch.ones(64 << 20), 24)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
