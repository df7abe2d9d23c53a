"""Sleeps in every part until just before the deadline and then ends the process, so that a new one is started."""
# seconds: 1
# ends: exited

import os
import time


def dawdle(*args):
    time.sleep(0.65)
    os._exit(0)


backbone_blocks = partial_unfreeze = trainable_by_depth = dawdle
