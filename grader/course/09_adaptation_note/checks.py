"""Hidden checks of exercise 09. They compare a note with what was measured, and never judge its prose.

Six checks of one point for each of the two sections, so that one done well is half of the note. The sketch of the
course lists nine properties: keys and placeholders share a check, so do scores and numbers of seeds, and the audit and
the next experiment.
"""

from __future__ import annotations

from grader.adaptation import Comparison, Strategy
from grader.authoring import Failed, Remark, check, expect, listing
from grader.records import Pointer

from . import truth
from .plan import BECAUSE, DECIMALS, REQUIRED, SENTENCE, TEXT, VISION
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


@check(points=1, of="note")
def test_vision_has_every_key_and_no_placeholder(seen: Seen) -> None:
    """Vision is there, with every key once and no placeholder left"""
    _expect_whole(seen.part(VISION))


@check(points=1, of="note")
def test_text_has_every_key_and_no_placeholder(seen: Seen) -> None:
    """Text is there, with every key once and no placeholder left"""
    _expect_whole(seen.part(TEXT))


@check(points=1, of="strategy")
def test_vision_takes_a_strategy_that_the_evidence_supports(seen: Seen) -> None:
    """Vision takes the cheapest acceptable strategy, or one that cannot be told from the best, with a figure for it"""
    _expect_supported(seen.part(VISION))


@check(points=1, of="strategy")
def test_text_takes_a_strategy_that_the_evidence_supports(seen: Seen) -> None:
    """Text takes the cheapest acceptable strategy, or one that cannot be told from the best, with a figure for it"""
    _expect_supported(seen.part(TEXT))


@check(points=1, of="trainable")
def test_vision_has_the_costs_of_the_named_strategies(seen: Seen) -> None:
    """Vision has the depth, trainable counts and learning rates of the strategies that it names"""
    _expect_costs(seen.part(VISION))


@check(points=1, of="trainable")
def test_text_has_the_costs_of_the_named_strategies(seen: Seen) -> None:
    """Text has the depth, trainable counts and learning rates of the strategies that it names"""
    _expect_costs(seen.part(TEXT))


@check(points=1, of="score")
def test_vision_has_the_scores_that_were_measured(seen: Seen) -> None:
    """Vision has scores, their sd, gains, their se and numbers of seeds as measured, rounded to the decimals written"""
    _expect_scores(seen.part(VISION))


@check(points=1, of="score")
def test_text_has_the_scores_that_were_measured(seen: Seen) -> None:
    """Text has scores, their sd, gains, their se and numbers of seeds as measured, rounded to the decimals written"""
    _expect_scores(seen.part(TEXT))


@check(points=1, of="confusion changed")
def test_vision_cites_a_confusion_that_fell(seen: Seen) -> None:
    """Vision cites a confusion that was measured under another strategy and under the named one, and that fell"""
    _expect_fallen(seen.part(VISION))


@check(points=1, of="confusion changed")
def test_text_cites_a_confusion_that_fell(seen: Seen) -> None:
    """Text cites a confusion that was measured under another strategy and under the named one, and that fell"""
    _expect_fallen(seen.part(TEXT))


@check(points=1, of="next experiment")
def test_vision_claims_what_was_proved_and_asks_what_is_new(seen: Seen) -> None:
    """Vision calls a frozen run audited only where audits proved it, and its next experiment was not run yet"""
    _expect_proved_and_new(seen.part(VISION))


@check(points=1, of="next experiment")
def test_text_claims_what_was_proved_and_asks_what_is_new(seen: Seen) -> None:
    """Text calls a frozen run audited only where audits proved it, and its next experiment was not run yet"""
    _expect_proved_and_new(seen.part(TEXT))


def _expect_whole(part: Part) -> None:
    _expect_keys(part)
    for key in REQUIRED:
        item = part.items[key]
        if left := placeholder(item.value):
            told = f"`note` is still to be written (line {item.line}): {part.title}, `{key}`: {left}."
            raise Failed(told, Pointer(line=item.line))
    many = words(part.item("headline hid").value)
    if many < SENTENCE:
        raise part.wrong("headline hid", f"which is {many} words long, and {SENTENCE} or more are asked for")
    part.expect_a_figure()


def _expect_supported(part: Part) -> None:
    if told := " ".join(filter(None, (_defended(part), _doubted(part)))):
        raise Remark(told)


def _expect_costs(part: Part) -> None:
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


def _expect_scores(part: Part) -> None:
    _expect_score(part, "score", part.chosen)
    _expect_score(part, "scratch score", part.measured.strategy("scratch"))
    _expect_gain(part, _alternative(part))


def _expect_fallen(part: Part) -> None:
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


def _expect_proved_and_new(part: Part) -> None:
    audited = part.value("frozen run audited", read_yes_or_no, "yes or no")
    if audited and not part.measured.frozen_as_declared:
        verdicts = ", ".join(sorted({audit.verdict for audit in part.measured.audits})) or "no audit"
        raise part.wrong("frozen run audited", f"and the evidence has this: {verdicts}")
    depth, tested = read_depth(part.item("next experiment").value), part.measured.tested
    if depth in tested:
        raise part.wrong("next experiment", f"and these depths were run: {', '.join(map(str, tested))}")
    if depth is not None and depth > len(part.measured.blocks):
        raise part.wrong("next experiment", f"and the backbone has {len(part.measured.blocks)} blocks")
    part.expect_a_figure()


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
    if not part.is_reasoned(row):
        cheaper = "something cheaper cannot be told from the best either"
        why = "the gate turns every strategy away" if right is None else cheaper
        figure = "the recall for which it is" if right is None else "what that one scores above or below yours"
        told = (
            f"and {why}; a reason, in a line `{BECAUSE}:`, has {SENTENCE} words or more and quotes {figure}, ± its se"
        )
        raise part.wrong("strategy", told)
    return f"{part.title}: `{row.strategy}` is not the rule's choice; it is accepted for the figure in its reason."


def _doubted(part: Part) -> str:
    """Return a remark on a strategy of which nobody knows whether it passes the gate, and on what would settle it."""
    row = part.chosen
    if not truth.is_undecided(part.measured, row):
        return ""
    told = f"{part.title}: `{row.strategy}` is not told from the gate: {_worst(part, row)}"
    return f"{told}. {part.measured.settled_by(part.measured.gate(row))}"


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
