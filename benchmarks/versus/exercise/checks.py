"""Hidden checks: the same eight questions that ``benchmarks/versus/checks.py`` asks for the peers."""

from __future__ import annotations

from grader.authoring import are, check, expect, listing

from .plan import WIDTHS
from .seen import Seen
from .wire import FREEZE, GROUP, REPLACE


@check(points=1, of=REPLACE)
def test_head_has_a_row_per_class(seen: Seen) -> None:
    """The new head has a row for each class and takes the old one's features"""
    shape, asked = seen.told("head").head, [seen.classes["vision"], WIDTHS["vision"]]
    expect(list(shape or ()) == asked, f"The weight of the new head has shape {shape}. Which two numbers decide it?")


@check(points=1, of=REPLACE)
def test_one_score_per_class(seen: Seen) -> None:
    """The model gives one score per class"""
    scores = seen.told("head").scores
    expect(scores == (2, seen.classes["vision"]), f"For two pictures the model gave scores of shape {scores}.")


@check(points=1, of=GROUP)
def test_groups_hold_every_parameter_once(seen: Seen) -> None:
    """Head and backbone have their own rates, and every parameter is in one group"""
    groups = seen.told("groups").groups or []
    body = seen.anatomy("vision")
    held = [name for _, names in groups for name in names]
    expect(len(held) == len(set(held)), "Some parameters are in two groups.")
    for rate, wanted in ((0.1, body.head), (0.01, body.names - body.head)):
        mine = {name for group_rate, names in groups if group_rate == rate for name in names}
        expect(mine == wanted, f"With rate {rate}, {listing(mine ^ wanted)} should stand where it does not, or not.")


@check(points=1, of=FREEZE)
def test_only_the_head_learns(seen: Seen) -> None:
    """Only the head requires grad"""
    seen.told("freeze")
    moved, body = seen.moved("freeze", "vision"), seen.anatomy("vision")
    expect(not moved.backbone, f"After freezing, {are(moved.backbone)} still moved by a step.")
    expect(moved.head == body.head, f"After freezing, {are(body.head - moved.head)} not moved by a step.")


@check(points=1, of=FREEZE)
def test_frozen_weights_keep_every_bit(seen: Seen) -> None:
    """Training leaves the backbone's weights as they were"""
    seen.told("training")
    moved = seen.moved("training", "vision").backbone & seen.anatomy("vision").names
    expect(not moved, f"After five steps, {are(moved)} not what went in. What was the optimizer allowed to move?")


@check(points=1, of=FREEZE)
def test_the_head_moves(seen: Seen) -> None:
    """Training moves the head"""
    seen.told("training")
    moved, head = seen.moved("training", "vision").head, seen.anatomy("vision").head
    expect(moved == head, "The model ran for five steps, but its head learned nothing.")


@check(points=1, of=FREEZE)
def test_statistics_stand_still(seen: Seen) -> None:
    """Training leaves the backbone's statistics as they were"""
    seen.told("training")
    moved = seen.moved("training", "vision").backbone - seen.anatomy("vision").names
    expect(not moved, f"After five steps, {are(moved)} not what went in. Who moves them, if no optimizer does?")


@check(points=1, of=FREEZE)
def test_the_same_on_a_bert(seen: Seen) -> None:
    """On a BERT, too, the head alone learns, and it gives one score per class"""
    told, moved, body = seen.told("text"), seen.moved("text", "text"), seen.anatomy("text")
    scores = told.scores
    expect(scores == (2, seen.classes["text"]), f"For two texts the BERT gave scores of shape {scores}.")
    expect(not moved.backbone, f"On the BERT, {are(moved.backbone)} still moved by a step.")
    expect(moved.head == body.head, f"On the BERT, {are(body.head - moved.head)} not moved by a step.")
