"""Which submissions share more than is usual in this cohort: something to look at, never a verdict.

``syntax`` takes away what people change first, ``winnow`` makes fingerprints of the rest, ``compare`` weighs what two
submissions share by how rare it is, and asks whether that stands out from what each of them shares with the others.
"""

from .compare import FEW, STANDS_OUT, Compared, Comparison, Pair, compare

__all__ = ["FEW", "STANDS_OUT", "Compared", "Comparison", "Pair", "compare"]
