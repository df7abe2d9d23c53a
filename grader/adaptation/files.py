"""Evidence as a file: written whole or not at all, decoded strictly, and refused in one clear sentence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import msgspec

from grader.errors import UsageError
from grader.records import Record
from grader.writing import write_whole

from .records import SCHEMA, Adaptation, Comparison, Modality

FILE = "09_evidence.json"
"""What a comparison is written to. It is handed in with the note of exercise 09, and its name says so where a platform
puts all files of all learners into one folder."""
NAMES = (FILE, "evidence.json")
"""What it may be called beside a note; the second is what earlier versions wrote."""
BYTES_CAP = 4_000_000


def merged(earlier: Adaptation, comparisons: Sequence[Comparison]) -> Adaptation:
    """Return the evidence with new comparisons in the place of earlier ones of the same modality."""
    latest = {each.modality: each for each in (*earlier.comparisons, *comparisons)}
    return Adaptation(comparisons=tuple(latest[name] for name in get_args(Modality) if name in latest))


def write(path: Path, evidence: Adaptation) -> None:
    """Write the evidence whole or not at all; raise OSError where the file cannot be written."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(evidence), indent=1) + b"\n")


def read(path: Path) -> Adaptation:
    """Read evidence; raise UsageError, one clear sentence, for a file that is not sound evidence of this version."""
    try:
        with path.open("rb") as file:
            text = file.read(BYTES_CAP + 1)
    except FileNotFoundError:
        raise UsageError(f"There is no evidence at {path}. `grade compare` writes it.") from None
    except OSError as error:
        raise UsageError(f"The evidence {path} cannot be read: {error.strerror}.") from None
    return decode(path, text)


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
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is not evidence as `grade compare` writes it: {error}. Run it anew.") from None
