"""Fingerprints of a sequence of tokens, as in Schleimer, Wilkerson and Aiken, "Winnowing" (SIGMOD 2003).

Every run of ``LENGTH`` tokens has a hash; of every ``WINDOW`` neighbouring hashes the smallest is kept. So any two
sequences that share ``LENGTH + WINDOW - 1`` tokens in a row share a fingerprint, wherever the run stands.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .syntax import Token

LENGTH = 9
WINDOW = 4
Hashes = npt.NDArray[np.uint64]
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_NEVER = np.uint64(0xFFFFFFFFFFFFFFFF)


def hashes(tokens: Sequence[Token]) -> Hashes:
    """Return the hash of every run of ``LENGTH`` tokens, [runs] uint64; empty for a shorter sequence."""
    codes = np.array([zlib.crc32(token.text.encode()) for token in tokens], np.uint64)
    if len(codes) < LENGTH:
        return np.empty(0, np.uint64)
    powers = _BASE ** np.arange(LENGTH, dtype=np.uint64)
    mixed: Hashes = (np.lib.stride_tricks.sliding_window_view(codes, LENGTH) * powers).sum(1, dtype=np.uint64)
    mixed ^= mixed >> np.uint64(29)
    mixed *= _MIX
    return mixed ^ (mixed >> np.uint64(32))


def fingerprints(found: Hashes, given: Hashes) -> dict[int, int]:
    """Return the chosen hashes of ``[runs]`` that are not among the ``given``, each with the place of its first run."""
    masked = np.where(np.isin(found, given), _NEVER, found)
    if len(masked) > WINDOW:
        windows = np.lib.stride_tricks.sliding_window_view(masked, WINDOW)
        places = np.unique(np.arange(len(windows)) + windows.argmin(1))
    else:
        places = np.arange(len(masked))
    chosen = {int(masked[place]): int(place) for place in reversed(places)}
    chosen.pop(int(_NEVER), None)
    return chosen
