"""Exercises and an automated grader for transfer learning."""

from importlib import import_module
from typing import Any

VERSION = "0.1.0"

_PUBLIC = {"FreezeAudit": "grader.audit", "StrategySummary": "grader.inside.summary"}
"""Public name to the module that defines it; imported on first use, so that ``import grader`` stays light."""

__all__ = ["VERSION", "FreezeAudit", "StrategySummary"]


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
