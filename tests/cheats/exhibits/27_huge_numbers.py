"""Sends an integer with fifty thousand digits and a float beyond all floats."""
# ends: unreadable

import os
import sys

def worker_frame():
    frame = sys._getframe()
    while "writer" not in frame.f_locals or "prepared" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals
import json
import struct

descriptor = worker_frame()["writer"]._descriptor


def send(header, data=b""):
    blob = struct.pack("<Q", len(header)) + header + data
    view = memoryview(struct.pack("<I", len(blob)) + blob)
    while view:
        view = view[os.write(descriptor, view) :]


def fact(name, value):
    return json.dumps({"__metadata__": {"fact": name, "value": value}}).encode()


send(fact("counts/model-1", '{"returned": [' + "9" * 50_000 + ", 1e400]}"))
os._exit(0)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
