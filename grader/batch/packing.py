"""Evidence as one safetensors file: facts and all else as JSON in the header's metadata, arrays as tensors."""

from __future__ import annotations

import struct
from typing import Any

import msgspec
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from grader.errors import GraderFault
from grader.records import Crash, Evidence, Interruption, TurnedAway, Wall

_FIELD = "evidence"
_RECORDS: dict[str, Any] = {
    "crash": Crash | None,
    "interruptions": tuple[Interruption, ...],
    "wall": Wall,
    "turned_away": TurnedAway,
}
"""Fields of Evidence that are more than plain JSON."""


class DamagedEvidence(GraderFault):
    """Stored evidence cannot be read back."""


def pack(evidence: Evidence) -> bytes:
    """Return the evidence as a safetensors file."""
    told = msgspec.structs.asdict(evidence)
    arrays = {name: np.ascontiguousarray(array) for name, array in told.pop("arrays").items()}
    packed: bytes = save(arrays, {_FIELD: msgspec.json.encode(told).decode()})
    return packed


def unpack(packed: bytes) -> Evidence:
    """Return the evidence that ``pack`` packed; raise DamagedEvidence for anything else."""
    try:
        (size,) = struct.unpack_from("<Q", packed)
        header: dict[str, Any] = msgspec.json.decode(packed[8 : 8 + size])
        told: dict[str, Any] = {"turned_away": {}, **msgspec.json.decode(header["__metadata__"][_FIELD])}
        records = {name: msgspec.convert(told.pop(name), kind) for name, kind in _RECORDS.items()}
        return Evidence(arrays=load(packed), **records, **told)
    except (struct.error, KeyError, TypeError, msgspec.MsgspecError, SafetensorError, ValueError) as error:
        raise DamagedEvidence(f"Stored evidence is damaged ({error}); grade that submission again.") from error
