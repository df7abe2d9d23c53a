"""Hidden checks of exercise 03. They judge facts, never the learner's process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from grader.authoring import Waits, are, check, expect, expect_returned, fail, listing, returned_as

from .seen import Model, Names, Seen, TrainingRun, Trial
from .wire import BLOCKS, COUNTS, UNFREEZE

WAITS = "This follows from your `backbone_blocks`; put that right first, and look here again."
LOGITS_TOLERANCE = 1e-3
"""Float32 sums in another order; a backbone that drifted is off by a hundred times as much."""


@check(points=1, of=BLOCKS)
def test_every_backbone_parameter_of_a_resnet_is_in_one_block(seen: Seen) -> None:
    """On ResNets, every backbone parameter is in exactly one block and the head in none"""
    _expect_partition(seen, lambda model: model.family == "resnet")


@check(points=1, of=BLOCKS)
def test_every_backbone_parameter_of_a_bert_is_in_one_block(seen: Seen) -> None:
    """On BERTs, short and long, every backbone parameter is in exactly one block and the head in none"""
    _expect_partition(seen, lambda model: model.family == "bert" and model.id != "bert-no-pooler")


@check(points=1, of=BLOCKS)
def test_a_bert_without_a_pooler_has_blocks_too(seen: Seen) -> None:
    """A BERT without a pooler has its blocks as well"""
    _expect_partition(seen, lambda model: model.id == "bert-no-pooler")


@check(points=1, of=BLOCKS)
def test_blocks_follow_the_models_own_order_and_number(seen: Seen) -> None:
    """Blocks come input side first, as many as the model has"""
    for model in seen.models:
        blocks = [frozenset(names) for names in _lists(seen, model)]
        titles = model.anatomy.block_titles
        expect(
            len(blocks) == len(titles),
            f"On {model.title} you returned {len(blocks)} blocks. How many groups of layers does this model have?",
        )
        for index, (mine, theirs) in enumerate(zip(blocks, model.anatomy.blocks, strict=True)):
            expect(
                bool(mine & theirs),
                f"On {model.title}, block {index} holds {listing(mine)}. Which block sees the input at this point?",
            )


@check(points=2, of=UNFREEZE)
def test_every_depth_from_a_fresh_model(seen: Seen) -> None:
    """From a fresh model, depth d lets the head and the last d blocks learn, and nothing else"""
    _expect_depths(seen, "fresh", "a model in which everything learned")


@check(points=1, of=UNFREEZE)
def test_every_depth_from_a_frozen_model(seen: Seen) -> None:
    """From a frozen model, depth d lets the same parameters learn"""
    _expect_depths(seen, "frozen", "a model in which nothing learned")


@check(points=1, of=UNFREEZE)
def test_every_depth_from_odd_flags(seen: Seen) -> None:
    """Whatever the flags were before, depth d lets the same parameters learn"""
    _expect_depths(seen, "odd", "a model with some flags on and some off")


@check(points=1, of=UNFREEZE)
def test_impossible_depths_are_refused(seen: Seen) -> None:
    """Impossible depths raise ValueError and change nothing"""
    trials = seen.trials()
    _expect_written(trials)
    for trial in trials:
        deepest = len(trial.model.anatomy.blocks)
        where = f"Depth {trial.depth} of {deepest} on {trial.model.title}"
        if len(seen.block_sets.get(trial.model.id, trial.model.anatomy.blocks)) != deepest:
            raise Waits(WAITS)
        if trial.possible:
            expect(not trial.answer.raises("ValueError"), f"{where} is possible, but your function refused it.")
            continue
        if not trial.answer.raises("ValueError"):
            _fail_accepted(trial, where)
        changed = trial.live ^ trial.before
        expect(
            not changed,
            f"{where} was refused, but only after {listing(changed)} had been switched. In which order do you "
            "check and act?",
        )
    _expect_one_right(seen)


@check(points=1, of=UNFREEZE)
def test_the_returned_names_are_the_ones_that_learn(seen: Seen) -> None:
    """The returned names are the parameters that now require grad"""
    for trial in seen.possible:
        names = returned_as(trial.answer, list[str], trial.call)
        where = f"Depth {trial.depth} on {trial.model.title}"
        twice = [name for name, count in Counter(names).items() if count > 1]
        expect(not twice, f"{where}: you returned {listing(twice)} more than once.")
        wrong = set(names) ^ trial.live
        expect(
            not wrong,
            f"{where}: your report and the model disagree about {listing(wrong)}. Which of the two decides what "
            "is trained?",
        )
    _expect_one_right(seen)


@check(points=2, of=COUNTS)
def test_counts_are_exact_at_every_depth(seen: Seen) -> None:
    """Entry d of the table is the number of trainable scalars at depth d"""
    for table in seen.tables:
        counts, expected = returned_as(table.answer, list[int], f"{COUNTS}(model)"), _true_counts(table.model)
        if counts != expected and counts in seen.own_counts(table.model):
            raise Waits(WAITS)
        if _follow_unfreeze(seen, table.model, counts, expected):
            raise Waits("This follows from your `partial_unfreeze`; put that right first, and look here again.")
        expect(
            len(counts) == len(expected),
            f"On {table.model.title} your table has {len(counts)} entries. Depths run from 0 to the number of "
            "blocks: how many is that?",
        )
        for depth, (mine, right) in enumerate(zip(counts, expected, strict=True)):
            expect(
                mine == right,
                f"On {table.model.title}, your entry for depth {depth} is {mine:,}; freeing that depth and adding up "
                "the scalars that learn gives another number.",
            )


@check(points=1, of=COUNTS)
def test_asking_for_the_table_changes_nothing(seen: Seen) -> None:
    """Asking for the table leaves every flag and every weight as it was"""
    for table in seen.tables:
        counts = returned_as(table.answer, list[int], f"{COUNTS}(model)")
        changed = table.live ^ table.before
        expect(
            not changed,
            f"After asking for the table of {table.model.title}, {listing(changed)} learned or froze differently "
            "than before.",
        )
        expect(not table.altered, f"Asking for the table altered the values of {listing(table.altered)}.")
        if counts != _true_counts(table.model):
            raise Waits("Nothing was changed; the point is given once the table itself is right.")


@check(points=1, of=UNFREEZE)
def test_a_real_vision_run_moves_exactly_the_live_blocks(seen: Seen) -> None:
    """Training the pretrained ResNet for a few steps moves exactly the live blocks, bit for bit"""
    for run in seen.runs("vision"):
        _expect_run(run, waits=_blocks_are_wrong(seen, "resnet"))


@check(points=1, of=UNFREEZE)
def test_a_real_text_run_moves_exactly_the_live_blocks(seen: Seen) -> None:
    """Training the pretrained BERT for a few steps moves exactly the live blocks, bit for bit"""
    for run in seen.runs("text"):
        _expect_run(run, waits=_blocks_are_wrong(seen, "bert"))


def _lists(seen: Seen, model: Model) -> list[list[str]]:
    lists: list[list[str]] = returned_as(seen.blocks(model), list[list[str]], f"{BLOCKS}(model)")
    return lists


def _expect_partition(seen: Seen, chosen: Callable[[Model], bool]) -> None:
    for model in filter(chosen, seen.models):
        lists = _lists(seen, model)
        counts = Counter(name for names in lists for name in names)
        backbone = frozenset[str]().union(*model.anatomy.blocks)
        _expect_names(model, counts, backbone)
        for names, theirs in zip(sorted(map(sorted, lists)), sorted(map(sorted, model.anatomy.blocks)), strict=False):
            expect(
                names == theirs,
                f"On {model.title}, one of your blocks holds {listing(names)}: those names do not belong together "
                "as the contract draws the blocks.",
            )


def _true_counts(model: Model) -> list[int]:
    body = model.anatomy
    return [body.size_of(body.live_at(depth)) for depth in range(len(body.blocks) + 1)]


def _follow_unfreeze(seen: Seen, model: Model, counts: list[int], expected: list[int]) -> bool:
    """Whether every wrong entry is the count of what the learner's own ``partial_unfreeze`` left learning."""
    trials = [trial for trial in seen.reached if trial.model.id == model.id]
    left = {(trial.depth, model.anatomy.size_of(trial.live)) for trial in trials}
    asked = {trial.depth for trial in trials}
    if len(counts) != len(expected):
        return False
    wrong = {(d, mine) for d, (mine, right) in enumerate(zip(counts, expected, strict=True)) if mine != right}
    seen_wrong = {(depth, count) for depth, count in wrong if depth in asked}
    return bool(seen_wrong) and seen_wrong <= left


def _expect_names(model: Model, counts: Counter[str], backbone: Names) -> None:
    head = counts.keys() & model.anatomy.head
    expect(not head, f"On {model.title}, {are(head)} in a block. Is the head part of the backbone?")
    unknown = counts.keys() - backbone
    expect(not unknown, f"On {model.title}, {are(unknown)} in a block without being a parameter of this model.")
    missing = backbone - counts.keys()
    expect(not missing, f"On {model.title}, {are(missing)} in no block, so no depth will ever free it.")
    twice = [name for name, count in counts.items() if count > 1]
    expect(not twice, f"On {model.title}, {are(twice)} in more than one block.")


def _expect_written(trials: list[Trial]) -> None:
    """Fail when the function gave no usable answer for any possible depth: refusing everything is no answer."""
    possible = [trial for trial in trials if trial.possible]
    if all(trial.answer.trouble(trial.call) for trial in possible):
        expect_returned(possible[0].answer, possible[0].call)


def _expect_depths(seen: Seen, state: str, start: str) -> None:
    for trial in seen.trials(state):
        if not trial.possible:
            continue
        expect_returned(trial.answer, trial.call, f"On {trial.model.title}: ")
        where = f"Depth {trial.depth} on {trial.model.title}, from {start}"
        expect(not trial.altered, f"{where}: the values of {listing(trial.altered)} changed; only flags should.")
        if seen.follows_blocks(trial):
            raise Waits(WAITS)
        surplus, lacking = trial.live - trial.expected, trial.expected - trial.live
        expect(not surplus, f"{where}: {listing(surplus)} can learn and should not.")
        expect(not lacking, f"{where}: {listing(lacking)} cannot learn and should.")


def _expect_one_right(seen: Seen) -> None:
    """Block a check that a function which does nothing would pass."""
    if not any(trial.live == trial.expected != trial.before for trial in seen.possible):
        raise Waits("This counts once `partial_unfreeze` has set at least one depth right.")


def _fail_accepted(trial: Trial, where: str) -> None:
    if trial.answer.raised is not None:
        fail(f"{where} does not exist; `{trial.call}` raised {trial.answer.raised.sentence()} instead of ValueError.")
    fail(f"{where} does not exist, but your function accepted it without a word.")


def _blocks_are_wrong(seen: Seen, family: str) -> bool:
    """Whether every depth that came out wrong on this family is what the learner's own wrong blocks give."""
    trials = [trial for trial in seen.reached if trial.model.family == family]
    wrong = [trial for trial in trials if trial.live != trial.expected]
    return bool(wrong) and all(seen.follows_blocks(trial) for trial in wrong)


def _expect_run(run: TrainingRun, *, waits: bool) -> None:
    expect_returned(run.told.answer, f"{UNFREEZE}(model, {run.depth})")
    where = f"Depth {run.depth} on {run.title}"
    expect(run.told.trained, f"{where}: nothing could learn, so there was nothing to train.")
    surplus, lacking = run.moved - run.expected, run.expected - run.moved
    if waits and (surplus or lacking):
        raise Waits(WAITS)
    expect(
        not surplus, f"{where}: after a few steps {listing(surplus)} had moved, although that part should be frozen."
    )
    expect(
        not lacking, f"{where}: after a few steps {listing(lacking)} had not moved, although that part should learn."
    )
    if run.depth == 0:
        expect(
            run.logits_gap < LOGITS_TOLERANCE,
            f"{where}: the logits are not what the untouched backbone and your head give; they differ by "
            f"{run.logits_gap:.2g}.",
        )
