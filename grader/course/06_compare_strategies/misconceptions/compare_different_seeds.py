"""Every strategy gets seeds of its own

Why it matters: The seed decides the first weights and the order of the batches. With other seeds for every strategy,
luck does not cancel in the difference, and there is nothing left to pair.

Ask yourself: Which run of one strategy would you subtract from which run of another?

Where to look: What happens to a seed on its way to `torch.manual_seed` and `fit`.

Source: Dodge et al. 2020, arXiv 2002.06305: weight initialisation and data order matter alike.
"""

from __future__ import annotations

import itertools

from ..facts import Seen
from ..records import Comparison

FUNCTION = "compare_strategies"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if not all(_apart(comparison) for comparison in seen.repeated):
        return None
    comparison = seen.repeated[0]
    first, second = (f"`{name}` with {_listed(comparison, name)}" for name in comparison.names[:2])
    return f"{comparison.title}, you had {first} fitted, and {second}."


def _apart(comparison: Comparison) -> bool:
    """Whether every strategy was fitted, and no two with the same seed."""
    seeds = [comparison.seeds_of(name) for name in comparison.names]
    pairs = itertools.combinations(seeds, 2)
    return all(seeds) and not any(seed in others for some, others in pairs for seed in some)


def _listed(comparison: Comparison, name: str) -> str:
    return ", ".join(map(str, comparison.seeds_of(name)))
