"""Returns objects that run a command when somebody unpickles them."""
# ends: finished

import io
import os
import pickle


class Gadget(list):
    def __reduce__(self):
        return os.system, ("echo GOT unpickled",)


def backbone_blocks(model):
    return [Gadget(), Gadget()]


def partial_unfreeze(model, depth):
    return pickle.dumps(Gadget())


def trainable_by_depth(model):
    return io.BytesIO(pickle.dumps(Gadget()))
