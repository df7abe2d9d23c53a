"""Hops from process to process faster than a kill by its number."""
# ends: finished
# naive: left behind

import os
import time

try:
    child = os.fork()
except OSError as error:
    print("refused", type(error).__name__)
else:
    if child == 0:
        for hop in range(10):
            if os.fork():
                os._exit(0)
            os.setsid()
            time.sleep(0.05)
        with open("LEFT-by-the-hopper", "w") as file:
            file.write(str(os.getpid()))
        os._exit(0)
    os.waitpid(child, 0)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
