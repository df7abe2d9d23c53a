"""Starts processes that start processes."""
# ends: finished
# naive: GOT

import os
import subprocess
import time
from multiprocessing import Process

def attempt(what, deed):
    try:
        result = deed()
    except BaseException as error:
        print("refused", what, type(error).__name__)
    else:
        print("GOT", what, repr(result)[:80], flush=True)


def bomb():
    child = os.fork()
    if child == 0:
        time.sleep(2)
        os._exit(0)
    return child


for _ in range(5):
    attempt("a fork", bomb)
attempt("a command", lambda: subprocess.run(["true"], check=True))
if os.getcwd() == "/":
    attempt("a spawn", lambda: os.posix_spawn("/bin/true", ["true"], {}))
    attempt("a process", lambda: Process(target=print, args=("GOT a child",)).start())


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
