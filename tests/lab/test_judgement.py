"""What is read in a comparison."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from grader.adaptation import Comparison
from grader.lab import judgement, runs
from grader.lab.runs import Plan

Compared = Callable[[Plan], list[Comparison]]


def test_the_gate_turns_away_what_the_headline_would_choose(compared: Compared) -> None:
    (text,) = compared(runs.plan("text", None, 3, [], 0.4))
    choice = judgement.choose(text)
    assert (choice.strategy, choice.by_headline, choice.dropped) == (
        "partial_unfreeze",
        "partial_unfreeze",
        ("frozen",),
    )
    assert "turns away frozen 0.27" in choice.why
    assert "nothing cheaper reaches that" in choice.why


def test_what_does_not_differ_is_decided_by_cost(vision: Comparison) -> None:
    """Spread the best strategy's scores until its bar is below the frozen one's mean."""
    best = vision.strategy("partial_unfreeze")
    wide = msgspec.structs.replace(best, scores=(best.mean + 0.1, best.mean, best.mean - 0.1), std=0.1)
    rows = tuple(wide if row is best else row for row in vision.strategies)
    choice = judgement.choose(msgspec.structs.replace(vision, strategies=rows, min_recall=0.0))
    assert choice.strategy == "frozen"
    assert "frozen reaches that with 0.896 and trains the least" in choice.why
    assert choice.bar == pytest.approx(wide.mean - wide.std / 3**0.5)


def test_when_nothing_passes_the_gate_nothing_is_chosen(compared: Compared) -> None:
    (text,) = compared(runs.plan("text", None, 2, [], 0.9))
    choice = judgement.choose(text)
    assert (choice.strategy, choice.bar, len(choice.dropped)) == (None, None, 4)
    assert "none is acceptable" in choice.why
    assert judgement.useful(text).after == choice.by_headline


def test_gains_are_paired_and_have_a_price(vision: Comparison) -> None:
    scratch, frozen, partial, full = judgement.worth(vision)
    assert scratch.over_scratch is None
    assert frozen.over_cheaper is None
    assert partial.over_cheaper is not None
    assert partial.over_cheaper.over == "frozen"
    assert partial.over_cheaper.mean == pytest.approx(25 / 480)
    assert partial.over_cheaper.error == pytest.approx(0.0, abs=1e-12)
    assert partial.cost == round((58378 - 650) / (100 * 25 / 480))
    assert full.over_cheaper is not None
    assert full.over_cheaper.over == "partial_unfreeze"
    assert full.cost is None


def test_the_useful_change_is_the_one_that_fell_most_before_the_choice(vision: Comparison) -> None:
    found = judgement.useful(vision)
    assert (found.before, found.after) == ("frozen", "partial_unfreeze")
    fell, rose = found.fell, found.rose
    assert (fell.true, fell.predicted, fell.before, fell.after) == (9, 8, 66, 0)
    assert (rose.true, rose.predicted, rose.before, rose.after) == (9, 0, 0, 18)


def test_where_no_confusion_rose_none_is_said_to_have(vision: Comparison) -> None:
    full, partial = vision.strategy("full_finetune"), vision.strategy("partial_unfreeze")
    rows = (*vision.strategies[:2], msgspec.structs.replace(full, strategy="partial_unfreeze", trainable=60_000),
            msgspec.structs.replace(partial, strategy="full_finetune", trainable=78_002))  # fmt: skip
    found = judgement.useful(msgspec.structs.replace(vision, strategies=rows))
    assert (found.before, found.after) == ("partial_unfreeze", "full_finetune")
    assert found.fell.after < found.fell.before
    assert (found.rose.after - found.rose.before, found.rose.true == found.rose.predicted) == (0, False)


def test_the_hidden_case_is_the_pattern_less_the_headline(vision: Comparison) -> None:
    found = judgement.hidden_by_headline(vision)
    assert (found.before, found.after) == ("frozen", "full_finetune")
    worse = msgspec.structs.replace(vision.deltas[1], headline=-0.3, pattern=0.3)
    quiet = msgspec.structs.replace(vision.deltas[2], headline=-0.01, pattern=0.1)
    assert judgement.hidden_by_headline(msgspec.structs.replace(vision, deltas=(worse, quiet))) is quiet
