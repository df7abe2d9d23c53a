"""Reads from address zero."""
# ends: killed
# naive: died

import ctypes

ctypes.string_at(0)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
