"""Hidden checks of exercise 09. They compare a note with what was measured, and never judge its prose.

Six checks of one point. The sketch of the course lists nine properties: keys and placeholders share a check, so do
scores and numbers of seeds, and the audit and the next experiment.
"""

from __future__ import annotations

from grader.adaptation import Comparison, Strategy
from grader.authoring import Failed, Remark, check, expect, listing
from grader.records import Pointer

from . import truth
from .plan import BECAUSE, REQUIRED, SENTENCE
from .seen import (
    Alternative,
    Part,
    Seen,
    Stated,
    class_number,
    placeholder,
    read_alternative,
    read_cell,
    read_count,
    read_depth,
    read_rates,
    read_score,
    read_strategy,
    read_yes_or_no,
    words,
)

DECIMALS = 2
"""At least so many in a score: fewer would fit almost anything."""


@check(points=1, of="note")
def test_both_sections_have_every_key_and_no_placeholder(seen: Seen) -> None:
    """Vision and Text are both there, each with every key once and no placeholder left"""
    for part in seen.parts:
        _expect_keys(part)
        for key in REQUIRED:
            item = part.items[key]
            if left := placeholder(item.value):
                told = f"`note` is still to be written (line {item.line}): {part.title}, `{key}`: {left}."
                raise Failed(told, Pointer(line=item.line))
        many = words(part.item("headline hid").value)
        if many < SENTENCE:
            raise part.wrong("headline hid", f"which is {many} words long, and {SENTENCE} or more are asked for")


@check(points=1, of="strategy")
def test_the_strategy_is_what_the_evidence_supports(seen: Seen) -> None:
    """The strategy is the cheapest acceptable one, or cannot be told from the best and the note says why"""
    remarks = [remark for part in seen.parts for remark in (_defended(part), _doubted(part)) if remark]
    if remarks:
        raise Remark(" ".join(remarks))


@check(points=1, of="trainable")
def test_costs_are_those_of_the_named_strategies(seen: Seen) -> None:
    """Depth, trainable counts and learning rates are those of the strategies that the note names"""
    for part in seen.parts:
        row, other = part.chosen, _alternative(part)
        for key, right in (("depth", row.depth), ("trainable", row.trainable)):
            if part.value(key, read_count, "a whole number") != right:
                raise part.wrong(key, f"and the evidence has {right:,} for `{row.strategy}`")
        rates, right_rates = part.value("learning rates", read_rates, "head …, backbone …"), row.learning_rates
        if (rates.head, rates.backbone) != (right_rates.head, right_rates.backbone):
            told = f"head {right_rates.head:g}, backbone {right_rates.backbone:g}"
            raise part.wrong("learning rates", f"and the evidence has {told} for `{row.strategy}`")
        right = part.measured.strategy(other.strategy).trainable
        if other.trainable != right:
            raise part.wrong("beaten alternative", f"and the evidence has {right:,} for `{other.strategy}`")


@check(points=1, of="score")
def test_scores_are_those_that_were_measured(seen: Seen) -> None:
    """Scores, their sd, gains, their se and numbers of seeds are those measured, rounded to the decimals written"""
    for part in seen.parts:
        _expect_score(part, "score", part.chosen)
        _expect_score(part, "scratch score", part.measured.strategy("scratch"))
        _expect_gain(part, _alternative(part))


@check(points=1, of="confusion changed")
def test_a_confusion_that_fell_was_measured(seen: Seen) -> None:
    """The confusion that changed was measured under another strategy and under the named one, and it fell"""
    for part in seen.parts:
        cell = part.value("confusion changed", read_cell, "true CLASS, predicted CLASS, BEFORE -> AFTER")
        true, predicted = (_class(part, name) for name in (cell.true, cell.predicted))
        if true == predicted:
            raise part.wrong("confusion changed", "which counts what was found and not what was confused")
        counts = {row.strategy: row.confusion[true][predicted] for row in part.measured.strategies}
        told = ", ".join(f"`{name}` {count}" for name, count in counts.items())
        after = counts.pop(part.chosen.strategy)
        if cell.after != after or cell.before not in counts.values():
            raise part.wrong("confusion changed", f"and that cell holds {told}")
        if cell.after >= cell.before:
            raise part.wrong("confusion changed", "and that did not fall")


@check(points=1, of="next experiment")
def test_what_is_claimed_was_proved_and_what_is_next_is_new(seen: Seen) -> None:
    """A frozen run is called audited only where audits proved it, and the next experiment was not run yet"""
    for part in seen.parts:
        audited = part.value("frozen run audited", read_yes_or_no, "yes or no")
        if audited and not part.measured.frozen_as_declared:
            verdicts = ", ".join(sorted({audit.verdict for audit in part.measured.audits})) or "no audit"
            raise part.wrong("frozen run audited", f"and the evidence has this: {verdicts}")
        depth, tested = read_depth(part.item("next experiment").value), part.measured.tested
        if depth in tested:
            raise part.wrong("next experiment", f"and these depths were run: {', '.join(map(str, tested))}")
        if depth is not None and depth > len(part.measured.blocks):
            raise part.wrong("next experiment", f"and the backbone has {len(part.measured.blocks)} blocks")


def _expect_keys(part: Part) -> None:
    """Fail unless there is one section, with every key once."""
    expect(bool(part.sections), f"There is no heading `## {part.title}`.")
    lines = " and ".join(str(section.line) for section in part.sections)
    expect(len(part.sections) == 1, f"There are several headings {part.title}, in the lines {lines}.")
    (section,) = part.sections
    keys = [item.key for item in section.items]
    missing, twice = set(REQUIRED) - set(keys), {key for key in keys if keys.count(key) > 1}
    unknown = f" It has {listing(section.unknown)}, which is not among the keys." if section.unknown else ""
    expect(not missing, f"{part.title} has no {listing(missing)}.{unknown}")
    expect(not twice, f"{part.title} has {listing(twice)} more than once.")


def _defended(part: Part) -> str:
    """Return a remark on a strategy that is not the rule's choice; fail the check where it cannot be defended."""
    part.value("strategy", read_strategy, "one of the four strategies")
    row, right = part.chosen, truth.cheapest(part.measured)
    if right is row:
        return ""
    if right is not None:
        _expect_acceptable(part, row)
    if words(part.because) < SENTENCE:
        cheaper = "something cheaper cannot be told from the best either"
        why = "the gate turns every strategy away" if right is None else cheaper
        raise part.wrong("strategy", f"and {why}; is there a reason, in a line `{BECAUSE}:` of {SENTENCE} words?")
    return f"{part.title}: `{row.strategy}` is not the rule's choice; it is accepted because a reason is given."


def _doubted(part: Part) -> str:
    """Return a remark on a strategy of which nobody knows whether it passes the gate, and on what would settle it."""
    row = part.chosen
    if not truth.is_undecided(part.measured, row):
        return ""
    told = f"{part.title}: `{row.strategy}` is not told from the gate: {_worst(part, row)}"
    return f"{told}. More examples of that class would settle it."


def _worst(part: Part, row: Strategy) -> str:
    recall = part.measured.gate(row).recall
    found = f"it finds one of the classes in {recall.mean:.2f} ± {recall.error:.2f} (se) of the cases"
    return f"{found}, and the gate is {part.measured.min_recall:g}"


def _expect_acceptable(part: Part, row: Strategy) -> None:
    """Fail for a strategy that misses a class or falls short of the best."""
    if not truth.is_admitted(part.measured, row):
        raise part.wrong("strategy", f"which is turned away: {_worst(part, row)}")
    if not truth.is_as_good(part.measured, row):
        best = truth.best(part.measured)
        mean, error = part.measured.gain(row, best)
        raise part.wrong("strategy", f"and the best, `{best.strategy}`, scores {mean:.4f} ± {error:.4f} (se) more")


def _alternative(part: Part) -> Alternative:
    """Return the alternative that the note names; fail the check when it is the named strategy itself."""
    form = "STRATEGY, GAIN ± SE for NUMBER trainable"
    other = part.value("beaten alternative", read_alternative, form)
    if other.strategy == part.chosen.strategy:
        raise part.wrong("beaten alternative", "and that is the strategy which was taken")
    return other


def _expect_score(part: Part, key: str, row: Strategy) -> None:
    stated = part.value(key, read_score, "MEAN ± SD (n=SEEDS)")
    _expect_rounded(part, key, stated.mean, row.mean, f"the mean of `{row.strategy}`")
    _expect_rounded(part, key, stated.std, row.std, f"the standard deviation (sd) of `{row.strategy}`")
    if stated.n != row.n:
        raise part.wrong(key, f"and the evidence has {row.n} seeds")


def _expect_gain(part: Part, other: Alternative) -> None:
    row, key = part.chosen, "beaten alternative"
    gain, error = part.measured.gain(row, part.measured.strategy(other.strategy))
    difference = f"`{other.strategy}` less `{row.strategy}`"
    _expect_rounded(part, key, other.gain, gain, difference)
    if other.error is None:
        raise part.wrong(key, "and how well is that difference known? Its standard error belongs behind it, as ± SE")
    _expect_rounded(part, key, other.error, error, f"the standard error (se) of {difference}")


def _expect_rounded(part: Part, key: str, stated: Stated, right: float, what: str) -> None:
    if stated.decimals < DECIMALS:
        raise part.wrong(key, f"and {DECIMALS} decimals or more are asked for")
    if not stated.is_rounded(right):
        raise part.wrong(key, f"and the evidence has {right:.4f} for {what}")


def _class(part: Part, name: str) -> int:
    """Return the number of a class; fail the check for one that is not there."""
    number = class_number(part.measured, name)
    if number is None:
        raise part.wrong("confusion changed", f"and the classes are {_numbered(part.measured)}")
    return number


def _numbered(comparison: Comparison) -> str:
    return ", ".join(f"{number} {name}" for number, name in enumerate(comparison.classes))
