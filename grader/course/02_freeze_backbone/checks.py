"""Hidden checks of exercise 02: one for the snapshot, five for freezing, six for training mode, two for comparing.

BERT and DistilBERT are one check, so are the head that looks like the backbone and the parameters that belong to no
layer. `train_mode` is asked with flags set by the grader, so freezing wrongly does not cost its points; the two real
runs are judged with what the learner's own `freeze_backbone` left to learn; they wait where that is nothing or most.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.authoring import Waits, are, check, expect, expect_returned, fail, listing, returned_as
from grader.wire.answer import Answer

from .seen import Comparison, FrozenRun, Round, Seen, Trial
from .wire import CHANGED, FREEZE, SNAPSHOT, TRAIN

FREEZE_CALL, TRAIN_CALL = "freeze_backbone(model, head_names)", "train_mode(model)"
FOLLOWS_FREEZE = "This follows from your `freeze_backbone`; put that right first, and look here again."
TOLERANCE = 1e-3
"""Of scores: float32 sums in another order stay a hundred times below, a drifting backbone goes far beyond."""


@check(points=1, of=SNAPSHOT)
def test_a_snapshot_is_a_copy_of_the_whole_state(seen: Seen) -> None:
    """A snapshot has a copy of every entry of the state, and later changes do not reach it"""
    for copy in seen.copies:
        expect_returned(copy.answer, "snapshot(model)")
        where = f"On {copy.title}"
        expect(not copy.lacking, f"{where}, {are(copy.lacking)} not in your snapshot.")
        others = copy.names - copy.tensors
        expect(not others, f"{where}, your snapshot holds something else than a tensor for {listing(others)}.")
        surplus = copy.names - {entry.name for entry in copy.anatomy.entries}
        expect(not surplus, f"{where}, {are(surplus)} in your snapshot, but not in `state_dict()`.")
        expect(
            not copy.aliased,
            f"{where}, after the model's numbers were changed, so were these of the snapshot: {listing(copy.aliased)}.",
        )
        wrong = copy.names - copy.kept
        expect(not wrong, f"{where}, {are(wrong)} in your snapshot with other values than the model had.")


@check(points=1, of=FREEZE)
def test_only_the_head_of_a_resnet_learns(seen: Seen) -> None:
    """On ResNets exactly the head learns, also when it has several layers"""
    _expect_frozen(_of(seen, "resnet", "normed"))


@check(points=1, of=FREEZE)
def test_whole_names_decide_and_no_parameter_is_passed_over(seen: Seen) -> None:
    """Whole names decide, wherever they lie, and parameters that belong to no layer are frozen too"""
    _expect_frozen([*_of(seen, "gated", "vit"), seen.inner])


@check(points=1, of=FREEZE)
def test_only_the_head_of_a_text_model_learns(seen: Seen) -> None:
    """On a BERT with twelve layers and on a DistilBERT, whose head has two layers, exactly the head learns"""
    _expect_frozen(_of(seen, "bert", "distilbert"))


@check(points=1, of=FREEZE)
def test_a_head_that_was_frozen_learns_again(seen: Seen) -> None:
    """On a model in which nothing could learn, the head learns afterwards"""
    for trial in _answered([trial for trial in seen.trials if trial.state == "frozen"]):
        lacking = trial.anatomy.head - trial.live
        expect(not lacking, f"{trial.where}, {listing(lacking)} of the head cannot learn afterwards.")
        surplus = trial.backbone & trial.live
        expect(not surplus, f"{trial.where}, {listing(surplus)} can learn afterwards and should not.")


@check(points=1, of=FREEZE)
def test_freezing_changes_flags_and_nothing_else(seen: Seen) -> None:
    """The same model comes back, with the same keys, parameters and values"""
    for trial in _answered(seen.trials):
        expect(
            trial.told.same,
            f"{trial.where}, you returned a {trial.answer.returned} that is not the model you were given.",
        )
        expect(not trial.gone, f"{trial.where}, {are(trial.gone)} no longer in `state_dict()`.")
        expect(not trial.come, f"{trial.where}, {are(trial.come)} new in `state_dict()`.")
        expect(not trial.told.replaced, f"{trial.where}, {are(trial.told.replaced)} not the same parameter as before.")
        expect(not trial.altered, f"{trial.where}, {are(trial.altered)} not what a step makes of the old values.")
    if not any(trial.right for trial in seen.trials if trial.before != trial.anatomy.head):
        raise Waits("Nothing else was changed; the point is given once `freeze_backbone` has set one model right.")


@check(points=1, of=TRAIN)
def test_a_frozen_resnet_does_not_look_at_its_batch(seen: Seen) -> None:
    """In training, what a frozen ResNet makes of a picture does not depend on the rest of its batch"""
    for one in _ready(seen.rounds_of("vision")):
        if one.depth:
            continue
        _expect_pristine(one, "with other pictures beside them, the scores of the same pictures change")
    _expect_something_trains(seen)


@check(points=1, of=TRAIN)
def test_two_passes_through_a_frozen_bert_agree(seen: Seen) -> None:
    """In training, two passes of the same texts through a frozen BERT agree"""
    for one in _ready(seen.rounds_of("text")):
        if one.depth or one.dropout:
            continue
        _expect_pristine(one, "two passes of the same texts give scores that differ")
    _expect_something_trains(seen)


@check(points=1, of=TRAIN)
def test_the_live_head_trains(seen: Seen) -> None:
    """The live part trains: the head's own BatchNorm, and the dropout before the head"""
    for one in _ready(seen.rounds_of("normed")):
        idle = one.should_count - one.counting
        expect(
            not idle,
            f"{one.where}, {listing(idle)} belongs to the head and did not count the {one.batches} batches that went "
            "through. In which mode does a layer count?",
        )
    for one in _ready(seen.rounds_of("text")):
        expect(
            one.depth > 0 or not one.dropout or one.wobble > TOLERANCE,
            f"{one.where}, two passes gave the same scores, although `model.dropout`, which sits between backbone and "
            f"head and has no parameters, drops half of its inputs in training. Which mode is it in?",
        )


@check(points=1, of=TRAIN)
def test_the_mode_follows_the_flags_of_the_moment(seen: Seen) -> None:
    """Whatever is freed later trains again, and whatever is still frozen does not; the model itself comes back"""
    for one in _ready(seen.rounds_of("vision")):
        back = f"{one.where}, `{TRAIN_CALL}` returned {one.told.answer.returned}, not the model that it was given."
        expect(one.told.same, back)
        if not one.depth:
            continue
        idle = one.should_count - one.counting
        if idle and one.gone:
            raise Waits(FOLLOWS_FREEZE)
        expect(not idle, f"{one.where}, {listing(idle)} did not count the {one.batches} batches that went through.")
        stray = frozenset(norm.name for norm in one.norms if not norm.live and (norm.counted or norm.moved))
        expect(not stray, f"{one.where}, {are(stray)} frozen, and yet a batch changed what they remember.")
    for one in _ready(seen.rounds_of("text")):
        expect(
            not one.depth or one.wobble > TOLERANCE,
            f"{one.where}, two passes gave the same scores: no dropout was at work.",
        )


@check(points=1, of=TRAIN)
def test_a_frozen_resnet_run_leaves_the_backbone_untouched(seen: Seen) -> None:
    """Two epochs on the pretrained ResNet move the head and not one bit of the backbone"""
    _expect_run(seen, seen.run("vision"))


@check(points=1, of=TRAIN)
def test_a_frozen_bert_run_leaves_the_backbone_untouched(seen: Seen) -> None:
    """Two epochs on the pretrained BERT move the head and not one bit of the backbone"""
    _expect_run(seen, seen.run("text"))


@check(points=1, of=CHANGED)
def test_the_smallest_change_is_found(seen: Seen) -> None:
    """A change in the last digit of a weight, a statistic or a counter is found, and nothing else"""
    _expect_found(seen, "weight", "buffer", "counter", "nothing")


@check(points=1, of=CHANGED)
def test_lost_new_and_reshaped_entries_count(seen: Seen) -> None:
    """Entries on one side only and entries of another shape count, and the names come sorted"""
    _expect_found(seen, "renamed", "reshaped", "trained", "nothing")


def _of(seen: Seen, *models: str) -> list[Trial]:
    """Return the trials of some models that did not begin with everything frozen."""
    return [trial for trial in seen.trials if trial.id in models and trial.state != "frozen"]


def _answered(trials: Iterable[Trial]) -> list[Trial]:
    answered = list(trials)
    for trial in answered:
        _expect_answer(trial.answer, FREEZE_CALL, f"On {trial.title}: ")
    return answered


def _expect_answer(answer: Answer, call: str, where: str) -> None:
    unwritten = answer.missing or answer.raises("NotImplementedError")
    expect_returned(answer, call, "" if unwritten else where)


def _expect_frozen(trials: list[Trial]) -> None:
    for trial in _answered(trials):
        surplus, lacking = trial.backbone & trial.live, trial.anatomy.head - trial.live
        expect(not surplus, f"{trial.where}, {listing(surplus)} can learn afterwards and should not.")
        expect(not lacking, f"{trial.where}, {listing(lacking)} of the head cannot learn afterwards.")
        expect(
            not trial.decayed,
            f"{trial.where}, an optimizer with weight decay moved {listing(trial.decayed)}, although no gradient did. "
            "Which tensors does an optimizer pass over?",
        )


def _ready(rounds: tuple[Round, ...]) -> tuple[Round, ...]:
    """Return the rounds; fail where ``train_mode`` raised, or the model could not be run after it."""
    for one in rounds:
        _expect_answer(one.told.answer, TRAIN_CALL, f"{one.where}: ")
        if one.told.raised is not None:
            fail(f"{one.where}, running the model after `{TRAIN_CALL}` raised {one.told.raised.sentence()}.")
    return rounds


def _expect_pristine(one: Round, otherwise: str) -> None:
    changed = f" No step was taken, but {are(one.moved)} not as before." if one.moved else ""
    expect(
        one.gap <= TOLERANCE,
        f"{one.where}, {otherwise} by up to {one.wobble:.2g}; from what the untouched backbone gives they are up to "
        f"{one.gap:.2g} away.{changed}",
    )
    expect(not one.moved, f"{one.where}, a few batches without any step changed {listing(one.moved)}.")


def _expect_something_trains(seen: Seen) -> None:
    """A model in which nothing ever trains is no frozen run, but no training at all."""
    if not any(one.counting or one.wobble > TOLERANCE for one in seen.rounds):
        raise Waits(
            "After your `train_mode` no layer is in training mode, whatever the flags; this counts once one is."
        )


def _expect_run(seen: Seen, run: FrozenRun) -> None:
    if trouble := run.told.freeze.trouble(FREEZE_CALL):
        raise Waits(trouble)
    for answer in run.told.modes:
        _expect_answer(answer, TRAIN_CALL, f"On {run.title}: ")
    if run.told.raised is not None:
        _wait_for_freeze(seen)
        fail(f"On {run.title}, a training step raised {run.told.raised.sentence()}.")
    steps, backbone = len(run.moved), run.anatomy.names - run.anatomy.head
    if run.gone or not run.live or 2 * len(backbone & run.live) > len(backbone):
        _wait_for_freeze(seen)
    expect(
        not run.surplus,
        f"After {steps} steps on {run.title} with a frozen backbone, {are(run.surplus)} not what was pretrained.",
    )
    expect(not run.lacking, f"After {steps} steps on {run.title}, {listing(run.lacking)} had not moved.")
    if backbone & run.live:
        return
    expect(
        run.gap <= TOLERANCE,
        f"After {steps} steps on {run.title}, its scores are not what the untouched backbone and your head give; they "
        f"differ by {run.gap:.2g}.",
    )


def _wait_for_freeze(seen: Seen) -> None:
    if not all(trial.right and not trial.gone for trial in seen.trials):
        raise Waits(FOLLOWS_FREEZE)


def _expect_found(seen: Seen, *ids: str) -> None:
    for comparison in (seen.comparisons[name] for name in ids):
        names = returned_as(comparison.answer, list[str], "changed_entries(before, model)")
        where, expected = f"When {_CHANGES[comparison.id]}", list(comparison.expected)
        if names == expected:
            continue
        if _follows_snapshot(seen, comparison, names):
            raise Waits("This follows from your `snapshot`; put that right first, and look here again.")
        missed, surplus = set(expected) - set(names), set(names) - set(expected)
        expect(not missed, f"{where}, your list left out {listing(missed)}.")
        expect(not surplus, f"{where}, your list had {listing(surplus)} in it, where nothing differs.")
        fail(f"{where}, your list had the right names, but not sorted and once each.")


_CHANGES = {
    "nothing": "nothing had changed since the snapshot",
    "weight": "one number of a kernel had changed from 1 to 1.000001",
    "buffer": "one running statistic had changed from 1 to 1.0000001",
    "counter": "a BatchNorm had counted one batch more",
    "trained": "four tensors had changed by 1",
    "renamed": "one entry was only in the model and one only in the snapshot",
    "reshaped": "two entries of the snapshot had another shape",
}


def _follows_snapshot(seen: Seen, comparison: Comparison, names: list[str]) -> bool:
    """Whether a wrong list is right for someone who compares with an own snapshot that lacks entries."""
    lacking = seen.copies[0].lacking
    alone = {*comparison.expected, *(lacking & comparison.names)} - (lacking & comparison.lost)
    return bool(lacking) and sorted(alone) == names
