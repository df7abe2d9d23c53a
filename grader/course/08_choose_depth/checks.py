"""Hidden checks of exercise 08. They judge facts, never the learner's process.

Eight checks of one point, six for the choice and two for the next depth. The sketch of the course lists ten
properties: whose error counts and that it is a standard error share a check, so do the gate, its error and the best
that is turned away, and ties and the exact edge; the depths have two.
"""

from __future__ import annotations

from grader.adaptation import rule
from grader.authoring import check, expect, fail, returned_as

from .plan import EDGES, GATE, NOISE, ORDERED, TABLES, TIES
from .seen import Choice, NextDepth, Row, Seen
from .truth import next_depth
from .wire import CHOOSE, NEXT


@check(points=1, of=CHOOSE)
def test_the_cheapest_within_the_noise_of_the_best_is_chosen(seen: Seen) -> None:
    """On tables of the four strategies, the cheapest within the noise of the best is chosen"""
    _expect_choices(seen.choices(*TABLES))


@check(points=1, of=CHOOSE)
def test_the_noise_is_the_standard_error_of_each_difference(seen: Seen) -> None:
    """Each strategy is told from the best by one standard error of their difference, however noisy either is"""
    _expect_choices(seen.choices(*NOISE))


@check(points=1, of=CHOOSE)
def test_only_what_misses_a_class_beyond_doubt_is_turned_away(seen: Seen) -> None:
    """What misses the gate by more than its error is neither chosen nor the best; what may pass it stays in"""
    _expect_choices(seen.choices(*GATE))


@check(points=1, of=CHOOSE)
def test_equal_costs_and_means_and_the_exact_edge_are_decided(seen: Seen) -> None:
    """One standard error short is still as good; on equal cost the mean decides, on equal means the cost"""
    _expect_choices(seen.choices(*TIES, *EDGES))


@check(points=1, of=CHOOSE)
def test_the_order_of_the_list_makes_no_difference(seen: Seen) -> None:
    """Whatever the order of the list, the answer is the same"""
    for name in ORDERED:
        choices = seen.choices(name)
        names = sorted({choice.chosen().strategy for choice in choices})
        expect(
            len(names) == 1,
            f"Of {choices[0].title}, you chose {' or '.join(names)}, depending on the order of the list.",
        )
        _expect_choices(choices)


@check(points=1, of=CHOOSE)
def test_when_nothing_is_left_there_is_no_choice(seen: Seen) -> None:
    """When no strategy is left, ValueError is raised"""
    seen.choices(*TABLES)[0].chosen()
    for choice in seen.choices("nothing-left"):
        if choice.answer.raises("ValueError"):
            continue
        where = f"Every worst recall was below {choice.gate} by more than its error"
        if choice.answer.raised is not None:
            fail(f"{where}; `{choice.text}` raised {choice.answer.raised.sentence()} instead of ValueError.")
        fail(f"{where}, but `{choice.text}` answered without a word. What if nothing is acceptable?")


@check(points=1, of=NEXT)
def test_the_next_depth_halves_the_gap_below(seen: Seen) -> None:
    """The next depth lies halfway between the chosen one and the tested one below, if any lies between"""
    for call in seen.depths:
        if call.possible:
            _expect_next(call)


@check(points=1, of=NEXT)
def test_a_chosen_depth_must_have_been_tested(seen: Seen) -> None:
    """A chosen depth that was not tested raises ValueError"""
    for call in seen.depths:
        if call.possible:
            returned_as(call.answer, int | None, call.text)
    for call in seen.depths:
        if call.possible or call.answer.raises("ValueError"):
            continue
        if call.answer.raised is not None:
            fail(f"`{call.text}` raised {call.answer.raised.sentence()} instead of ValueError.")
        fail(f"`{call.text}` answered without a word, but depth {call.chosen} was never tested.")


def _expect_choices(choices: list[Choice]) -> None:
    for choice in choices:
        mine, right = choice.chosen(), choice.expected
        if right is not None and mine.strategy != right.strategy:
            fail(f"Of {choice.title}, you chose {mine.strategy}. {_why_not(choice, mine, right)}")


def _why_not(choice: Choice, mine: Row, right: Row) -> str:
    """Say what speaks against a choice, and not what speaks for another."""
    if mine not in choice.admitted:
        recall = f"{mine.worst_recall} ± {mine.worst_recall_error} (se)"
        return f"Its worst recall is {recall}, and {choice.gate} was asked for."
    best = rule.best(choice.admitted)
    if mine not in rule.not_told_from(best, choice.admitted, choice.gain):
        mean, error = choice.gain(mine, best)
        return f"{best.strategy} stays in and scores {mean:.7f} ± {error:.7f} (se) more. Is that within the noise?"
    if mine.trainable != right.trainable:
        stays = f"It trains {mine.trainable:,} numbers; the best that stays in is {best.strategy}."
        return f"{stays} Is nothing cheaper as good as that, for all we know?{_gate(choice)}"
    if mine.mean != right.mean:
        return "Another one that is good enough costs the same. Which of the two is better?"
    return "Another one costs the same and has the same mean. Which of the two comes first?"


def _gate(choice: Choice) -> str:
    """Return the figures behind who stays in; nothing where no recall was asked for."""
    if choice.min_recall is None:
        return ""
    recalls = ", ".join(f"{row.strategy} {row.worst_recall} ± {row.worst_recall_error}" for row in choice.rows)
    return f" {choice.gate} was asked for; the worst recalls with their se are {recalls}."


def _expect_next(call: NextDepth) -> None:
    mine = returned_as(call.answer, int | None, call.text)
    expect(mine == next_depth(call.tested, call.chosen), f"`{call.text}` returned {mine}. {_why_not_next(call, mine)}")


def _why_not_next(call: NextDepth, mine: int | None) -> str:
    if mine is None:
        return "Is there no untested depth between the chosen one and the tested one below it?"
    if mine in call.tested:
        return "That depth has been run already."
    if mine > call.chosen:
        return "Is that a smaller adaptation than the chosen one?"
    if all(depth >= call.chosen for depth in call.tested):
        return "Nothing below the chosen depth was tested: what should come back then?"
    return "Which depth lies halfway between the chosen one and the largest tested one below it?"
