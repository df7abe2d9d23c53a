"""Write facts to the supervisor, as a stream of safetensors files.

Every fact is a safetensors file: JSON in the header's metadata, arrays as tensors. It is preceded by its length
(4 bytes, little endian), so that what was learned before a crash survives it. There is no pickle anywhere.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
import numpy as np

from grader.wire import tensors
from grader.wire.tensors import Arrays


class Fact(NamedTuple):
    """One thing that was seen. Names starting with ``@`` are about the process, not the answers."""

    name: str
    value: Any
    """Anything strict JSON can say, with records of ``grader.wire`` among it."""
    arrays: Arrays = MappingProxyType({})


class Writer:
    """Write facts to a file descriptor, each complete or not at all."""

    def __init__(self, descriptor: int) -> None:
        _as_bytes(descriptor)
        self._descriptor = descriptor

    def write(self, fact: Fact) -> None:
        """Send one fact; raise ValueError for what strict JSON cannot say."""
        value = json.dumps(msgspec.to_builtins(fact.value), allow_nan=False)
        arrays = {name: np.ascontiguousarray(array) for name, array in fact.arrays.items()}
        blob = tensors.write(arrays, fact=fact.name, value=value)
        self._send(struct.pack("<I", len(blob)) + blob)

    def _send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]


def _as_bytes(descriptor: int) -> None:
    """Have bytes go out as they are: Windows writes the byte 10 as 13 and 10 wherever nobody told it not to."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(descriptor, os.O_BINARY)
