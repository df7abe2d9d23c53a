"""What recognises the misconceptions of exercise 02, one function each; their pages are in ``misconceptions.md``."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain, combinations, product

from grader.authoring import are, listing

from .seen import Names, Round, Seen, Trial
from .stories import (
    VISIBLE,
    Rule,
    batch_norms_of,
    follows,
    frozen_rounds,
    leak,
    mode_rounds,
    norms_follow_flags,
    norms_of,
    told,
    trains_everything,
)


def snapshot_skips_buffers(seen: Seen) -> str | None:
    if any(copy.names != copy.anatomy.names for copy in seen.copies):
        return None
    copy = next(copy for copy in seen.copies if copy.lacking)
    return f"On {copy.title}, your snapshot has its {len(copy.names)} parameters and lacks {listing(copy.lacking)}."


def audit_snapshot_aliased(seen: Seen) -> str | None:
    if not all(copy.names and copy.aliased == copy.names for copy in seen.copies):
        return None
    copy = seen.copies[0]
    return f"On {copy.title}, all {len(copy.aliased)} entries of the snapshot changed when the model did."


def freeze_norm_layers_replaced(seen: Seen) -> str | None:
    normed = _normed(seen)
    gone = all(trial.gone and all(name.endswith("num_batches_tracked") for name in trial.gone) for trial in normed)
    if not gone or any(trial.live & trial.backbone - norms_of(trial) for trial in normed):
        return None
    return f"On {normed[0].title}, {are(normed[0].gone)} no longer in the state: those layers are of another class now."


def _normed(seen: Seen) -> list[Trial]:
    return [trial for trial in seen.trials if any(entry.is_buffer for entry in trial.anatomy.entries)]


def freeze_flag_on_module(seen: Seen) -> str | None:
    if not follows(seen, lambda trial: trial.before) or not all(trial.told.labelled for trial in seen.trials):
        return None
    trial = seen.trials[0]
    named = f"`{min(trial.told.labelled)}`" if min(trial.told.labelled) else "the model itself"
    return f"On {trial.title}, {named} has an attribute `requires_grad` now, and no parameter's flag changed."


def freeze_by_eval(seen: Seen) -> str | None:
    if not follows(seen, lambda trial: trial.before) or not all(trial.told.resting for trial in seen.trials):
        return None
    trial = seen.trials[0]
    resting = len(trial.told.resting)
    return f"On {trial.title}, {resting} modules are in inference mode now, and no parameter's flag changed."


def freeze_by_zeroing_grads(seen: Seen) -> str | None:
    fresh = [trial for trial in seen.trials if trial.state == "fresh"]
    if any(trial.decayed != trial.backbone or trial.live != trial.anatomy.head for trial in fresh):
        return None
    trial = fresh[0]
    return f"On {trial.title}, no gradient moved the backbone, but weight decay moved {listing(trial.decayed)}."


def freeze_head_too(seen: Seen) -> str | None:
    nothing = follows(seen, lambda _: frozenset())
    return f"On {seen.trials[0].title}, as on every model, nothing can learn afterwards." if nothing else None


def freeze_part_of_head(seen: Seen) -> str | None:
    whole = [trial for trial in seen.trials if len(trial.head_names) == 1]
    if not follows(seen, lambda trial: trial.live & trial.anatomy.head) or not all(trial.right for trial in whole):
        return None
    split = [trial for trial in seen.trials if not trial.right]
    if any(not trial.live for trial in split if trial.state == "fresh"):
        return None
    lacking = split[0].anatomy.head - split[0].live
    return f"On {split[0].title}, whose head is {_heads(split[0])}, {listing(lacking)} cannot learn afterwards."


def _heads(trial: Trial) -> str:
    return " and ".join(f"`{name}`" for name in trial.head_names)


def freeze_substring_match(seen: Seen) -> str | None:
    rules = (_named_like_head(match, by_hand=by_hand) for match, by_hand in product(_MATCHES, (False, True)))
    return leak(seen, rules, lambda trial, it: f"whose head is {_heads(trial)}, {listing(it)} can learn as well.")


_MATCHES: tuple[Callable[[str, str], bool], ...] = (
    lambda name, head: head in name,
    lambda name, head: name.startswith(head),
    lambda name, head: head in name.split("."),
)


def _named_like_head(match: Callable[[str, str], bool], *, by_hand: bool) -> Rule:
    """Pick by every name of the head, or by the one that somebody would write by hand."""

    def rule(trial: Trial) -> Names:
        heads = [min(trial.head_names, key=len)] if by_hand else trial.head_names
        return frozenset(name for name in trial.backbone if any(match(name, head) for head in heads))

    return rule


def freeze_weights_only(seen: Seen) -> str | None:
    rules = (_named(lambda name: not name.endswith("weight")), _named(lambda name: name.endswith("bias")))
    frozen = "the weights of the backbone are frozen"
    return leak(seen, rules, lambda _, it: f"{frozen}, and {listing(it)} can still learn.")


def _named(picks: Callable[[str], bool]) -> Rule:
    return lambda trial: frozenset(filter(picks, trial.backbone))


def freeze_norm_affine_left_trainable(seen: Seen) -> str | None:
    rules = (norms_of, batch_norms_of, lambda trial: norms_of(trial) - batch_norms_of(trial))
    learn = "parameters of normalisation layers can learn afterwards"
    return leak(seen, rules, lambda _, it: f"{len(it)} {learn}: {listing(it)}.")


def freeze_pooler_forgotten(seen: Seen) -> str | None:
    rule = _named(lambda name: ".pooler." in name)
    return leak(seen, [rule], lambda _, it: f"embeddings and layers are frozen, and {listing(it)} can still learn.")


def freeze_embeddings_forgotten(seen: Seen) -> str | None:
    chosen = chain.from_iterable(combinations(_FAMILIES, count) for count in range(1, len(_FAMILIES) + 1))
    models = (frozenset(chain.from_iterable(families)) for families in chosen)
    rules = (_only_of(each, below) for each in models for below in (_first_block, _outside_numbered))
    return leak(seen, rules, lambda _, it: f"the numbered layers are frozen, and {listing(it)} can still learn.")


_FAMILIES = (("resnet", "normed", "gated"), ("bert",), ("distilbert",), ("vit",))
_NUMBERED = re.compile(r"(^|\.)(layer\.?|blocks\.)\d")


def _only_of(models: Names, rule: Rule) -> Rule:
    return lambda trial: rule(trial) if trial.id in models else frozenset()


def _first_block(trial: Trial) -> Names:
    return trial.anatomy.blocks[0]


_outside_numbered = _named(lambda name: not _NUMBERED.search(name))


def freeze_root_params_skipped(seen: Seen) -> str | None:
    rules = (_as_before(_rootless), _as_before(lambda trial: _rootless(trial) & trial.backbone))
    if not any(follows(seen, rule) for rule in rules):
        return None
    trial = next(trial for trial in seen.trials if trial.live & trial.backbone)
    return f"{trial.where}, all layers are as they should be, but {listing(trial.live & trial.backbone)} can learn."


def _rootless(trial: Trial) -> Names:
    return frozenset(name for name in trial.anatomy.names if "." not in name)


def _as_before(part: Rule) -> Rule:
    """Predict that all is right but for a part, which stays as it was."""
    return lambda trial: (trial.anatomy.head - part(trial)) | (trial.before & part(trial))


def freeze_never_thaws(seen: Seen) -> str | None:
    if not follows(seen, lambda trial: trial.before & trial.anatomy.head):
        return None
    trial = next(trial for trial in seen.trials if trial.state == "frozen")
    return f"{trial.where}, nothing can learn afterwards either; on a fresh one the head can."


def no_grad_reaches_head(seen: Seen) -> str | None:
    runs = [seen.run("vision"), seen.run("text")]
    cut_off = all(run.told.raised is not None and "does not require grad" in run.told.raised.message for run in runs)
    if not cut_off or not all(trial.right for trial in seen.trials):
        return None
    return f"The head of {runs[0].title} can learn, but its loss has no gradient: the backward pass failed."


def trainmode_everything_eval(seen: Seen) -> str | None:
    rounds = mode_rounds(seen)
    if not rounds or any(one.wobble > VISIBLE or any(norm.counted for norm in one.norms) for one in rounds):
        return None
    free = next(one for one in rounds if one.depth == one.deepest)
    return f"{free.where}, none of its {len(free.norms)} BatchNorms counted a batch, and no dropout was at work."


def bn_stats_drift_after_eval_once(seen: Seen) -> str | None:
    normed = _normed(seen)
    if not trains_everything(seen) or not all(trial.told.resting for trial in normed):
        return None
    frozen, resting = seen.rounds_of("vision")[0], len(normed[0].told.resting)
    return (
        f"After `freeze_backbone`, {resting} modules of {normed[0].title} were in inference mode; after `train_mode`, "
        f"all {len(frozen.norms)} BatchNorms of {frozen.title} counted batches."
    )


def bn_running_stats_drift(seen: Seen) -> str | None:
    if not trains_everything(seen):
        return None
    one = seen.rounds_of("vision")[0]
    means = [f"{norm.name}.running_mean" for norm in one.norms if norm.moved]
    return f"{one.where}, {one.batches} batches and no step changed {listing(means)}."


def bn_momentum_zero_still_batch_stats(seen: Seen) -> str | None:
    frozen = frozen_rounds(seen, "vision")
    if not frozen or any(one.wobble <= VISIBLE or len(one.counting) < len(one.norms) for one in frozen):
        return None
    if any(norm.moved for one in frozen for norm in one.norms):
        return None
    still = f"no mean and no variance moved in {frozen[0].batches} batches, but every counter did, and"
    return f"{frozen[0].where}, {still} {_wobbled(frozen[0])}"


def _wobbled(one: Round) -> str:
    return f"the scores of the same pictures changed by up to {one.wobble:.2g} with their neighbours."


def bn_untracked_still_batch_stats(seen: Seen) -> str | None:
    frozen = frozen_rounds(seen, "vision")
    if not frozen or any(one.wobble <= VISIBLE or one.moved for one in frozen):
        return None
    still = f"not one tensor moved in {frozen[0].batches} batches"
    return f"{frozen[0].where}, {still}, but {_wobbled(frozen[0])}"


def trainmode_ignores_flags(seen: Seen) -> str | None:
    vision = [one for one in mode_rounds(seen) if one.model == "vision"]
    if not vision or any(one.moved for one in vision) or not norms_follow_flags(frozen_rounds(seen, "vision")):
        return None
    if not any(one.counting or one.wobble > VISIBLE for one in seen.rounds):
        return None
    free = vision[-1]
    return f"{free.where}, none of its {len(free.norms)} BatchNorms counted a batch."


def dropout_off_in_live_part(seen: Seen) -> str | None:
    rounds = mode_rounds(seen)
    dropping = [one for one in rounds if one.dropout]
    if not dropping or not norms_follow_flags(rounds) or any(one.wobble > VISIBLE for one in dropping):
        return None
    twice = f"{dropping[0].title} gave the same scores twice"
    although = "although the dropout before its head is part of what trains"
    return f"Every BatchNorm is in the right mode, but {twice}, {although}."


def dropout_active_in_frozen_backbone(seen: Seen) -> str | None:
    frozen = frozen_rounds(seen, "text")
    wobbling = frozen and all(one.wobble > VISIBLE for one in frozen)
    if not wobbling or not norms_follow_flags(frozen_rounds(seen, "vision")):
        return None
    return f"{frozen[0].where}, two passes of the same texts gave scores that differ by up to {frozen[0].wobble:.2g}."


def audit_skips_buffers(seen: Seen) -> str | None:
    found = seen.comparisons
    if not told((found["nothing"], found["weight"])) or any(found[n].listed != () for n in ("buffer", "counter")):
        return None
    missed = found["buffer"].expected[0]
    return f"A change of a kernel was found, and changes of `{missed}` and of a counter were not."


def audit_tolerance_hides_drift(seen: Seen) -> str | None:
    found = seen.comparisons
    if not told((found["nothing"], found["trained"])) or found["weight"].listed != () or found["buffer"].listed != ():
        return None
    weight, buffer = found["weight"].expected[0], found["buffer"].expected[0]
    return f"Changes by 1 were found; a millionth in `{weight}` and less in `{buffer}` were not."


def audit_one_sided(seen: Seen) -> str | None:
    found = seen.comparisons
    if not told(found[name] for name in ("nothing", "trained", "weight", "buffer", "counter")):
        return None
    renamed = found["renamed"]
    missed = set(renamed.expected) - set(renamed.listed or ())
    if not missed or (renamed.listed is None and not renamed.answer.raises("KeyError")):
        return None
    side = "snapshot" if min(missed).endswith(".old") else "model"
    return f"Changed numbers were found, but `{min(missed)}`, which only the {side} had, was not."
