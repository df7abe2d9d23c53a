"""Hidden checks of exercise 05: eight for the twin, two for the floor, one point each.

What a twin looks like is asked of one architecture after the other. What it shares, holds, learns and repeats is asked
of those architectures whose twins are there, so that a crash on one of them costs its own point. What a twin
does with luck and seeds counts only where some of it is drawn anew: a copy repeats itself without effort.
"""

from __future__ import annotations

import numpy as np

from grader.authoring import Waits, are, check, expect, expect_returned, fail, listing, returned_as

from .seen import Floor, Seen, Twin
from .wire import FLOOR, TWIN


@check(points=1, of=TWIN)
def test_a_resnet_gets_a_twin(seen: Seen) -> None:
    """A ResNet gets a new model of the same class, keys and shapes"""
    _expect_new(seen.of("resnet"))


@check(points=1, of=TWIN)
def test_a_bert_gets_a_twin(seen: Seen) -> None:
    """A BERT gets a new model of the same class, keys and shapes"""
    _expect_new(seen.of("bert"))


@check(points=1, of=TWIN)
def test_a_vision_transformer_gets_a_twin(seen: Seen) -> None:
    """A Vision Transformer gets a new model of the same class, keys and shapes"""
    _expect_new(seen.of("vit"))


@check(points=1, of=TWIN)
def test_the_original_is_left_alone(seen: Seen) -> None:
    """The original stays as it is, also when the twin changes: they share nothing"""
    for twin in _fitting(seen):
        expect(not twin.told.same, f"{twin.where}, you returned the very model you were given.")
        expect(
            not twin.altered,
            f"{twin.where}, the call left other values or another flag in the original: {listing(twin.altered)}.",
        )
        expect(
            not twin.shared,
            f"{twin.where}, {listing(twin.shared)} of the original moved when the twin's numbers were changed.",
        )


@check(points=1, of=TWIN)
def test_everything_is_drawn_anew(seen: Seen) -> None:
    """Every parameter with two or more dimensions is drawn anew, and no bias is the original's"""
    for twin in _fitting(seen):
        kept = twin.kept or twin.kept_biases
        expect(
            not kept,
            f"{twin.where}, the original's numbers, or numbers made from them, are still in the twin: "
            f"{listing(kept)}. Does a model from scratch know them?",
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
        expect(not twin.told.same, f"{twin.where}, you returned the very model you were given.")


@check(points=1, of=TWIN)
def test_a_seed_makes_its_twin_and_no_other_luck(seen: Seen) -> None:
    """The same seed makes the same twin, another seed another, and the global random state is as before the call"""
    drawn = [twins for twins in _whole(seen) if all(twin.fresh for twin in twins)]
    if not drawn:
        raise Waits("This counts once some of the twin is drawn anew.")
    for first, again, other in drawn:
        differing = {name for name in first.values if not first.agrees(again, name)}
        expect(not differing, f"{first.where}, two calls with seed {first.seed} differ in {listing(differing)}.")
        alike = {name for name in first.fresh if first.agrees(other, name) or first.resembles(other, name)}
        expect(
            not alike,
            f"{first.where}, the twins with seeds {first.seed} and {other.seed} have the same {listing(alike)}, or "
            "numbers made from each other's.",
        )
        expect(
            first.numbers_kept and again.numbers_kept and other.numbers_kept,
            f"{first.where}, the numbers that `torch.rand` gave after the call are not the ones it would have given "
            "without it.",
        )


@check(points=1, of=FLOOR)
def test_the_answer_is_the_training_majority(seen: Seen) -> None:
    """The floor is the validation accuracy of the most frequent training class"""
    for floor in seen.floors:
        if floor.is_plain:
            _expect_share(floor, "Which labels may a trivial classifier look at, and which is it scored on?")


@check(points=1, of=FLOOR)
def test_the_validation_labels_may_look_otherwise(seen: Seen) -> None:
    """So it is where validation has another majority or never shows the class, and the smallest label wins a tie"""
    for floor in seen.floors:
        if not floor.is_plain:
            _expect_share(floor, "Which class is the answer here, and how often is it right?")


def _expect_answered(twin: Twin) -> None:
    """Fail where the function raised or returned no model."""
    expect_returned(twin.answer, twin.call, f"{twin.where}: ")
    if twin.told.shapes is None:
        fail(f"{twin.where}, you returned an object of type {twin.answer.returned}; the contract asks for a model.")


def _whole(seen: Seen) -> list[tuple[Twin, ...]]:
    """Return the twins of each model that all came back as they have to; complain where there is no such model."""
    whole = [twins for twins in seen.reached if all(twin.answer.has_returned and twin.values for twin in twins)]
    if not whole:
        for twins in seen.reached:
            for twin in twins:
                _expect_answered(twin)
        raise Waits("No twin has the keys, shapes and dtypes of its original; put that right first.")
    return whole


def _fitting(seen: Seen) -> list[Twin]:
    return [twin for twins in _whole(seen) for twin in twins]


def _expect_new(twins: tuple[Twin, ...]) -> None:
    for twin in twins:
        _expect_answered(twin)
        expect(not twin.told.same, f"{twin.where}, you returned the very model you were given.")
        expect(
            twin.told.akin, f"{twin.where}, you returned a {twin.answer.returned}. What class does the original have?"
        )
        _expect_fits(twin)


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
    dtypes = {name: str(array.dtype) for name, array in twin.old.items()}
    changed = {name for name, dtype in dtypes.items() if twin.told.dtypes.get(name) != dtype}
    worst = min(changed, default="")
    expect(
        not changed,
        f"{twin.where}, the twin has other dtypes: {listing(changed)}; `{worst}` is {twin.told.dtypes.get(worst)} "
        f"instead of {dtypes.get(worst)}.",
    )


def _first(twin: Twin, name: str) -> str:
    return f"{float(twin.values[name].flat[0]):g}" if name else ""


def _expect_share(floor: Floor, question: str) -> None:
    value = returned_as(floor.answer, float, f"{FLOOR}(train_labels, val_labels)")
    expect(floor.is_about(floor.share(floor.majority)), f"For {floor.labels}, you returned {value:.4g}. {question}")
