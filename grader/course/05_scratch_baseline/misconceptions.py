"""What recognises the misconceptions of exercise 05, one function each; their pages are in ``misconceptions.md``."""

from __future__ import annotations

from grader.authoring import listing

from .seen import AGAIN, FIRST, OTHER, Seen


def scratch_same_object(seen: Seen) -> str | None:
    if not all(twin.told.same and not twin.altered for twin in seen.every_twin):
        return None
    return f"{seen.every_twin[0].where}, the same object came back, with all its numbers as they were."


def scratch_destroys_original(seen: Seen) -> str | None:
    if not all(len(twin.altered & twin.matrices) > len(twin.matrices) / 2 for twin in seen.every_twin):
        return None
    twin = seen.every_twin[0]
    return (
        f"{twin.where}, {len(twin.altered)} entries of the original changed during the call: {listing(twin.altered)}."
    )


def scratch_shares_storage(seen: Seen) -> str | None:
    if not all(twin.shared == twin.old.keys() and not twin.told.same for twin in seen.every_twin):
        return None
    twin = seen.every_twin[0]
    return f"{twin.where}, adding 1 to the twin's numbers moved all {len(twin.shared)} entries of the original."


def scratch_keeps_pretrained(seen: Seen) -> str | None:
    if not all(twin.values and twin.copied == twin.values.keys() and not twin.told.same for twin in seen.every_twin):
        return None
    twin = seen.every_twin[0]
    return f"{twin.where}, all {len(twin.values)} entries of the twin are the original's, bit for bit."


def scratch_only_head_reset(seen: Seen) -> str | None:
    for twin in seen.every_twin:
        if not twin.values or twin.kept != twin.matrices - twin.anatomy.head:
            return None
    twin = seen.every_twin[0]
    return f"{twin.where}, the head is new, and {len(twin.kept)} matrices are the original's: {listing(twin.kept)}."


def scratch_root_params_kept(seen: Seen) -> str | None:
    for twin in seen.every_twin:
        if not twin.values or twin.kept != {name for name in twin.matrices if "." not in name}:
            return None
    twin = next(twin for twin in seen.every_twin if twin.kept)
    return f"{twin.where}, every layer is drawn anew; the original's numbers are still in {listing(twin.kept)}."


def scratch_keeps_bn_stats(seen: Seen) -> str | None:
    shown = None
    for twin in seen.every_twin:
        buffers = {entry.name for entry in twin.anatomy.entries if entry.is_buffer}
        if not twin.values or len(twin.kept) > len(twin.matrices) / 2 or not buffers <= twin.copied:
            return None
        if buffers:
            shown = f"{twin.where}, the twin still has what was measured before: {listing(buffers)}."
    return shown


def scratch_not_reproducible(seen: Seen) -> str | None:
    for twins in seen.twins:
        first, again = twins[FIRST], twins[AGAIN]
        same = any(first.agrees(again, name) for name in first.fresh)
        if same or not first.fresh:
            return None
    first = seen.twins[0][FIRST]
    return f"{first.where}, two calls with seed {first.seed} gave two different twins."


def scratch_ignores_seed(seen: Seen) -> str | None:
    for twins in seen.twins:
        first, other = twins[FIRST], twins[OTHER]
        same = all(first.agrees(other, name) for name in first.fresh)
        if not same or not first.fresh:
            return None
    first, _, other = seen.twins[0]
    return f"{first.where}, the twins with seeds {first.seed} and {other.seed} are the same, number by number."


def scratch_inherits_freeze(seen: Seen) -> str | None:
    frozen = [twin for twin in seen.every_twin if twin.before != twin.anatomy.names]
    if not frozen or any(not twin.fresh or twin.live & twin.anatomy.names != twin.before for twin in seen.every_twin):
        return None
    twin = frozen[0]
    return f"{twin.where}, the same is frozen in the twin: {listing(twin.anatomy.names - twin.live)}."


def scratch_moves_global_rng(seen: Seen) -> str | None:
    if any(twin.numbers_kept or not twin.values for twin in seen.every_twin):
        return None
    return f"{seen.every_twin[0].where}, `torch.rand` went on with other numbers after the call."


def floor_uses_validation_majority(seen: Seen) -> str | None:
    for floor in seen.floors:
        if not floor.is_about(max(map(floor.share, floor.val))):
            return None
    floor = next(floor for floor in seen.floors if not floor.is_about(floor.share(floor.majority)))
    return f"For {floor.labels}, you returned the share of the class that validation shows most often."


def floor_measured_on_training(seen: Seen) -> str | None:
    for floor in seen.floors:
        if not floor.is_about(floor.train.count(floor.majority) / len(floor.train)):
            return None
    return f"For {seen.floors[0].labels}, you returned the share of the majority among the training labels."


def floor_assumes_balanced(seen: Seen) -> str | None:
    for floor in seen.floors:
        sizes = {len(set(floor.train)), len(set(floor.val)), len({*floor.train, *floor.val}), max(floor.train) + 1}
        if not any(floor.is_about(1 / size) for size in sizes):
            return None
    return f"For {seen.floors[0].labels}, you returned one over the number of classes."


def floor_tie_by_order(seen: Seen) -> str | None:
    shown = None
    for floor in seen.floors:
        most = max(map(floor.train.count, floor.train))
        first = next(label for label in floor.train if floor.train.count(label) == most)
        if not floor.is_about(floor.share(first)):
            return None
        if first != floor.majority:
            shown = f"For {floor.labels}, you took class {first}, the first in the list and not the smallest."
    return shown
