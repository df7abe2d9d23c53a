"""Stops its own process with SIGSTOP, so that it neither ends nor uses time."""
# seconds: 2
# ends: timed-out
# naive: hung

import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
