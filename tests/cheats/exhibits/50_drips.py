"""Sends its evidence a byte at a time, with a long pause after each."""
# seconds: 2

import os
import sys
import time

def worker_frame():
    frame = sys._getframe()
    while "writer" not in frame.f_locals or "prepared" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals
descriptor = worker_frame()["writer"]._descriptor
while True:
    os.write(descriptor, b"\1\0")
    time.sleep(0.2)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
