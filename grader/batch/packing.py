"""Evidence as one safetensors file: facts and all else as JSON in the header's metadata, arrays as tensors."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.errors import GraderFault
from grader.records import Crash, Evidence, Interruption, TurnedAway, Wall
from grader.wire import tensors

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
    arrays = told.pop("arrays")
    return tensors.write(arrays, evidence=msgspec.json.encode(told).decode())


def unpack(packed: bytes) -> Evidence:
    """Return the evidence that ``pack`` packed; raise DamagedEvidence for anything else."""
    try:
        about, arrays = tensors.read(packed)
        told: dict[str, Any] = {"turned_away": {}, **msgspec.json.decode(about["evidence"])}
        records = {name: msgspec.convert(told.pop(name), kind) for name, kind in _RECORDS.items()}
        return Evidence(arrays=arrays, **records, **told)
    except (tensors.Damaged, KeyError, TypeError, msgspec.MsgspecError) as error:
        raise DamagedEvidence(f"Stored evidence is damaged ({error}); grade that submission again.") from error
