"""Starts threads until there is no room for another."""
# ends: exited

import threading
import time

count = 0
try:
    while count < 20_000:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        count += 1
except BaseException as error:
    print("stopped", type(error).__name__, "after", count)
else:
    print("GOT", count, "threads")
import os

os.write(1, f"{count < 20_000}\n".encode())
os._exit(0)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
