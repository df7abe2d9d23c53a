"""Ends the process with status 0 as soon as one of its functions is called."""
# ends: exited
# naive: exit code 0

import os


def backbone_blocks(model):
    os._exit(0)


def partial_unfreeze(model, depth):
    os._exit(0)


def trainable_by_depth(model):
    os._exit(0)
