"""Reaches for services on this machine through UNIX sockets."""
# ends: finished
# naive: GOT

import socket

def attempt(what, deed):
    try:
        result = deed()
    except BaseException as error:
        print("refused", what, type(error).__name__)
    else:
        print("GOT", what, repr(result)[:80], flush=True)


def abstract():
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("\0left-by-an-exhibit")
    return listener


attempt("abstract", abstract)
attempt("pair", socket.socketpair)
attempt("docker", lambda: socket.socket(socket.AF_UNIX).connect("/var/run/docker.sock"))


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
