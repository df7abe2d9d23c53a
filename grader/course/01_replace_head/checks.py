"""Hidden checks of exercise 01, twelve of one point each.

Each family of models has checks of its own, so that what is right on one counts, whatever happens on another.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from grader.authoring import Waits, are, check, expect, expect_returned, fail, shorten

from .seen import Array, Seen, Trial
from .wire import ELSEWHERE, LABELS, REPLACE

TOLERANCE = 1e-4
"""Relative; float32 sums in another order. Probabilities or another head are off by far more."""
SEVERAL = 3
ALIKE = 0.9999
"""Cosine between two rows; rows drawn apart from each other never come near it at eight features or more."""


@check(points=1, of=REPLACE)
def test_a_resnet_itself_comes_back_with_the_same_keys(seen: Seen) -> None:
    """ResNets: the model itself comes back, and its state has the same keys"""
    _expect_back(seen.resnets)


@check(points=1, of=REPLACE)
def test_the_rest_of_a_resnet_is_bit_identical(seen: Seen) -> None:
    """ResNets: every other entry of the state is what it was, bit for bit"""
    _expect_rest(seen.resnets)


@check(points=1, of=REPLACE)
def test_the_new_head_fits_a_resnet(seen: Seen) -> None:
    """ResNets: the new head has one row per class and the old head's width"""
    for trial in _answered(seen.resnets):
        _expect_fits(trial)


@check(points=1, of=REPLACE)
def test_bias_dtype_and_device_are_the_old_heads(seen: Seen) -> None:
    """ResNets: the new head has a bias if and only if the old one had one, and the same dtype and device"""
    _expect_some_replaced(seen.resnets)
    for trial in seen.resnets:
        weight = _weight(trial)
        had, has = f"{trial.head}.bias" in trial.old, "bias" in trial.new
        expect(had == has, f"{trial.where}, the old head had {_a(had)} bias and the new one has {_a(has)}.")
        before = trial.old_weight.dtype
        same = all(array.dtype == before for array in (weight, *trial.new.values()))
        expect(same, f"{trial.where}, the old head was {before} and the new one is {trial.told.dtype}.")
    elsewhere = seen.elsewhere
    expect_returned(elsewhere.answer, f"{REPLACE}(model, …)", f"On a ResNet on the device {ELSEWHERE}: ")
    told = f"On a ResNet on the device {ELSEWHERE}, the new head is on {shorten(elsewhere.device)}."
    expect(elsewhere.device == ELSEWHERE, told)


@check(points=1, of=REPLACE)
def test_a_resnets_outputs_are_raw_scores(seen: Seen) -> None:
    """ResNets: the outputs are raw scores, features times the new weights plus the bias"""
    _expect_scores(seen.resnets)


@check(points=1, of=REPLACE)
def test_a_text_model_comes_back_with_everything_else(seen: Seen) -> None:
    """Text models: the model itself comes back with the same keys, and every other entry is what it was"""
    _expect_back(seen.texts)
    _expect_rest(seen.texts)


@check(points=1, of=REPLACE)
def test_the_new_head_of_a_text_model_gives_raw_scores(seen: Seen) -> None:
    """Text models: the new head fits, and the outputs are features times its weights plus the bias"""
    _expect_scores(seen.texts)


@check(points=1, of=REPLACE)
def test_a_text_model_computes_its_loss(seen: Seen) -> None:
    """Text models: labels of the new classes are taken, and the loss's gradient reaches the head"""
    for trial in _answered(seen.texts):
        _weight(trial)
        for name in LABELS:
            told = trial.told.labels.get(name)
            expect(told == trial.classes, f"{trial.where}, `model.{name}` is {told} afterwards.")
        if trial.told.loss_raised is not None:
            fail(f"{trial.where}, `model(..., labels=labels)` raised {trial.told.loss_raised.sentence()}")
        _expect_loss(trial)


@check(points=1, of=REPLACE)
def test_only_the_last_linear_of_a_stack_is_replaced(seen: Seen) -> None:
    """Where the classifier is a Sequential, its last Linear is replaced and the layers beside it stay"""
    for trial in _answered(seen.stacks):
        beside = (trial.missing | trial.changed) - trial.head_names
        lost = frozenset(name for name in beside if name.startswith("classifier."))
        expect(not lost, f"{trial.where}, {are(lost)} gone or not as before.")
        _expect_fits(trial)


@check(points=1, of=REPLACE)
def test_the_weights_are_freshly_drawn(seen: Seen) -> None:
    """Wherever a head was replaced, its weights are drawn: neither copied nor constant"""
    for trial in _replaced(seen.trials):
        weight = _weight(trial)
        expect(bool(np.isfinite(weight).all()), f"{trial.where}, the new weights are not all finite numbers.")
        count = len(np.unique(weight))
        held = f"{count} distinct numbers" if count > 1 else "a single number"
        expect(count >= SEVERAL, f"{trial.where}, the new weights hold {held} altogether.")
        expect(len(np.unique(weight, axis=0)) > 1, f"{trial.where}, all rows of the new weight are the same.")
        _expect_not_old(trial, weight)


@check(points=1, of=REPLACE)
def test_the_new_head_can_learn_when_the_rest_is_frozen(seen: Seen) -> None:
    """On a frozen model, a step moves the new head"""
    for trial in _replaced([trial for trial in seen.trials if trial.frozen]):
        _weight(trial)
        expect(trial.stepped, f"{trial.where}, a step of one sixty-fourth did not move `{trial.head}` accordingly.")


@check(points=1, of=REPLACE)
def test_a_head_without_classes_is_refused(seen: Seen) -> None:
    """Fewer than one class raises ValueError"""
    _expect_some_replaced(seen.resnets)
    (_, smallest), *refused = seen.bounds
    expect_returned(smallest, "replace_head(model, 1)")
    for classes, answer in refused:
        if answer.raised is not None and not answer.raises("ValueError"):
            fail(f"`replace_head(model, {classes})` raised {answer.raised.sentence()} instead of ValueError.")
        expect(answer.raises("ValueError"), f"`replace_head(model, {classes})` was accepted without a word.")


def _expect_back(trials: Iterable[Trial]) -> None:
    """Fail unless the model itself came back with the keys that it had."""
    for trial in _expect_some_replaced(trials):
        expect(
            trial.told.same,
            f"{trial.where}, you returned an object of type {trial.answer.returned}, not the model you were given.",
        )
        gone, come = trial.missing, trial.surplus
        but = f"; {are(come)} new there" if come else ""
        expect(not gone, f"{trial.where}, {are(gone)} no longer in `state_dict()`{but}.")
        expect(not come, f"{trial.where}, {are(come)} new in `state_dict()`.")


def _expect_rest(trials: Iterable[Trial]) -> None:
    """Fail unless everything but the head is what it was."""
    for trial in _expect_some_replaced(trials):
        expect(bool(trial.new) and not trial.kept, f"{trial.where}, `{trial.head}.weight` is not a new one.")
        expect(not trial.changed, f"{trial.where}, {are(trial.changed)} not as before.")


def _expect_scores(trials: Iterable[Trial]) -> None:
    """Fail unless the outputs are what the features give with the new head."""
    for trial in _answered(trials):
        if trial.told.raised is not None:
            fail(f"{trial.where}, running the model raised {trial.told.raised.sentence()}")
        if trial.logits is not None and trial.probabilities():
            fail(f"{trial.where}, every row of outputs is positive and sums to 1. What does cross-entropy expect?")
        _expect_fits(trial)
        gap = trial.scores_gap()
        expect(
            gap < TOLERANCE,
            f"{trial.where}, the outputs are not the features times `{trial.head}.weight` plus the bias; relative to "
            f"the largest they differ by {gap:.2g}.",
        )


def _answered(trials: Iterable[Trial]) -> list[Trial]:
    """Return the trials; fail on the first in which the function raised."""
    answered = list(trials)
    for trial in answered:
        unwritten = trial.answer.missing or trial.answer.raises("NotImplementedError")
        expect_returned(trial.answer, trial.call, "" if unwritten else f"On {trial.title}: ")
    return answered


def _expect_some_replaced(trials: Iterable[Trial]) -> list[Trial]:
    """Return the trials; a model in which nothing was done says nothing about what else stays as it is."""
    answered = _answered(trials)
    if all(trial.kept for trial in answered):
        raise Waits("Your function does not replace any head yet; put that right first, and look here again.")
    return answered


def _replaced(trials: Iterable[Trial]) -> list[Trial]:
    """Return the trials in which there is a new head, whatever happened in the others; block the check without any."""
    given = list(trials)
    found = [trial for trial in given if trial.answer.has_returned and trial.new and not trial.kept]
    if not found:
        _expect_some_replaced(given)
    return found


def _weight(trial: Trial) -> Array:
    """Return the new head's weight, whatever its shape."""
    weight = trial.new.get("weight")
    if weight is None:
        fail(f"{trial.where}, there is no matrix `{trial.head}.weight` afterwards.")
    return weight


def _expect_fits(trial: Trial) -> None:
    weight = _weight(trial)
    width = trial.old_weight.shape[1]
    expect(
        weight.shape == (trial.classes, width),
        f"{trial.where}, `{trial.head}.weight` has the shape {list(weight.shape)}; {width} features arrive at it.",
    )


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
        _expect_fits(trial)
        raise Waits("The head's bias does not fit its weight; put that right first, and look here again.")
    (loss, gradient), told = expected, trial.told.loss
    if told is None:
        fail(f"{trial.where}, the loss is not a finite number.")
    expect(
        abs(told - loss) <= TOLERANCE * max(loss, 1),
        f"{trial.where}, the loss is {told:.5g}; the cross-entropy of features times head is another number.",
    )
    if trial.gradient is None or trial.gradient.shape != gradient.shape:
        fail(f"{trial.where}, no gradient of the loss reached `{trial.head}.weight`.")
    close = np.allclose(trial.gradient, gradient, rtol=1e-3, atol=1e-4)
    expect(close, f"{trial.where}, the gradient at `{trial.head}.weight` is not the loss's.")


def _a(present: bool) -> str:  # noqa: FBT001  two words
    return "a" if present else "no"
