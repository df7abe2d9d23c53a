"""Leaves a background process behind that rewrites the results after grading."""
# ends: finished
# naive: left behind

import os
import time

if os.name == "posix":
    try:
        child = os.fork()
    except OSError as error:
        print("refused", type(error).__name__)
    else:
        if child == 0:
            os.setsid()
            for _ in range(5):
                time.sleep(0.3)
                with open("LEFT-results.json", "w") as file:
                    file.write('{"earned": 15}')
            os._exit(0)
        print("GOT a background process")


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
