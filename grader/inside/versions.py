"""Versions of the libraries that the learner's code was run with."""

import sys
from importlib import import_module

_LIBRARIES = ("torch", "torchvision", "transformers", "numpy")


def versions() -> dict[str, str]:
    """Return the version of every domain library that is imported in this process."""
    return {name: str(import_module(name).__version__) for name in _LIBRARIES if name in sys.modules}
