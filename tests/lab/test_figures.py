"""The figures: what they show is within the plot, on a scale of round numbers."""

from __future__ import annotations

import msgspec
import pytest

from grader.adaptation import Comparison
from grader.lab import figures
from grader.lab.chart import Chart, Column
from grader.lab.judgement import choose


def chart(*scores: float, level: float | None = None) -> Chart:
    columns = (Column(lines=("one",), scores=scores),)
    return Chart(title="", description="", columns=columns, level=None if level is None else ("bar", level))


@pytest.mark.parametrize(
    ("scores", "ticks"),
    [
        ((0.913, 0.979), ["0.92", "0.94", "0.96", "0.98"]),
        ((0.1, 0.9), ["0.2", "0.4", "0.6", "0.8"]),
        ((0.75, 0.752), ["0.745", "0.750", "0.755"]),
        ((1.0, 1.0), ["0.996", "0.998", "1.000"]),
        ((0.0, 0.0), ["0.000", "0.002", "0.004"]),
    ],
)
def test_ticks_are_round_and_accuracies(scores: tuple[float, ...], ticks: list[str]) -> None:
    assert chart(*scores).ticks() == ticks


def test_everything_drawn_is_within_the_plot(vision: Comparison) -> None:
    choice = choose(vision)
    best = figures.against_best(vision, choice)
    assert best is not None
    for drawn in (figures.scores(vision, choice), best, figures.depths(vision), chart(0.5, level=0.9)):
        ends = [end for _, mean, spread in drawn.meant for end in (mean - spread, mean + spread)]
        values = [*ends, *(score for column in drawn.columns for score in column.scores)]
        values += [drawn.level[1]] if drawn.level else []
        assert all(drawn.TOP < drawn.y(value) < drawn.BOTTOM for value in [*values, *map(float, drawn.ticks())])
        assert all(drawn.LEFT < drawn.x(place) < drawn.RIGHT for place in range(len(drawn.columns)))


def test_a_thread_is_one_seed_through_all_strategies(vision: Comparison) -> None:
    drawn = figures.scores(vision, choose(vision))
    assert drawn.threads == tuple(zip(*(row.scores for row in vision.strategies), strict=True))
    assert [column.is_chosen for column in drawn.columns].count(True) == 1
    assert figures.depths(vision).threads == ()


def test_a_depth_that_was_not_trained_has_its_cost_and_no_mean(vision: Comparison) -> None:
    drawn = figures.depths(vision)
    assert [bool(column.mean) for column in drawn.columns] == [bool(row.scores) for row in vision.depths]
    assert [column.lines[0] for column in drawn.columns] == [str(row.depth) for row in vision.depths]


def test_the_distance_to_the_best_is_drawn_with_its_own_error(vision: Comparison) -> None:
    drawn = figures.against_best(vision, choose(vision))
    assert drawn is not None
    best = vision.strategy("partial_unfreeze")
    for column, name in zip(drawn.columns, ("scratch", "partial_unfreeze", "full_finetune"), strict=True):
        mean, error = vision.gain(best, vision.strategy(name))
        assert (column.mean, column.spread, column.is_chosen) == (mean, error, name == "partial_unfreeze")
    assert drawn.level == ("best", 0.0)
    assert [tick for tick in drawn.ticks() if float(tick) < 0]
    assert "full_finetune -0.023 ± 0.006 se" in drawn.description
    assert "frozen" not in drawn.description


@pytest.mark.parametrize(("gate", "chosen"), [(1.0, 0), (0.85, 1)], ids=["none", "one"])
def test_without_two_acceptable_strategies_nothing_has_a_distance(vision: Comparison, gate: float, chosen: int) -> None:
    strict = msgspec.structs.replace(vision, min_recall=gate)
    assert sum(column.is_chosen for column in figures.scores(strict, choose(strict)).columns) == chosen
    assert figures.against_best(strict, choose(strict)) is None


def test_a_matrix_fits_a_phone_and_shows_which_counts_fell(vision: Comparison) -> None:
    before, after = vision.strategy("scratch"), vision.strategy("frozen")
    drawn = figures.change(vision, before, after)
    assert drawn.left + len(drawn.names) * drawn.cell + 6 <= 328
    for true, row in enumerate(drawn.rows):
        for predicted, square in enumerate(row):
            moved = after.confusion[true][predicted] - before.confusion[true][predicted]
            assert square.text == (f"{moved:+d}" if moved else "")
            assert square.is_less == (moved < 0)
