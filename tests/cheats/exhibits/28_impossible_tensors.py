"""Sends tensors that overlap, overflow, are negative or larger than their file."""
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


for shape, start, stop in (([2**40, 0], 0, 0), ([-1], 0, -1), ([2**62, 4], 0, 0), ([1], 2**63, 2**63 + 1)):
    tensor = {"dtype": "U8", "shape": shape, "data_offsets": [start, stop]}
    send(json.dumps({"__metadata__": {"fact": f"t{stop}", "value": "1"}, "x": tensor}).encode())
os._exit(0)


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
