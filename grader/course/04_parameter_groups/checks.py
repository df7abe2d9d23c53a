"""Hidden checks of exercise 04: nine for the groups and three for the scaling, one point each.

Every check needs moves that were recomputed outside; what the groups say of themselves can only cost points.
Where the optimizer refuses the groups, the rest is judged with every tensor where it stands first; where nothing
moves, that costs one point and the rest waits.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.authoring import Waits, are, check, expect, expect_returned, fail, listing, shorten

from .seen import Call, Names, Schedule, Seen, Trial
from .wire import BUILD, DEFAULTS, SCALE


@check(points=1, of=BUILD)
def test_sgd_and_adamw_accept_the_groups(seen: Seen) -> None:
    """SGD and AdamW accept the groups, and a step with them moves this model"""
    for trial in seen.trials:
        _expect_returned(trial)
        if refused := trial.told.refused:
            fail(f"{trial.where}, torch.optim.{trial.optimizer} refused your groups: {refused.sentence()}")
        expect(
            not trial.others,
            f"{trial.where}, your groups hold {trial.others} tensors that are not parameters of the model you were "
            "given.",
        )
        expect(bool(trial.moved), f"{trial.where}, one step with your groups moved none of the model's parameters.")


@check(points=1, of=BUILD)
def test_everything_that_can_learn_is_in_exactly_one_group(seen: Seen) -> None:
    """Every parameter that requires grad is in exactly one group"""
    for trial in _ready(seen.trials):
        missing = trial.live - (trial.moved & trial.grouped)
        expect(
            not missing,
            f"{trial.where}, {listing(missing)} can learn but did not move when the optimizer took a step. Which "
            "group is it in?",
        )
        expect(not trial.repeated, f"{trial.where}, {are(trial.repeated)} in your groups more than once.")


@check(points=1, of=BUILD)
def test_what_is_frozen_is_in_no_group(seen: Seen) -> None:
    """No parameter that is frozen is in any group"""
    for trial in _ready(seen.trials):
        frozen = (trial.moved | trial.grouped) - trial.live
        expect(
            not frozen,
            f"{trial.where}, {are(frozen)} in a group without requiring grad. A gradient left over "
            "from before would move it.",
        )
        _expect_both_parts(trial)


@check(points=1, of=BUILD)
def test_no_group_is_empty(seen: Seen) -> None:
    """No group is empty, not even when only the head can learn"""
    for trial in _ready(seen.trials):
        empty = [index for index, group in enumerate(trial.groups) if group.empty]
        expect(
            not empty,
            f"{trial.where}, {len(empty)} of your {len(trial.groups)} groups had nobody in it: "
            f"number {', '.join(map(str, empty))}, counted from 0.",
        )
        _expect_both_parts(trial)


@check(points=1, of=BUILD)
def test_head_and_backbone_of_a_resnet_have_their_rates(seen: Seen) -> None:
    """On a ResNet, one step moves the head at head_lr and the backbone at backbone_lr"""
    _expect_rates(seen, "resnet")


@check(points=1, of=BUILD)
def test_whole_names_decide_who_is_in_the_head(seen: Seen) -> None:
    """Names that only look like the head's keep the backbone's rate, and a head of several parts is one head"""
    _expect_rates(seen, "gated")


@check(points=1, of=BUILD)
def test_head_and_backbone_of_text_models_have_their_rates(seen: Seen) -> None:
    """On BERT and DistilBERT, one step moves the head at head_lr and the backbone at backbone_lr"""
    _expect_rates(seen, "bert", "distilbert")


@check(points=1, of=BUILD)
def test_biases_and_normalisation_do_not_decay(seen: Seen) -> None:
    """Biases and the parameters of normalisation layers do not decay"""
    for trial in _ready(seen.trials):
        _expect_decay(trial, trial.live & trial.flat)


@check(points=1, of=BUILD)
def test_matrices_kernels_and_embeddings_decay(seen: Seen) -> None:
    """Matrices, kernels and embedding tables decay as asked"""
    for trial in _ready(seen.trials):
        _expect_decay(trial, trial.live - trial.flat)


@check(points=1, of=SCALE)
def test_every_call_starts_from_the_first_rates(seen: Seen) -> None:
    """After any sequence of calls, every group learns at the factor times its first rate"""
    for schedule in seen.schedules:
        for index, call in enumerate(schedule.calls):
            _expect_scaled(schedule, index, call, range(len(schedule.bases) - 1))


@check(points=1, of=SCALE)
def test_a_group_added_later_has_its_own_first_rate(seen: Seen) -> None:
    """A group that was added later is scaled from the rate it came with"""
    late = len(seen.schedules[0].bases) - 1
    for schedule in seen.schedules:
        for index, call in enumerate(schedule.calls):
            if index >= schedule.late_before:
                _expect_scaled(schedule, index, call, [late])


@check(points=1, of=SCALE)
def test_order_and_other_keys_stay(seen: Seen) -> None:
    """The first rate is kept under `initial_lr`; order and other keys of the groups stay"""
    for schedule in seen.schedules:
        first = schedule.calls[0]
        _expect_scaled(schedule, 0, first, range(len(first.shown)))
        for index, call in enumerate(schedule.calls):
            expect_returned(call.answer, f"{SCALE}(optimizer, {call.factor:g})")
            where = f"After {schedule.factors(index)}"
            order = [group.members for group in call.shown]
            kept = order == [(member,) for member in range(schedule.present(index))]
            expect(kept, f"{where}, the groups stood in another order.")
            for group in range(len(order)):
                _expect_untouched(schedule, call, group, where)
    resumed = seen.resumed
    left = "in whose groups a scheduler had left an `initial_lr`"
    for index, call in enumerate(resumed.calls):
        expect_returned(call.answer, f"{SCALE}(optimizer, {call.factor:g})")
        for group, base in enumerate(resumed.bases[:-1]):
            told = (
                f"After {resumed.factors(index)} on an optimizer {left}, {base:g} in group {group}, that group took a"
            )
            rate = call.rates[group]
            expect(rate.learns_at(call.factor * base), f"{told} step with a learning rate of {rate.lr:.3g}.")


def _ready(trials: Iterable[Trial]) -> list[Trial]:
    """Return the trials, all of which came to a step; where one did not, that is what has to be mended first."""
    ready = list(trials)
    for trial in ready:
        _expect_returned(trial)
        if not trial.tried:
            raise Waits(
                f"{trial.where}, no step of {trial.optimizer} came about with your groups; put that right first, and "
                "look here again."
            )
    return ready


def _expect_returned(trial: Trial) -> None:
    answer = trial.told.answer
    unwritten = answer.missing or answer.raises("NotImplementedError")
    expect_returned(answer, f"{BUILD}(...)", "" if unwritten else f"{trial.where}: ")


def _expect_both_parts(trial: Trial) -> None:
    """Nothing is learnt about groups in which the head, or the whole backbone, is missing."""
    for part, names in (("head", trial.head), ("backbone", trial.backbone)):
        expect(not names or bool(names & trial.moved), f"{trial.where}, no parameter of the {part} took a step.")


def _expect_rates(seen: Seen, *models: str) -> None:
    for trial in _ready(trial for model in models for trial in seen.trials if trial.model == model):
        _expect_both_parts(trial)
        for part, names in (("head", trial.head), ("backbone", trial.backbone)):
            wrong = {name for name in names & trial.moved if not trial.rates[name].learns_at(trial.lr_of(name))}
            if not wrong:
                continue
            rate = trial.rates[min(wrong)]
            source = ", which is the optimizer's own default" if rate.learns_at(DEFAULTS["lr"]) else ""
            fail(
                f"{trial.where} {trial.asked}, {listing(wrong)} of the {part} took a step with a learning rate of "
                f"{rate.lr:.3g}{source}."
            )


def _expect_decay(trial: Trial, names: Names) -> None:
    moved = names & trial.moved
    expect(bool(moved), f"{trial.where}, none of {listing(names)} took a step.")
    wrong = {name for name in moved if not trial.rates[name].decays_at(trial.decay_of(name))}
    if not wrong:
        return
    rate = trial.rates[min(wrong)]
    source = ", which is the optimizer's own default" if rate.decays_at(DEFAULTS["weight_decay"]) else ""
    fail(
        f"{trial.where} {trial.asked}, {listing(wrong)} took a step with a weight decay of "
        f"{abs(round(rate.decay, 4)):g}{source}."
    )


def _expect_scaled(schedule: Schedule, index: int, call: Call, groups: Iterable[int]) -> None:
    expect_returned(call.answer, f"{SCALE}(optimizer, {call.factor:g})")
    for group in groups:
        base, rate = schedule.bases[group], call.rates[group]
        late = f", added before call {schedule.late_before + 1}," if group >= schedule.present(0) else ""
        expect(
            rate.learns_at(call.factor * base),
            f"After {schedule.factors(index)}, group {group}{late} took a step with a learning rate of {rate.lr:.3g}; "
            f"it had begun with {base:g}.",
        )


def _expect_untouched(schedule: Schedule, call: Call, group: int, where: str) -> None:
    says = call.shown[group].says
    kept = says.get("initial_lr")
    shown = "no such key" if kept is None else shorten(kept)
    expect(
        isinstance(kept, int | float) and abs(kept - schedule.bases[group]) < 1e-9,  # noqa: PLR2004  a number read back
        f"{where}, group {group}, which began with {schedule.bases[group]:g}, has under `initial_lr`: {shown}.",
    )
    rate = call.rates[group]
    expect(
        not rate.moved or rate.decays_at(schedule.decays[group]),
        f"{where}, the weight decay of group {group} is no longer {schedule.decays[group]:g}.",
    )
    if group < len(schedule.shown):
        before = {key: value for key, value in schedule.shown[group].says.items() if key not in ("lr", "initial_lr")}
        changed = [key for key, value in before.items() if key not in says or says[key] != value]
        expect(not changed, f"{where}, {listing(changed)} of group {group} is not what it was.")
