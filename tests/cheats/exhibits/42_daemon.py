"""Leaves a grandchild in a session of its own, which a kill of the process group does not reach."""
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
        os.setsid()
        if os.fork() == 0:
            time.sleep(0.7)
            with open("LEFT-by-the-daemon", "w") as file:
                file.write(str(os.getpid()))
        os._exit(0)
    os.waitpid(child, 0)
    print("GOT a daemon", flush=True)
    os._exit(0)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
