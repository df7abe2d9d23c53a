"""The pictures: they show what was seen, mark what is not as asked, and say the same without a picture."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from grader.places import SOLUTIONS, SPECIMENS
from grader.records import Grade, Heatmap, Profile
from grader.report import html
from grader.report.drawing import described, lanes, number, octave, share, spans

Graded = Callable[..., Grade]
FOURTH, SEVENTH = "04_parameter_groups", "07_confusion_analysis"


def specimen(slug: str, name: str) -> str:
    return (SPECIMENS / slug / f"{name}.py").read_text("utf-8")


def solved(slug: str) -> str:
    return (SOLUTIONS / f"{slug}.py").read_text("utf-8")


def profiles(grade: Grade) -> list[Profile]:
    return [figure for figure in grade.figures if isinstance(figure, Profile)]


def heatmaps(grade: Grade) -> list[Heatmap]:
    return [figure for figure in grade.figures if isinstance(figure, Heatmap)]


def test_every_parameter_of_a_sound_solution_is_at_its_rate(graded: Graded) -> None:
    vision, text = profiles(graded(solved(FOURTH), slug=FOURTH))
    for profile in (vision, text):
        assert all(dot.is_right for dot in profile.dots)
        assert all(dot.seen == pytest.approx(dot.expected) for dot in profile.dots)
        assert profile.dots[-1].block == "head"
        assert profile.dots[0].expected < profile.dots[-1].expected
        assert "Not as asked" not in described(profile)
    assert vision.dots[0].block == "stem"
    assert text.dots[0].block == "embeddings"


def test_parameters_that_took_no_step_are_marked_and_named(graded: Graded) -> None:
    grade = graded(specimen(FOURTH, "groups_missing_params"), slug=FOURTH)
    vision = profiles(grade)[0]
    wrong = [dot for dot in vision.dots if not dot.is_right]
    assert {dot.name for dot in wrong} == {"conv1.weight", "bn1.weight", "bn1.bias"}
    assert {dot.seen for dot in wrong} == {None}
    assert "Not as asked: conv1.weight, took no step." in described(vision)
    assert lanes(vision) == [*sorted({octave(dot.expected) for dot in vision.dots}, reverse=True), None]
    drawn = re.findall(r"<svg.*?</svg>", html(grade), re.DOTALL)[0]
    assert drawn.count('class="wrong"') == len(wrong)
    assert drawn.count("<circle") == len(vision.dots)


def test_blocks_share_the_width_among_them(graded: Graded) -> None:
    profile = profiles(graded(solved(FOURTH), slug=FOURTH))[0]
    places = spans(profile)
    assert [title for title, _, _ in places] == ["stem", "layer1", "layer2", "layer3", "layer4", "head"]
    assert sum(length for _, _, length in places) == len(profile.dots)
    assert [start for _, start, _ in places[1:]] == [start + length for _, start, length in places[:-1]]


def test_the_wrong_cells_of_a_transposed_matrix_are_those_off_the_diagonal_that_differ(graded: Graded) -> None:
    grade = graded(specimen(SEVENTH, "cm_transposed"), slug=SEVENTH)
    counts, change = heatmaps(grade)
    size = range(len(counts.values))
    for row in size:
        for column in size:
            assert counts.are_right[row][column] == (counts.values[row][column] == counts.values[column][row])
    assert (counts.is_change, change.is_change) == (False, True)
    assert all(map(all, change.are_right))
    assert " (not right)" in html(grade)


def test_a_change_has_signs_and_adds_up_to_nothing(graded: Graded) -> None:
    change = heatmaps(graded(solved(SEVENTH), slug=SEVENTH))[1]
    assert all(sum(value or 0 for value in row) == pytest.approx(0, abs=1e-3) for row in change.values)
    assert {number(change, value) for value in (0.123, -0.5, 0.0, None)} == {"+0.12", "-0.50", "0", "?"}
    assert max(share(change, value) for row in change.values for value in row) == 1


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        (FOURTH, "groups_stale_tensors"),
        (FOURTH, "groups_generator_exhausted"),
        (FOURTH, "groups_single_lr"),
        (SEVENTH, "cm_zero_division"),
        (SEVENTH, "cm_drops_absent_class"),
        (SEVENTH, "cm_normalised_by_total"),
    ],
)
def test_whatever_came_back_is_drawn_with_numbers_of_no_locale(graded: Graded, slug: str, name: str) -> None:
    grade = graded(specimen(slug, name), slug=slug)
    drawings = re.findall(r"<svg.*?</svg>", html(grade), re.DOTALL)
    assert len(drawings) == len(grade.figures)
    for drawing in drawings:
        shapes = re.sub(r"<(title|desc).*?</\1>", "", drawing, flags=re.DOTALL)
        assert not re.search(r"\d,\d|nan|inf|None|e-\d", shapes)
