"""Check that the marks of one batch come from one set of library versions."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version

LIBRARIES = ("torch", "torchvision", "transformers", "numpy")


def installed() -> dict[str, str]:
    """Return the versions that a run on this machine meets."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def differing(runs: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    """Return the libraries of which several versions were met, with these; a run names what it imported.

    What follows a ``+`` is the build: CPU and CUDA builds of one version are one version.
    """
    met: dict[str, set[str]] = {}
    for run in runs:
        for name in ("python", *LIBRARIES):
            if name in run:
                met.setdefault(name, set()).add(run[name].partition("+")[0])
    return {name: sorted(several) for name, several in met.items() if len(several) > 1}


def warning(runs: Iterable[Mapping[str, str]]) -> str:
    """Say that the marks of a batch come from several versions; empty where they do not."""
    told = "; ".join(f"{name} {' and '.join(several)}" for name, several in differing(runs).items())
    advice = "Marks that are compared should come from one: grade in a new folder, or install the versions of before."
    return f"This batch meets several versions: {told}. {advice}" if told else ""
