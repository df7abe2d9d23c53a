"""Hidden checks of exercise 05: seven for the twin, two for the floor, one point each.

The sketch of the course lists eleven questions. Class, keys and shapes are one check, and so are the two halves of a
new normalisation layer, and the two halves of what a seed is for. What a twin does with luck and seeds counts only
once most of it is drawn anew: a copy repeats itself without effort.
"""

from __future__ import annotations

import numpy as np

from grader.authoring import Waits, are, check, expect, expect_returned, fail, listing, returned_as

from .seen import AGAIN, FIRST, OTHER, Floor, Seen, Twin
from .wire import FLOOR, TWIN


@check(points=1, of=TWIN)
def test_the_twin_is_another_model_with_the_same_keys(seen: Seen) -> None:
    """The twin is a new model of the same class, with the same keys and shapes"""
    for twin in _answered(seen):
        expect(not twin.told.same, f"{twin.where}, you returned the very model you were given.")
        expect(
            twin.told.akin, f"{twin.where}, you returned a {twin.answer.returned}. What class does the original have?"
        )
        _expect_fits(twin)


@check(points=1, of=TWIN)
def test_the_original_stays_as_it_was(seen: Seen) -> None:
    """The original stays as it was, and shares no tensor with the twin"""
    for twin in _answered(seen):
        expect(
            not twin.altered,
            f"{twin.where}, the call left other values or another flag in the original: {listing(twin.altered)}.",
        )
        expect(not twin.told.same, f"{twin.where}, the twin is the original, so they share everything.")
        expect(
            not twin.shared,
            f"{twin.where}, {listing(twin.shared)} of the original moved when the twin's numbers were changed.",
        )


@check(points=1, of=TWIN)
def test_every_matrix_is_drawn_anew(seen: Seen) -> None:
    """Every parameter with two or more dimensions is drawn anew"""
    for twin in _fitting(seen):
        expect(
            not twin.kept,
            f"{twin.where}, the original's numbers are still in the twin: {listing(twin.kept)}. Does a model from "
            "scratch know them?",
        )
        constant = twin.constant_in_layers
        expect(not constant, f"{twin.where}, one number fills the whole tensor: {listing(constant)} of the twin.")


@check(points=1, of=TWIN)
def test_normalisation_is_as_new(seen: Seen) -> None:
    """Normalisation layers are as new: scales 1, shifts 0, no statistics"""
    for twin in _fitting(seen):
        wrong = {name for name, new in twin.norms.items() if not bool(np.all(twin.values[name] == new))}
        worst = min(wrong, default="")
        expect(
            not wrong,
            f"{twin.where}, {are(wrong)} not what a new layer has; `{worst}` of the twin begins with "
            f"{_first(twin, worst)}.",
        )


@check(points=1, of=TWIN)
def test_everything_in_the_twin_can_learn(seen: Seen) -> None:
    """Every parameter of the twin can learn, also when the original was frozen"""
    for twin in _fitting(seen):
        dead = twin.anatomy.names - twin.live
        expect(not dead, f"{twin.where}, a step did not move {listing(dead)} of the twin.")
    _expect_drawn(seen)


@check(points=1, of=TWIN)
def test_a_seed_makes_its_twin(seen: Seen) -> None:
    """The same seed makes the same twin, another seed another"""
    _expect_drawn(seen)
    for twins in seen.twins:
        first, again, other = (twins[call] for call in (FIRST, AGAIN, OTHER))
        differing = {name for name in first.values if not first.agrees(again, name)}
        expect(not differing, f"{first.where}, two calls with seed {first.seed} differ in {listing(differing)}.")
        alike = {name for name in first.fresh if first.agrees(other, name)}
        expect(
            not alike,
            f"{first.where}, the twins with seeds {first.seed} and {other.seed} have the same {listing(alike)}.",
        )


@check(points=1, of=TWIN)
def test_the_global_generator_goes_on_as_before(seen: Seen) -> None:
    """The global random state of torch is as before the call"""
    _expect_drawn(seen)
    for twin in _answered(seen):
        expect(
            twin.numbers_kept,
            f"{twin.where}, the numbers that `torch.rand` gave after the call are not the ones it would have given "
            "without it.",
        )


@check(points=1, of=FLOOR)
def test_the_answer_is_the_training_majority(seen: Seen) -> None:
    """The floor is the validation accuracy of the most frequent training class"""
    for floor in _floors(seen, "plain", "shifted", "rare"):
        _expect_share(floor, "Which labels may a trivial classifier look at, and which is it scored on?")


@check(points=1, of=FLOOR)
def test_ties_and_classes_never_validated(seen: Seen) -> None:
    """A tie goes to the smallest label, and a class that validation never shows scores 0"""
    for floor in _floors(seen, "tie", "unseen"):
        _expect_share(floor, "Which class is the answer here, and how often is it right?")


def _answered(seen: Seen) -> tuple[Twin, ...]:
    """Return the twins; fail where the function raised or returned no model."""
    for twin in seen.every_twin:
        unwritten = twin.answer.missing or twin.answer.raises("NotImplementedError")
        expect_returned(twin.answer, twin.call, "" if unwritten else f"{twin.where}: ")
        if twin.told.shapes is None:
            fail(f"{twin.where}, you returned an object of type {twin.answer.returned}; the contract asks for a model.")
    return seen.every_twin


def _fitting(seen: Seen) -> tuple[Twin, ...]:
    for twin in _answered(seen):
        if not twin.values:
            raise Waits(f"{twin.where}, the twin has other keys or shapes; put that right first, and look here again.")
    return seen.every_twin


def _expect_fits(twin: Twin) -> None:
    mine, theirs = dict(twin.told.shapes or {}), {entry.name: entry.shape for entry in twin.anatomy.entries}
    gone, come = theirs.keys() - mine.keys(), mine.keys() - theirs.keys()
    expect(not gone, f"{twin.where}, {are(gone)} missing in the twin.")
    expect(not come, f"{twin.where}, {are(come)} in the twin and not in the original.")
    other = {name for name, shape in mine.items() if shape != theirs[name]}
    worst = min(other, default="")
    expect(
        not other,
        f"{twin.where}, the twin has other shapes: {listing(other)}; `{worst}` is {list(mine.get(worst, ()))} instead "
        f"of {list(theirs.get(worst, ()))}.",
    )


def _expect_drawn(seen: Seen) -> None:
    """A copy of the original proves nothing about seeds, luck or flags."""
    if not all(twin.mostly_fresh for twin in _fitting(seen)):
        raise Waits("This counts once most of the twin is drawn anew.")


def _first(twin: Twin, name: str) -> str:
    return f"{float(twin.values[name].flat[0]):g}" if name else ""


def _floors(seen: Seen, *ids: str) -> list[Floor]:
    return [floor for floor in seen.floors if floor.id in ids]


def _expect_share(floor: Floor, question: str) -> None:
    value = returned_as(floor.answer, float, f"{FLOOR}(train_labels, val_labels)")
    expect(floor.is_about(floor.share(floor.majority)), f"For {floor.labels}, you returned {value:.4g}. {question}")
