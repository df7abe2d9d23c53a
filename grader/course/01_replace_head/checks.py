"""Hidden checks of exercise 01: twelve of one point each.

Whether a new head stands where the old one was is asked of one family of models after the other: a crash on one costs
its own points. What a new head is like, and what else it leaves alone, is asked wherever there is one.
"""

from __future__ import annotations

import numpy as np

from grader.authoring import Waits, are, check, expect, expect_returned, fail, shorten
from grader.authoring.view import distance

from .plan import ELSEWHERE
from .seen import Array, Seen, Trial
from .wire import LABELS, REPLACE

TOLERANCE = 1e-4
"""Relative; float32 sums in another order. Probabilities or another head are off by far more."""
SEVERAL = 3
ALIKE = 0.9999
"""Cosine between two rows; rows drawn apart from each other never come near it at eight features or more."""


@check(points=1, of=REPLACE)
def test_the_new_head_fits_resnets(seen: Seen) -> None:
    """On ResNets, the new head has one row per class and the old head's width"""
    for trial in seen.of("resnet-basic", "resnet-bottleneck"):
        _expect_fits(trial)


@check(points=1, of=REPLACE)
def test_bias_dtype_and_device_are_the_old_heads(seen: Seen) -> None:
    """The new head has a bias if and only if the old one had one, and the same dtype and device"""
    for trial in seen.of("no-bias", "double"):
        _expect_new(trial)
    for trial in _replaced(seen):
        had, has = f"{trial.head}.bias" in trial.old, "bias" in trial.new
        expect(had == has, f"{trial.where}, the old head had {_a(had)} bias and the new one has {_a(has)}.")
        before = trial.old_weight.dtype
        expect(trial.same_dtype, f"{trial.where}, the old head was {before} and the new one is {trial.layer.dtype}.")
    _expect_on_device(seen)


@check(points=1, of=REPLACE)
def test_the_new_head_fits_a_bert(seen: Seen) -> None:
    """On a BERT, the new head has one row per class and the old head's width"""
    for trial in seen.of("bert"):
        _expect_fits(trial)


@check(points=1, of=REPLACE)
def test_the_new_head_fits_a_distilbert(seen: Seen) -> None:
    """On a DistilBERT, the new head has one row per class and the old head's width"""
    for trial in seen.of("distilbert"):
        _expect_fits(trial)


@check(points=1, of=REPLACE)
def test_a_transformers_model_computes_its_loss(seen: Seen) -> None:
    """A transformers model takes labels of the new classes, and the loss's gradient reaches the head"""
    for trial in seen.of("bert", "distilbert"):
        _expect_new(trial)
        for name in LABELS:
            told = trial.told.labels.get(name)
            expect(told == trial.classes, f"{trial.where}, `model.{name}` is {told} afterwards.")
        if trial.told.loss_raised is not None:
            fail(f"{trial.where}, `model(..., labels=labels)` raised {trial.told.loss_raised.sentence()}")
        _expect_loss(trial)


@check(points=1, of=REPLACE)
def test_the_last_linear_of_a_stack_is_replaced(seen: Seen) -> None:
    """Where the classifier is a Sequential that ends in a Linear, that one is replaced and the others stay"""
    _expect_last_of_stack(seen, "stacked")


@check(points=1, of=REPLACE)
def test_the_last_linear_need_not_end_the_stack(seen: Seen) -> None:
    """Where other layers follow the last Linear of a Sequential, it is still the one that is replaced"""
    _expect_last_of_stack(seen, "stacked-tail")


@check(points=1, of=REPLACE)
def test_nothing_else_is_changed(seen: Seen) -> None:
    """The model itself comes back, with the same keys, and every other entry of its state is what it was to the bit"""
    for trial in _replaced(seen):
        expect(
            trial.told.same,
            f"{trial.where}, you returned an object of type {trial.answer.returned}, not the model you were given.",
        )
        gone, come = trial.missing, trial.surplus
        but = f"; {are(come)} new there" if come else ""
        expect(not gone, f"{trial.where}, {are(gone)} no longer in `state_dict()`{but}.")
        expect(not come, f"{trial.where}, {are(come)} new in `state_dict()`.")
        expect(not trial.changed, f"{trial.where}, {are(trial.changed)} not as before.")
        if trial.told.raised is None:
            far = np.inf if trial.features is None else distance(trial.features, trial.before)
            expect(far < TOLERANCE, f"{trial.where}, other features arrive at the head than before.")


@check(points=1, of=REPLACE)
def test_the_weights_are_freshly_drawn(seen: Seen) -> None:
    """The new weights are drawn: neither copied nor constant"""
    _expect_some_fit(seen)
    for trial in _replaced(seen):
        weight = trial.new["weight"]
        expect(bool(np.isfinite(weight).all()), f"{trial.where}, the new weights are not all finite numbers.")
        count = len(np.unique(weight))
        held = f"{count} distinct numbers" if count > 1 else "a single number"
        expect(count >= SEVERAL, f"{trial.where}, the new weights hold {held} altogether.")
        expect(len(np.unique(weight, axis=0)) > 1, f"{trial.where}, all rows of the new weight are the same.")
        _expect_not_old(trial, weight)


@check(points=1, of=REPLACE)
def test_the_new_head_can_learn_when_the_rest_is_frozen(seen: Seen) -> None:
    """A step moves the new head, on a frozen model too"""
    for trial in _replaced(seen):
        expect(trial.stepped, f"{trial.where}, a step of one sixty-fourth did not move `{trial.head}` accordingly.")


@check(points=1, of=REPLACE)
def test_outputs_are_raw_scores(seen: Seen) -> None:
    """The outputs are raw scores: features times the new weights, plus the bias"""
    for trial in _expect_some_fit(seen):
        if trial.told.raised is not None:
            fail(f"{trial.where}, running the model raised {trial.told.raised.sentence()}")
        if trial.logits is not None and trial.probabilities():
            fail(f"{trial.where}, every row of outputs is positive and sums to 1. What does cross-entropy expect?")
        gap = trial.scores_gap()
        expect(
            gap < TOLERANCE,
            f"{trial.where}, the outputs are not the features times `{trial.head}.weight` plus the bias; relative to "
            f"the largest they differ by {gap:.2g}.",
        )


@check(points=1, of=REPLACE)
def test_a_head_without_classes_is_refused(seen: Seen) -> None:
    """Fewer than one class raises ValueError, one class does not"""
    (_, smallest), *refused = seen.bounds
    if smallest.missing or smallest.is_unwritten or smallest.raises("ValueError"):
        expect_returned(smallest, "replace_head(model, 1)")
    for classes, answer in refused:
        if answer.raised is not None and not answer.raises("ValueError"):
            fail(f"`replace_head(model, {classes})` raised {answer.raised.sentence()} instead of ValueError.")
        expect(answer.raises("ValueError"), f"`replace_head(model, {classes})` was accepted without a word.")


def _expect_some_fit(seen: Seen) -> list[Trial]:
    """Return the trials whose new head has the asked size; block the check where there is none."""
    fitting = [trial for trial in _replaced(seen) if trial.weight is not None and trial.same_dtype]
    if not fitting:
        raise Waits("No new head fits its model yet; put that right first, and look here again.")
    return fitting


def _replaced(seen: Seen) -> list[Trial]:
    """Return the trials with a new head; complain where there is none, which says nothing about what else stays."""
    replaced = [trial for trial in seen.reached if trial.replaced]
    if not replaced:
        for trial in seen.reached:
            expect_returned(trial.answer, trial.call, f"On {trial.title}: ")
        raise Waits("Your function does not replace any head yet; put that right first, and look here again.")
    return replaced


def _expect_new(trial: Trial) -> Array:
    """Return the weight that stands at the head's place, whatever its shape; fail where none does, or the old one."""
    expect_returned(trial.answer, trial.call, f"On {trial.title}: ")
    weight = trial.new.get("weight")
    if weight is None:
        fail(f"{trial.where}, there is no matrix `{trial.head}.weight` afterwards.")
    expect(not trial.kept, f"{trial.where}, `{trial.head}.weight` is not a new one.")
    return weight


def _expect_fits(trial: Trial) -> None:
    weight, width = _expect_new(trial), trial.old_weight.shape[1]
    expect(
        weight.shape == (trial.classes, width),
        f"{trial.where}, `{trial.head}.weight` has the shape {list(weight.shape)}; {width} features arrive at it.",
    )


def _expect_last_of_stack(seen: Seen, kind: str) -> None:
    for trial in seen.of(kind):
        expect_returned(trial.answer, trial.call, f"On {trial.title}: ")
        lost = frozenset(name for name in trial.missing - trial.head_names if name.startswith("classifier."))
        expect(not lost, f"{trial.where}, {are(lost)} gone.")
        _expect_fits(trial)


def _expect_on_device(seen: Seen) -> None:
    where, placed = f"On a ResNet whose parameters are on the device `{ELSEWHERE}`", seen.placed
    if placed.answer.raised is not None:
        fail(f"{where}, `{seen.placed_call}` raised {placed.answer.raised.sentence()}")
    head = {name: device for name, device in placed.devices.items() if name.startswith("fc.")}
    rows = {shape[0] for name, shape in placed.shapes.items() if name in head and shape}
    expect(rows == {seen.placed_classes}, f"{where}, no head for {seen.placed_classes} classes is there afterwards.")
    for name, device in head.items():
        expect(device == ELSEWHERE, f"{where}, `{name}` is on {shorten(device)} afterwards.")


def _expect_not_old(trial: Trial, weight: Array) -> None:
    if weight.ndim != trial.old_weight.ndim or weight.shape[1] != trial.old_weight.shape[1]:
        return
    with np.errstate(all="ignore"):
        likeness = np.abs(_unit(weight) @ _unit(trial.old_weight).T)
    copied = int((likeness.max(axis=1) > ALIKE).sum())
    expect(
        not copied,
        f"{trial.where}, {copied} of {len(weight)} rows of `{trial.head}.weight` are rows of the old head, or "
        "multiples of them.",
    )


def _unit(rows: Array) -> Array:
    """Return rows of length one; a row of zeros stays as it is."""
    rows = rows.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Array = rows / np.where(lengths == 0, 1, lengths)
    return unit


def _expect_loss(trial: Trial) -> None:
    expected = trial.expected_loss()
    if expected is None:
        raise Waits(f"{trial.where}, the new head does not fit; put that right first, and look here again.")
    (loss, gradient), told = expected, trial.told.loss
    if told is None:
        fail(f"{trial.where}, the loss is not a finite number.")
    expect(
        abs(told - loss) <= TOLERANCE * max(loss, 1),
        f"{trial.where}, the loss is {told:.5g}; the cross-entropy of the model's outputs is another number.",
    )
    if trial.still:
        return
    if trial.gradient is None or trial.gradient.shape != gradient.shape:
        fail(f"{trial.where}, no gradient of the loss reached `{trial.head}.weight`.")
    if trial.scores_gap() >= TOLERANCE:
        return
    close = np.allclose(trial.gradient, gradient, rtol=1e-3, atol=1e-4)
    expect(close, f"{trial.where}, the gradient at `{trial.head}.weight` is not the loss's.")


def _a(present: bool) -> str:  # noqa: FBT001  two words
    return "a" if present else "no"
