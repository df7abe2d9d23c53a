"""What is read in a comparison."""

from __future__ import annotations

from collections.abc import Callable
from statistics import stdev

import msgspec
import pytest

from grader.adaptation import STRATEGIES, Comparison, Currency
from grader.lab import changes, judgement, runs, table
from grader.lab.runs import Runner, Trained, WantedRun

Compared = Callable[..., list[Comparison]]


@pytest.fixture
def close(invented: Runner) -> Runner:
    """Return a runner whose full_finetune is right and wrong as partial_unfreeze is, but for three examples."""

    def run(order: WantedRun) -> Trained:
        found = invented(order)
        if order.strategy != "full_finetune":
            return found
        like = invented(msgspec.structs.replace(order, strategy="partial_unfreeze"))
        truth = runs.truth(runs.chosen(None, order.scenario)[0])
        letters = list(like.predicted)
        hits = [place for place, letter in enumerate(letters) if letter == truth[place]]
        misses = [place for place, letter in enumerate(letters) if letter != truth[place]]
        letters[misses[0]] = truth[misses[0]]
        for place in hits[:2]:
            letters[place] = "1" if truth[place] == "0" else "0"
        return msgspec.structs.replace(found, predicted="".join(letters))

    return run


def test_the_gate_turns_away_what_is_told_from_it(compared: Compared) -> None:
    (text,) = compared(runs.plan("text", None, 3, [], 0.4))
    choice = judgement.choose(text)
    assert (choice.strategy, choice.by_headline, choice.best) == ("partial_unfreeze",) * 3
    assert (choice.dropped, choice.undecided, choice.tied) == (("frozen",), (), ())
    assert "turns away frozen (recall of weapon 0.267 ± 0.067 se)." in choice.why
    assert choice.why.endswith(
        "every other falls short of it by more than one standard error, so partial_unfreeze it is."
    )


@pytest.mark.parametrize(
    ("gate", "settled"),
    [
        (0.3, "About 190 validation examples of small instead of 30 would settle it, if its recall stays as it is."),
        (8 / 30, "More validation examples of small (30 now) would settle it."),
    ],
)
def test_within_its_error_a_strategy_is_not_told_from_the_gate_and_stays_in(
    compared: Compared, gate: float, settled: str
) -> None:
    """The rare class is found in 8 of 30 cases: .267, with an error of .082."""
    (vision,) = compared(runs.plan("vision", None, 3, [], gate))
    choice = judgement.choose(vision)
    (found,) = choice.undecided
    assert (found.strategy, found.class_name, found.settled_by) == ("frozen", "small", settled)
    assert (found.recall, found.error) == pytest.approx((8 / 30, (8 * 22 / 30 / 29 / 30) ** 0.5))
    assert (choice.dropped, choice.is_undecided("frozen"), choice.is_undecided("scratch")) == ((), True, False)


def test_a_class_that_is_told_from_the_gate_turns_a_strategy_away_though_another_is_found_less_often(
    compared: Compared, invented: Runner
) -> None:
    """The rare class is found in 11 of 30 cases, .367 ± .089; the first one in 19 of 50, .380 ± .069."""

    def run(order: WantedRun) -> Trained:
        truth = runs.truth(runs.chosen(None, order.scenario)[0])
        keeps, letters = {"0": 19, "9": 11}, list(truth)
        for place, its in enumerate(truth):
            if its in keeps and truth[:place].count(its) >= keeps[its]:
                letters[place] = "1"
        return msgspec.structs.replace(invented(order), predicted="".join(letters))

    (vision,) = compared(runs.plan("vision", None, 3, [], 0.4525), run)
    choice, frozen = judgement.choose(vision), vision.strategy("frozen")
    assert (choice.dropped, choice.undecided) == (STRATEGIES, ())
    assert "turns away scratch (recall of A 0.380 ± 0.069 se)" in choice.why
    assert table.gate_text(vision, frozen) == "turned away by recall of A 0.380 ± 0.069 se"
    (vision,) = compared(runs.plan("vision", None, 3, [], 0.44), run)
    open_to = {(each.class_name, round(each.recall, 2)) for each in judgement.choose(vision).undecided}
    assert open_to == {("small", 0.37)}
    assert table.gate_text(vision, frozen) == "undecided"


def test_where_the_seeds_leave_it_open_more_of_them_are_asked_for(compared: Compared, invented: Runner) -> None:
    def run(order: WantedRun) -> Trained:
        """Let every seed find the rare class always, or never."""
        found, truth = invented(order), runs.truth(runs.chosen(None, order.scenario)[0])
        said = "9" if order.seed else "0"
        letters = (said if its == "9" else letter for letter, its in zip(found.predicted, truth, strict=True))
        return msgspec.structs.replace(found, predicted="".join(letters))

    (vision,) = compared(runs.plan("vision", None, 3, [], 0.5), run)
    settled = {each.settled_by for each in judgement.choose(vision).undecided}
    assert settled == {"More validation examples of small (30 now) and more seeds would settle it."}


@pytest.mark.parametrize(
    ("cost", "strategy", "why"),
    [
        ("scalars", "partial_unfreeze", "trains the least"),
        ("bytes", "partial_unfreeze", "leaves the least to keep"),
        ("seconds", "full_finetune", "trains the fastest"),
    ],
)
def test_of_those_that_cannot_be_told_from_the_best_the_cheapest_is_chosen(
    compared: Compared, close: Runner, cost: Currency, strategy: str, why: str
) -> None:
    (vision,) = compared(runs.plan("vision", None, 3, [], 0.4, cost), close)
    choice = judgement.choose(vision)
    assert (choice.strategy, choice.best, choice.tied) == (strategy, "partial_unfreeze", ("full_finetune",))
    assert vision.cost == cost
    assert choice.why.endswith(
        "partial_unfreeze has the best mean, 0.948; full_finetune (short by 0.002 ± 0.003 se) cannot be told from it. "
        f"Of these, {strategy} {why}."
    )


@pytest.mark.parametrize(("turned", "why"), [(1, "has the higher mean"), (0, "is not surpassed and comes first")])
def test_where_two_cost_the_same_it_is_said_what_decides(
    compared: Compared, invented: Runner, turned: int, why: str
) -> None:
    """From scratch and full fine-tuning learn as many scalars; here they are the best, apart by a few examples."""
    like = {"scratch": "partial_unfreeze", "full_finetune": "partial_unfreeze", "partial_unfreeze": "scratch"}

    def run(order: WantedRun) -> Trained:
        said = invented(msgspec.structs.replace(order, strategy=like.get(order.strategy, order.strategy))).predicted
        if order.strategy == "full_finetune":
            said = "9" * turned + said[turned:]
        return msgspec.structs.replace(invented(order), predicted=said)

    (vision,) = compared(runs.plan("vision", None, 2, [], 0.4), run)
    choice = judgement.choose(vision)
    assert (choice.strategy, choice.tied) == ("scratch", ("full_finetune",))
    told = f"Of these, scratch and full_finetune cost the least, one like the other; scratch {why}."
    assert choice.why.endswith(told)


@pytest.mark.parametrize(("cost", "best"), [("scalars", "partial_unfreeze"), ("seconds", "full_finetune")])
def test_of_two_best_the_cheaper_is_the_best(compared: Compared, invented: Runner, cost: Currency, best: str) -> None:
    def run(order: WantedRun) -> Trained:
        """Let full_finetune predict what partial_unfreeze does."""
        like = invented(msgspec.structs.replace(order, strategy="partial_unfreeze"))
        found = invented(order)
        is_twin = order.strategy == "full_finetune"
        return msgspec.structs.replace(found, predicted=like.predicted) if is_twin else found

    (vision,) = compared(runs.plan("vision", None, 3, [], 0.4, cost), run)
    choice = judgement.choose(vision)
    assert (choice.best, choice.strategy, len(choice.tied)) == (best, best, 1)


def test_what_is_alone_is_chosen_for_that(compared: Compared) -> None:
    (vision,) = compared(runs.plan("vision", None, 3, [], 0.85))
    choice = judgement.choose(vision)
    assert choice.strategy == "partial_unfreeze"
    assert "(recall of small 0.267 ± 0.082 se) and full_finetune (recall" in choice.why
    assert choice.why.endswith("Only partial_unfreeze is left, with a mean of 0.948.")


def test_the_headline_is_the_rule_without_the_gate(compared: Compared, invented: Runner) -> None:
    def run(order: WantedRun) -> Trained:
        """Make the frozen runs the best but for the rare class."""
        found, truth = invented(order), runs.truth(runs.chosen(None, order.scenario)[0])
        letters = "".join("0" if its == "9" else its for its in truth)
        return msgspec.structs.replace(found, predicted=letters) if order.strategy == "frozen" else found

    (vision,) = compared(runs.plan("vision", None, 3, [], 0.4), run)
    choice = judgement.choose(vision)
    assert (choice.strategy, choice.by_headline) == ("partial_unfreeze", "frozen")
    assert "turns away frozen (recall of small 0.000 ± 0.000 se)" in choice.why


def test_when_the_gate_turns_everything_away_nothing_is_chosen(compared: Compared) -> None:
    (text,) = compared(runs.plan("text", None, 2, [], 0.9))
    choice = judgement.choose(text)
    assert (choice.strategy, choice.best, len(choice.dropped)) == (None, None, 4)
    assert choice.why.endswith("That is all of them, so none is acceptable.")
    assert judgement.useful(text).after == choice.by_headline


def test_gains_are_paired_and_have_a_price(vision: Comparison) -> None:
    """In three common classes, one seed is right about one example less, so that two examples share the gain."""
    scratch, frozen, partial, full = judgement.worth(vision)
    assert scratch.over_scratch is None
    assert frozen.over_cheaper is None
    assert partial.over_cheaper is not None
    assert partial.over_cheaper.over == "frozen"
    assert partial.over_cheaper.mean == pytest.approx(25 / 480)
    by_example = [1 / 3, 2 / 3] * 3 + [1.0] * (6 + 16) + [0.0] * (480 - 28)
    assert partial.over_cheaper.error == pytest.approx(stdev(by_example) / 480**0.5)
    assert partial.cost == pytest.approx((58378 - 650) / (100 * 25 / 480))
    assert full.over_cheaper is not None
    assert full.over_cheaper.over == "partial_unfreeze"
    assert full.cost is None


def test_the_next_cheaper_is_so_in_the_comparisons_currency(compared: Compared) -> None:
    (vision,) = compared(runs.plan("vision", None, 3, [], 0.4, "seconds"))
    over = {row.strategy: row.over_cheaper.over if row.over_cheaper else None for row in judgement.worth(vision)}
    assert over == {
        "frozen": None, "scratch": "frozen", "full_finetune": "scratch", "partial_unfreeze": "full_finetune"
    }  # fmt: skip
    partial = judgement.worth(vision)[2]
    assert partial.cost == pytest.approx((0.75 - 0.6) / (100 * 11 / 480))


def test_with_one_seed_the_error_is_that_of_the_examples(compared: Compared) -> None:
    (vision,) = compared(runs.plan("vision", None, 1, [], 0.4))
    over = judgement.worth(vision)[2].over_cheaper
    assert over is not None
    assert over.error == pytest.approx((25 / 480 * (1 - 25 / 480) / 479) ** 0.5)


def test_the_useful_change_is_the_one_that_fell_most_before_the_choice(vision: Comparison) -> None:
    found = judgement.useful(vision)
    assert (found.before, found.after) == ("frozen", "partial_unfreeze")
    fell, rose = found.fell, found.rose
    assert (fell.true, fell.predicted, fell.before, fell.after) == (9, 8, 66, 0)
    assert (rose.true, rose.predicted, rose.before, rose.after) == (9, 0, 0, 18)


def test_where_no_confusion_rose_none_is_said_to_have(compared: Compared, invented: Runner) -> None:
    swapped = {"partial_unfreeze": "full_finetune", "full_finetune": "partial_unfreeze"}

    def run(order: WantedRun) -> Trained:
        other = invented(msgspec.structs.replace(order, strategy=swapped.get(order.strategy, order.strategy)))
        return msgspec.structs.replace(invented(order), predicted=other.predicted)

    (vision,) = compared(runs.plan("vision", None, 3, [], 0.4), run)
    found = judgement.useful(vision)
    assert (found.before, found.after) == ("partial_unfreeze", "full_finetune")
    assert found.fell.after < found.fell.before
    assert (found.rose.after - found.rose.before, found.rose.true == found.rose.predicted) == (0, False)


def test_the_hidden_case_is_the_pattern_less_the_headline(vision: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    found = judgement.hidden_by_headline(vision)
    assert (found.before, found.after) == ("frozen", "full_finetune")
    known = changes.deltas(vision)
    worse = msgspec.structs.replace(known[1], headline=-0.3, pattern=0.3)
    quiet = msgspec.structs.replace(known[2], headline=-0.01, pattern=0.1)
    monkeypatch.setattr(judgement, "deltas", lambda _: (worse, quiet))
    assert judgement.hidden_by_headline(vision) is quiet
