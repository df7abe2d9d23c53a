"""Recurses until the interpreter's own stack is gone."""
# ends: killed
# naive: died

import sys

sys.setrecursionlimit(10**9)


tower = []
for _ in range(1_000_000):
    tower = [tower]
repr(tower)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
