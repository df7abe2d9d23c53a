"""Records as JSON between two processes of ours.

Names of files come through also where they are no UTF-8, which msgspec's own JSON would refuse.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

import msgspec

Message = TypeVar("Message")


def encode(message: Any) -> bytes:
    """Return a record as JSON, all of it ASCII."""
    return json.dumps(msgspec.to_builtins(message)).encode()


def decode(told: str | bytes, kind: type[Message]) -> Message:
    """Return a record of this kind; it comes from a process of ours and is believed.

    Raise ValueError for anything else.
    """
    return msgspec.convert(json.loads(told), kind)
