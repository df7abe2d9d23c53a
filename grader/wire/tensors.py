"""Safetensors files: arrays, and texts about them in the header's metadata.

A file is 8 bytes with the header's length, little endian, the header, which is a JSON object, and the data.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec
import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

_LENGTH = struct.Struct("<Q")
Arrays = Mapping[str, np.ndarray[Any, Any]]
"""By name, each in its own shape."""


class Damaged(ValueError):
    """This is no safetensors file of ours."""


class TensorHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the header says of one tensor; whether it is true is not known."""

    dtype: str
    shape: tuple[int, ...]
    data_offsets: tuple[int, int]
    """From the end of the header."""


class Header(NamedTuple):
    """What stands before the data."""

    about: dict[str, str]
    """The texts."""
    tensors: dict[str, TensorHeader]
    end: int
    """Where the data begin."""


def read_header(blob: bytes, decode: Callable[[bytes], Any] = msgspec.json.decode, cap: int | None = None) -> Header:
    """Read a header of at most ``cap`` bytes, from bytes that nobody has looked at; raise Damaged for any other.

    What ``decode`` raises for malformed JSON comes through.
    """
    if len(blob) < _LENGTH.size:
        raise Damaged("a tensor file is shorter than its header")
    (size,) = _LENGTH.unpack_from(blob)
    room = len(blob) - _LENGTH.size
    if size > (room if cap is None else min(cap, room)):
        raise Damaged(f"a header claims {size} bytes")
    end = _LENGTH.size + size
    header = decode(blob[_LENGTH.size : end])
    if not isinstance(header, dict):
        raise Damaged("a header is not an object")
    metadata = header.pop("__metadata__", None)
    try:
        return Header(msgspec.convert(metadata, dict[str, str]), msgspec.convert(header, dict[str, TensorHeader]), end)
    except msgspec.ValidationError as error:
        raise Damaged(f"a header is malformed: {error}") from None


def read(blob: bytes) -> tuple[dict[str, str], dict[str, np.ndarray[Any, Any]]]:
    """Return texts and arrays, each in its own shape; raise Damaged where that is not possible."""
    try:
        about = read_header(blob).about
    except msgspec.DecodeError as error:
        raise Damaged(f"malformed JSON: {error}") from None
    return about, load(blob)


def load(blob: bytes) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays, each in its own shape; raise Damaged where that is not possible."""
    try:
        return dict(safetensors.numpy.load(blob))
    except (SafetensorError, ValueError, KeyError, OverflowError) as error:
        raise Damaged(f"a tensor file is damaged: {type(error).__name__}") from None


def write(arrays: Arrays, **about: str) -> bytes:
    """Return a file of arrays of any shape and the texts about them."""
    whole = {name: np.asarray(array, order="C") for name, array in arrays.items()}  # it saves memory as it lies
    packed: bytes = safetensors.numpy.save(whole, about)
    return packed
