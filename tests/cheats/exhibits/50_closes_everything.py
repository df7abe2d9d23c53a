"""Closes every descriptor, the evidence among them, and sleeps."""
# seconds: 2
# ends: timed-out
# naive: hung

import os
import time

os.closerange(0, 256)
time.sleep(600)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
