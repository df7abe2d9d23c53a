"""Pairs of submissions to one exercise that stand out from the cohort's own background.

A fingerprint that c of n submissions have weighs log2(n / c): what everybody writes weighs nothing. Two submissions
share the sum of those weights. What a submission shares with all the others has a mean and a standard deviation; a
pair stands out by so many of them, seen from whichever of the two it stands out less, the pair itself left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from grader.records import Record

from .syntax import Token, names, normalised
from .winnow import LENGTH, fingerprints, hashes

FEW = 8
"""With fewer submissions nobody can say what is usual."""
STANDS_OUT = 3.75
"""Standard deviations above the background from which on a pair is listed."""
LISTED = 50
"""So many pairs of one exercise are listed."""
_BLOCK = 4096
Matrix = npt.NDArray[np.float64]


class Compared(Record, frozen=True, kw_only=True):
    """One submission to be compared."""

    learner: str
    source: bytes


class Pair(Record, frozen=True, kw_only=True):
    """Two submissions that share more than either does with the others."""

    first: Compared
    second: Compared
    stands_out: float
    """Standard deviations above the background."""
    share: float
    """Of what is rare in the one that has less of it, how much the other has too, from 0 to 1."""
    first_lines: frozenset[int]
    """Lines of the first that hold what both have, counted from 1."""
    second_lines: frozenset[int]


class Comparison(Record, frozen=True, kw_only=True):
    """What came of comparing everybody's submissions to one exercise."""

    exercise: str
    compared: int
    without_own: tuple[str, ...]
    """Learners whose submission holds too little besides the stub to be compared."""
    usual: float
    """Median over all pairs of the share that they have in common."""
    pairs: tuple[Pair, ...]
    """Those that stand out most first, at most ``LISTED``."""


class _Prints(Record, frozen=True, kw_only=True):
    work: Compared
    tokens: tuple[Token, ...]
    places: Mapping[int, int]
    """Fingerprint to the place of its first token."""

    def lines(self, shared: frozenset[int]) -> frozenset[int]:
        """Return the lines of the tokens under some fingerprints."""
        starts = (self.places[print_] for print_ in shared)
        return frozenset(token.line for start in starts for token in self.tokens[start : start + LENGTH])


def compare(exercise: str, works: Sequence[Compared], stub: bytes) -> Comparison:
    """Compare every two submissions; what the stub already holds counts as nobody's own."""
    prints, without_own = _fingerprinted(works, stub)
    if len(prints) < FEW:
        return Comparison(exercise=exercise, compared=len(prints), without_own=without_own, usual=0.0, pairs=())
    shared = _shared_weights(prints)
    share = _shares(shared)
    upper = np.triu_indices(len(prints), 1)
    above = _stands_out(shared)[upper]
    ranked = np.argsort(-above, kind="stable")[:LISTED]
    return Comparison(
        exercise=exercise,
        compared=len(prints),
        without_own=without_own,
        usual=float(np.median(share[upper])),
        pairs=tuple(
            _pair(prints[upper[0][rank]], prints[upper[1][rank]], above[rank], share[upper][rank])
            for rank in ranked
            if above[rank] >= STANDS_OUT
        ),
    )


def _fingerprinted(works: Sequence[Compared], stub: bytes) -> tuple[list[_Prints], tuple[str, ...]]:
    common = names(stub)
    given = hashes(normalised(stub, common))
    prints: list[_Prints] = []
    without_own: list[str] = []
    for work in works:
        tokens = tuple(normalised(work.source, common))
        places = fingerprints(hashes(tokens), given)
        if places:
            prints.append(_Prints(work=work, tokens=tokens, places=places))
        else:
            without_own.append(work.learner)
    return prints, tuple(without_own)


def _shared_weights(prints: Sequence[_Prints]) -> Matrix:
    """Return the weight that every two share, [submissions, submissions]; the diagonal is what each has itself."""
    counts = Counter(print_ for each in prints for print_ in each.places)
    number = {print_: column for column, print_ in enumerate(counts)}
    weights = np.log2(len(prints) / np.array([*counts.values()]))
    shared = np.zeros((len(prints), len(prints)))
    owned = [np.array([number[print_] for print_ in each.places]) for each in prints]
    for start in range(0, len(counts), _BLOCK):
        block = np.zeros((len(prints), _BLOCK), np.float32)
        for row, columns in enumerate(owned):
            block[row, columns[(columns >= start) & (columns < start + _BLOCK)] - start] = 1
        width = min(_BLOCK, len(counts) - start)
        shared += (block[:, :width] * weights[start : start + width]) @ block[:, :width].T
    return shared


def _shares(shared: Matrix) -> Matrix:
    """Return the shared weight as a share of what the submission with less has."""
    own = shared.diagonal()
    less = np.minimum(own[:, None], own)
    shares: Matrix = np.divide(shared, less, out=np.zeros_like(shared), where=less > 0)
    return shares


def _stands_out(shared: Matrix) -> Matrix:
    """Return by how many standard deviations each pair is above both submissions' backgrounds."""
    others = len(shared) - 2
    rest = shared - np.diag(shared.diagonal())
    mean = (rest.sum(1, keepdims=True) - rest) / others
    variance = ((rest**2).sum(1, keepdims=True) - rest**2) / others - mean**2
    spread = np.sqrt(np.maximum(variance, 1.0))
    above = (rest - mean) / spread
    weaker: Matrix = np.minimum(above, above.T)
    return weaker


def _pair(one: _Prints, other: _Prints, stands_out: float, share: float) -> Pair:
    both = frozenset(one.places) & frozenset(other.places)
    return Pair(
        first=one.work,
        second=other.work,
        stands_out=float(stands_out),
        share=float(share),
        first_lines=one.lines(both),
        second_lines=other.lines(both),
    )
