"""Read and write evidence files: atomic writes, strict decoding, one clear sentence for a file that is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader import files
from grader.errors import UsageError
from grader.records import Record
from grader.wire.names import MODALITIES

from .records import SCHEMA, Adaptation, Comparison

FILE = "evidence.json"
"""What a comparison is written to; the number of the note that it is handed in with stands in front."""
BYTES_CAP = 4_000_000


def merged(earlier: Adaptation, comparisons: Sequence[Comparison]) -> Adaptation:
    """Return the evidence with new comparisons in the place of earlier ones of the same modality."""
    latest = {each.modality: each for each in (*earlier.comparisons, *comparisons)}
    return Adaptation(comparisons=tuple(latest[name] for name in MODALITIES if name in latest))


def write(path: Path, evidence: Adaptation, *, within: Path | None = None) -> None:
    """Write the evidence whole or not at all; raise OSError where the file cannot be written."""
    files.write(path, msgspec.json.format(msgspec.json.encode(evidence), indent=1) + b"\n", within=within)


def read(path: Path) -> Adaptation:
    """Read evidence; raise UsageError, one clear sentence, for a file that is not sound evidence of this version."""
    try:
        return decode(path, files.read(path, BYTES_CAP))
    except files.Missing:
        raise UsageError(f"There is no evidence at {path}. `grade compare` writes it.") from None
    except files.Unreadable as why:
        raise UsageError(f"The evidence {path} cannot be read: {why}.") from None


class _Versioned(Record, frozen=True):
    schema: str


def decode(path: Path, text: bytes) -> Adaptation:
    """Read evidence that was found at ``path``; raise UsageError as ``read`` does."""
    if len(text) > BYTES_CAP:
        raise UsageError(f"{path} is larger than any evidence that `grade compare` writes.")
    try:
        found = msgspec.json.decode(text, type=_Versioned).schema
        if found != SCHEMA:
            raise UsageError(
                f"{path} has the schema {found!r}; this version reads {SCHEMA!r}. Run `grade compare` anew."
            )
        return msgspec.json.decode(text, type=Adaptation)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError) as error:
        raise UsageError(f"{path} is not evidence as `grade compare` writes it: {error}. Run it anew.") from None
