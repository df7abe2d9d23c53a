"""What is asked for, and what is kept when it does not all come."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.adaptation import STRATEGIES
from grader.errors import UsageError
from grader.lab import runs, summary
from grader.lab.runs import Plan, RunFailed, Runner, Trained, WantedRun


def test_seeds_come_one_after_the_other_so_that_what_is_complete_is_paired(plan: Plan) -> None:
    orders = plan.orders(plan.rows[0])
    assert [order.seed for order in orders] == [0] * 5 + [1] * 5 + [2] * 5
    assert [order.strategy for order in orders[:5]] == [*STRATEGIES, "partial_unfreeze"]
    assert [order.depth for order in orders[:5]] == [1, 1, 1, 1, 3]


def test_a_depth_that_is_trained_anyway_is_not_trained_twice() -> None:
    plan = runs.plan("vision", None, 1, [1, 2, 2], 0.4)
    assert [order.depth for order in plan.every_order()] == [1, 1, 1, 1, 2]


@pytest.fixture
def ends_at(invented: Runner) -> Callable[[int, type[BaseException]], Runner]:
    """Return a runner whose run of this number does not come to its end."""

    def make(number: int, error: type[BaseException]) -> Runner:
        begun: list[WantedRun] = []

        def run(order: WantedRun) -> Trained:
            begun.append(order)
            if len(begun) == number:
                raise error("Line 3 said no.")
            return invented(order)

        return run

    return make


EndsAt = Callable[[int, type[BaseException]], Runner]


@pytest.mark.parametrize(
    ("error", "trouble"), [(KeyboardInterrupt, "Stopped."), (RunFailed, "Line 3 said no.")], ids=["ctrl-c", "failure"]
)
def test_what_was_done_before_the_end_is_kept(
    plan: Plan, ends_at: EndsAt, error: type[BaseException], trouble: str
) -> None:
    done, said = runs.collect(plan.every_order(), ends_at(13, error), lambda _: None)
    assert said == trouble
    assert len(done) == 12
    (vision,) = summary.comparisons(plan, done, [])
    assert vision.seeds == (0, 1)
    assert all(row.n == 2 for row in vision.strategies)


def test_without_a_complete_seed_there_is_nothing_to_compare(plan: Plan, ends_at: EndsAt) -> None:
    done, _ = runs.collect(plan.every_order(), ends_at(5, KeyboardInterrupt), lambda _: None)
    assert len(done) == 4
    assert summary.comparisons(plan, done, []) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((None, "vision-rate", 3, [], 0.4), "There is no scenario 'vision-rate'. There are vision-letters, "),
        (("text", "vision-rare", 3, [], 0.4), "The scenario vision-rare is about vision, not text."),
        ((None, None, 0, [], 0.4), "--seeds takes 1 to 30, not 0."),
        ((None, None, 31, [], 0.4), "--seeds takes 1 to 30, not 31."),
        ((None, None, 3, [], 1.5), "--min-recall is a share between 0 and 1, not 1.5."),
        ((None, None, 3, [4], 0.4), "--depth takes 1 to 3 for text-weapons, not 4: 0 is frozen and 4 is full_finetune"),
        (("vision", None, 3, [2, 0], 0.4), "--depth takes 1 to 4 for vision-rare, not 0"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments: tuple[object, ...], sentence: str) -> None:
    with pytest.raises(UsageError) as said:
        runs.plan(*arguments)  # type: ignore[arg-type]
    assert str(said.value).startswith(sentence)
