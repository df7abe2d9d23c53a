"""Hidden checks of exercise 03. They judge facts, never the learner's process.

Each kind of model has its checks, so that what is right on one of them earns its points whatever happens on the other.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable

from grader.authoring import Remark, Waits, are, check, expect, expect_returned, fail, listing, returned_as

from .calls import Model, Table, TrainingRun, Trial
from .ladders import Ladder, Names
from .seen import Seen
from .standings import Standing, acts, standing, table_standing
from .wire import BLOCKS, COUNTS, UNFREEZE

WAITS = "This follows from your `backbone_blocks`; put that right first, and look here again."
FOLLOWS = (
    "The point is yours: this does what it should with the answers of your earlier functions, which are not right yet."
)
IDLE = "This counts once `partial_unfreeze` has set some depths right."
LOGITS_TOLERANCE = 1e-3
"""Float32 sums in another order; a backbone that drifted is off by a hundred times as much."""
SOUND = (Standing.RIGHT, Standing.FOLLOWS)


@check(points=1, of=BLOCKS)
def test_every_backbone_parameter_of_a_resnet_is_in_its_block(seen: Seen) -> None:
    """On ResNets, every backbone parameter is in its block, and the head in none"""
    _expect_blocks(seen, seen.of("resnet"))


@check(points=1, of=BLOCKS)
def test_every_backbone_parameter_of_a_bert_is_in_its_block(seen: Seen) -> None:
    """On BERTs, short and long, every backbone parameter is in its block, and the head in none"""
    _expect_blocks(seen, [model for model in seen.of("bert") if model.has_pooler])


@check(points=1, of=BLOCKS)
def test_a_bert_without_a_pooler_has_blocks_too(seen: Seen) -> None:
    """A BERT without a pooler has its blocks as well"""
    _expect_blocks(seen, [model for model in seen.of("bert") if not model.has_pooler])


@check(points=1, of=BLOCKS)
def test_blocks_of_a_resnet_come_input_side_first(seen: Seen) -> None:
    """On ResNets, blocks come input side first"""
    _expect_order(seen, "resnet")


@check(points=1, of=BLOCKS)
def test_blocks_of_a_bert_come_input_side_first(seen: Seen) -> None:
    """On BERTs, blocks come input side first"""
    _expect_order(seen, "bert")


@check(points=1, of=UNFREEZE)
def test_depths_of_a_resnet_free_its_last_blocks(seen: Seen) -> None:
    """On ResNets, depth d lets the last d blocks learn and no other, whatever learned before"""
    _expect_depths(seen, "resnet")


@check(points=1, of=UNFREEZE)
def test_depths_of_a_bert_free_its_last_blocks(seen: Seen) -> None:
    """On BERTs, depth d lets the last d blocks learn and no other, whatever learned before"""
    _expect_depths(seen, "bert")


@check(points=1, of=UNFREEZE)
def test_the_ends_of_the_ladder(seen: Seen) -> None:
    """On both kinds of models, depth 0 lets the head alone learn, and full depth everything"""
    trials = [trial for trial in seen.possible if trial.depth in (0, trial.model.deepest)]
    found = _standings(seen, trials, lambda trial: trial.model.anatomy.names)
    _expect_acts(seen, "resnet", "bert")
    _conclude(found)


@check(points=1, of=UNFREEZE)
def test_impossible_depths_are_refused(seen: Seen) -> None:
    """On both kinds of models, impossible depths raise ValueError and change nothing"""
    found = []
    for model, trials in _by_model(seen.trials()):

        def refuses(ladder: Ladder, trials: list[Trial] = trials) -> bool:
            return all(_is_refused_by(ladder, trial) for trial in trials)

        found.append(standing(seen, model, [trial.answer for trial in trials], refuses))
        if found[-1] is Standing.WRONG:
            _fail_refusal(next(trial for trial in trials if not _is_refused_by(Ladder.of(model.anatomy), trial)))
    _expect_acts(seen, "resnet", "bert")
    _conclude(found)


@check(points=1, of=UNFREEZE)
def test_the_returned_names_are_the_ones_that_learn(seen: Seen) -> None:
    """The returned names are the parameters that now require grad"""
    came = [trial for trial in seen.reached if trial.came]
    if not came:
        trial = seen.possible[0]
        expect_returned(trial.answer, trial.call)
    for trial in came:
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
    if not (acts(seen, "resnet") or acts(seen, "bert")):
        raise Waits(IDLE)


@check(points=1, of=COUNTS)
def test_counts_of_a_resnet_are_exact_at_every_depth(seen: Seen) -> None:
    """On ResNets, entry d of the table is the number of trainable scalars at depth d"""
    _expect_tables(seen, "resnet")


@check(points=1, of=COUNTS)
def test_counts_of_a_bert_are_exact_at_every_depth(seen: Seen) -> None:
    """On BERTs, entry d of the table is the number of trainable scalars at depth d"""
    _expect_tables(seen, "bert")


@check(points=1, of=COUNTS)
def test_asking_for_the_table_changes_nothing(seen: Seen) -> None:
    """Asking for the table leaves every flag and every weight as it was"""
    came = [table for table in seen.tables if table.came]
    if not came:
        expect_returned(seen.tables[0].answer, TABLE)
    for table in came:
        changed = table.live ^ table.before
        expect(
            not changed,
            f"After asking for the table of {table.model.title}, {listing(changed)} learned or froze differently "
            "than before.",
        )
        expect(not table.altered, f"Asking for the table altered the values of {listing(table.altered)}.")
    if not any(table_standing(seen, table) in SOUND for table in came):
        raise Waits("Nothing was changed; the point is given once a table itself is right.")


@check(points=1, of=UNFREEZE)
def test_a_real_vision_run_moves_exactly_the_live_blocks(seen: Seen) -> None:
    """Training the pretrained ResNet for a few steps moves exactly the live blocks, bit for bit"""
    _expect_runs(seen, "vision")


@check(points=1, of=UNFREEZE)
def test_a_real_text_run_moves_exactly_the_live_blocks(seen: Seen) -> None:
    """Training the pretrained BERT for a few steps moves exactly the live blocks, bit for bit"""
    _expect_runs(seen, "text")


TABLE = f"{COUNTS}(model)"


def _lists(seen: Seen, model: Model) -> list[list[str]]:
    lists: list[list[str]] = returned_as(seen.blocks(model), list[list[str]], f"{BLOCKS}(model)")
    return lists


def _expect_blocks(seen: Seen, models: Iterable[Model]) -> None:
    for model in models:
        lists = _lists(seen, model)
        _expect_names(model, Counter(name for names in lists for name in names))
        for names in lists:
            expect(bool(names), f"On {model.title}, one of your blocks is empty. How many blocks does this model have?")
            expect(
                frozenset(names) in model.anatomy.blocks,
                f"On {model.title}, one of your blocks holds {listing(names)}: those names do not make up one block as "
                "the contract draws them.",
            )


def _expect_names(model: Model, counts: Counter[str]) -> None:
    head = counts.keys() & model.anatomy.head
    expect(not head, f"On {model.title}, {are(head)} in a block. Is the head part of the backbone?")
    unknown = counts.keys() - model.backbone
    expect(not unknown, f"On {model.title}, {are(unknown)} in a block without being a parameter of this model.")
    missing = model.backbone - counts.keys()
    expect(not missing, f"On {model.title}, {are(missing)} in no block, so no depth will ever free it.")
    twice = [name for name, count in counts.items() if count > 1]
    expect(not twice, f"On {model.title}, {are(twice)} in more than one block.")


def _expect_order(seen: Seen, family: str) -> None:
    """Fail when a block begins nearer to the input than the one before it, whatever else is in them.

    Blocks of which hardly any is the model's own have no order to speak of.
    """
    found = []
    for model in seen.of(family):
        lists = _lists(seen, model)
        begins = [block for names in lists if (block := _first_block(model, names)) is not None]
        for index, (mine, following) in enumerate(itertools.pairwise(begins)):
            expect(
                mine <= following,
                f"On {model.title}, your block {index + 1} sees the input before block {index} does. Which block comes "
                "first on the way from the input to the head?",
            )
        found.append(2 * len(set(map(frozenset, lists)) & set(model.anatomy.blocks)) >= model.deepest)
    if not any(found):
        raise Waits("Order is judged once most of the blocks themselves are right.")


def _first_block(model: Model, names: Iterable[str]) -> int | None:
    """Return the number of the block that holds the first of these names on the way from the input."""
    given = frozenset(names)
    return next((index for index, block in enumerate(model.anatomy.blocks) if given & block), None)


def _by_model(trials: Iterable[Trial]) -> list[tuple[Model, list[Trial]]]:
    found: dict[str, list[Trial]] = {}
    for trial in trials:
        found.setdefault(trial.model.id, []).append(trial)
    return [(trials[0].model, trials) for trials in found.values()]


def _standings(seen: Seen, trials: Iterable[Trial], of: Callable[[Trial], Names]) -> list[Standing]:
    """Return what the calls on each model are; fail with the first that is wrong."""
    found = []
    for model, asked in _by_model(trials):

        def follows(ladder: Ladder, asked: list[Trial] = asked) -> bool:
            return all(trial.follows(ladder, of(trial)) for trial in asked)

        found.append(standing(seen, model, [trial.answer for trial in asked], follows))
        if found[-1] is Standing.WRONG:
            true = Ladder.of(model.anatomy)
            _fail_depth(next(trial for trial in asked if not trial.follows(true, of(trial))), of)
    return found


def _conclude(found: Iterable[Standing]) -> None:
    """Pass; block what tells nothing, and remark on what rests on answers that are not right themselves."""
    standings = set(found)
    if not standings.intersection(SOUND):
        raise Waits(WAITS)
    if standings != {Standing.RIGHT}:
        raise Remark(FOLLOWS)


def _expect_acts(seen: Seen, *families: str) -> None:
    """Block a check that a function which does nothing would pass."""
    if not all(acts(seen, family) for family in families):
        raise Waits(IDLE)


def _expect_depths(seen: Seen, family: str) -> None:
    trials = [trial for trial in seen.trials(family) if 0 < trial.depth < trial.model.deepest]
    _conclude(_standings(seen, trials, lambda trial: trial.model.backbone))


_START = {
    "fresh": "a model in which everything learned",
    "frozen": "a model in which nothing learned",
    "odd": "a model with some flags on and some off",
}


def _fail_depth(trial: Trial, of: Callable[[Trial], Names]) -> None:
    expect_returned(trial.answer, trial.call, f"On {trial.model.title}: ")
    where = f"Depth {trial.depth} on {trial.model.title}, from {_START[trial.state]}"
    expect(not trial.altered, f"{where}: the values of {listing(trial.altered)} changed; only flags should.")
    surplus, lacking = ((trial.live - trial.expected) & of(trial), (trial.expected - trial.live) & of(trial))
    expect(not surplus, f"{where}: {listing(surplus)} can learn and should not.")
    fail(f"{where}: {listing(lacking)} cannot learn and should.")


def _is_refused_by(ladder: Ladder, trial: Trial) -> bool:
    """Whether a call raised ValueError and changed nothing, or did not, as a ladder has the depth or not."""
    if ladder.has(trial.depth):
        return not trial.answer.raises("ValueError")
    return trial.answer.raises("ValueError") and trial.live == trial.before


def _fail_refusal(trial: Trial) -> None:
    where = f"Depth {trial.depth} of {trial.model.deepest} on {trial.model.title}"
    expect(not trial.possible, f"{where} is possible, but your function refused it.")
    if not trial.answer.raises("ValueError"):
        if trial.answer.is_unwritten or trial.answer.missing:
            expect_returned(trial.answer, trial.call)
        if trial.answer.raised is not None:
            fail(
                f"{where} does not exist; `{trial.call}` raised {trial.answer.raised.sentence()} instead of ValueError."
            )
        fail(f"{where} does not exist, but your function accepted it without a word.")
    fail(
        f"{where} was refused, but only after {listing(trial.live ^ trial.before)} had been switched. In which order "
        "do you check and act?"
    )


def _expect_tables(seen: Seen, family: str) -> None:
    found = []
    for table in map(seen.table, seen.of(family)):
        found.append(table_standing(seen, table))
        if found[-1] is Standing.WRONG:
            _fail_table(table)
    _conclude(found)


def _fail_table(table: Table) -> None:
    counts, expected = returned_as(table.answer, list[int], TABLE), table.model.table
    expect(
        len(counts) == len(expected),
        f"On {table.model.title} your table has {len(counts)} entries. Depths run from 0 to the number of blocks: how "
        "many is that?",
    )
    depth = next(depth for depth, (mine, right) in enumerate(zip(counts, expected, strict=True)) if mine != right)
    fail(
        f"On {table.model.title}, your entry for depth {depth} is {counts[depth]:,}; freeing that depth and adding up "
        "the scalars that learn gives another number."
    )


def _expect_runs(seen: Seen, modality: str) -> None:
    runs = seen.runs(modality)
    model = runs[0].model
    found = standing(
        seen, model, [run.told.answer for run in runs], lambda ladder: all(_is_right(run, ladder) for run in runs)
    )
    if found is Standing.WRONG:
        true = Ladder.of(model.anatomy)
        _fail_run(next(run for run in runs if not _is_right(run, true)))
    if not any(run.moved for run in runs):
        raise Waits(WAITS)
    _expect_acts(seen, model.family)
    if found is not Standing.RIGHT:
        raise Remark(FOLLOWS)


def _is_right(run: TrainingRun, ladder: Ladder) -> bool:
    """Whether a run moved what a ladder lets move; where that is the head alone, its scores follow from it."""
    is_still = not run.moved & run.model.backbone
    return run.follows(ladder) and (run.depth > 0 or not is_still or run.logits_gap < LOGITS_TOLERANCE)


def _fail_run(run: TrainingRun) -> None:
    expect_returned(run.told.answer, f"{UNFREEZE}(model, {run.depth})")
    where = f"Depth {run.depth} on {run.model.title}"
    expect(run.told.trained, f"{where}: nothing could learn, so there was nothing to train.")
    surplus, lacking = run.moved - run.expected, run.expected - run.moved
    expect(
        not surplus, f"{where}: after a few steps {listing(surplus)} had moved, although that part should be frozen."
    )
    expect(
        not lacking, f"{where}: after a few steps {listing(lacking)} had not moved, although that part should learn."
    )
    fail(
        f"{where}: the logits are not what the untouched backbone and your head give; they differ by "
        f"{run.logits_gap:.2g}."
    )
