"""What is different where a submission is run: nothing beside its file, no network, no GPU, nothing to write to."""

from __future__ import annotations

import re

PACKAGES = ("numpy", "safetensors", "torch", "torchvision", "transformers")
"""What a submission can import besides Python's own modules; more where it is installed."""
_OFFLINE = "There is no network where your code is run."
_ALONE = "Your file is run alone: nothing that lies beside it on your machine is there."
_CLOSED = "Where your code is run, nothing can be written, no program can be started and there is no network."
_REMARKS = (
    ("ModuleNotFoundError", "", f"{_ALONE[:-1]}, and of packages only what is installed: {', '.join(PACKAGES)}."),
    ("URLError|gaierror|Connection.*|.*OfflineMode.*|LocalEntryNotFoundError", "", _OFFLINE),
    (".*", "name resolution|connect to '?https?:|offline mode|urlopen error", _OFFLINE),
    ("FileNotFoundError", ".", _ALONE),
    ("PermissionError", "", _CLOSED),
    (".*", "Permission denied|Operation not permitted|Read-only file system|No space left", _CLOSED),
    (
        ".*",
        "NVIDIA driver|not compiled with CUDA|No CUDA GPUs|initialize CUDA|CUDA is not available",
        "There is no GPU where it is run.",
    ),
    ("EOFError", "", "Nobody is there to answer `input()`."),
)
"""Of an exception its type, a part of its message, and what a learner should know about it; the first that fits."""


def remark(kind: str, message: str) -> str:
    """Return what to know about an exception that comes of where the code is run; empty where it does not."""
    fitting = (says for type_, part, says in _REMARKS if re.fullmatch(type_, kind) and re.search(part, message))
    return next(fitting, "")
