"""Tensors and metadata in one safetensors file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from safetensors import safe_open
from torch import Tensor

Stored = tuple[dict[str, Tensor], dict[str, Any]]
"""Tensors by name, each in its own shape, and the file's metadata, decoded."""


def read(path: str | Path) -> Stored:
    """Read a safetensors file each of whose metadata values is JSON text."""
    with safe_open(path, framework="pt") as file:
        metadata = {key: json.loads(value) for key, value in (file.metadata() or {}).items()}
        return {name: file.get_tensor(name) for name in file.keys()}, metadata  # noqa: SIM118  not a dict
