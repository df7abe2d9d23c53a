"""Base of all records."""

from __future__ import annotations

import msgspec


class Record(msgspec.Struct, frozen=True):
    """Base of every record: immutable, built by keyword, compared by value."""
