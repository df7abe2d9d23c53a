"""The gate over every class: what it makes of a strategy's recalls, and what would settle what it leaves open."""

from __future__ import annotations

import math
from collections.abc import Mapping

from grader.records import Record
from grader.wire.names import LETTERS

from . import rule

_STERNEST: tuple[rule.Verdict, ...] = ("fails", "undecided", "passes")
_FAR = 100
"""Times as many examples: more are no advice."""


def worst_class(found: Mapping[str, rule.Estimate]) -> str:
    """Return the letter of the smallest of the recalls; of equals the least certain."""
    return min(found, key=lambda letter: (found[letter].mean, -found[letter].error))


class Gated(Record, frozen=True, kw_only=True):
    """What a gate makes of a strategy, and the class that decides it."""

    verdict: rule.Verdict
    true: int
    """Of the classes with the strategy's verdict the one that is found least often; of equals the least certain."""
    recall: rule.Estimate
    """Of that class."""


def gated(found: Mapping[str, rule.Estimate], min_recall: float) -> Gated:
    """Hold the recall of every class against a gate: one that fails turns a strategy away, one may leave it open."""
    verdicts = {letter: rule.verdict(each.mean, each.error, min_recall) for letter, each in found.items()}
    sternest = min(verdicts.values(), key=_STERNEST.index)
    letter = worst_class({letter: found[letter] for letter, verdict in verdicts.items() if verdict == sternest})
    return Gated(verdict=sternest, true=LETTERS.index(letter), recall=found[letter])


def settled_by(recall: rule.Estimate, gate: float, examples: int, name: str) -> str:
    """Say how many validation examples would bring the error below the distance to the gate, all else equal."""
    distance = abs(recall.mean - gate)
    room = distance**2 - recall.over_seeds**2
    if room <= 0 or recall.over_examples**2 > _FAR * room:
        more = "" if room > 0 or not recall.over_seeds else " and more seeds"
        return f"More validation examples of {name} ({examples} now){more} would settle it."
    needed = 10 * (math.floor(examples * recall.over_examples**2 / room / 10) + 1)
    instead = f"About {needed} validation examples of {name} instead of {examples}"
    return f"{instead} would settle it, if its recall stays as it is."
