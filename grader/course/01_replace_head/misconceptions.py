"""What recognises the misconceptions of exercise 01, one function each; their pages are in ``misconceptions.md``."""

from __future__ import annotations

import numpy as np

from grader.authoring import are, listing

from .seen import Seen, Trial
from .wire import LABELS, TEXT


def head_returns_none(seen: Seen) -> str | None:
    if any(trial.answer.returned != "NoneType" for trial in seen.trials):
        return None
    return f"`{seen.trials[0].call}` and the other calls returned None."


def head_model_wrapped(seen: Seen) -> str | None:
    prefixes = [_prefix(trial) for trial in seen.trials]
    if not all(prefixes):
        return None
    trial = seen.trials[0]
    return f"On {trial.title}, a {trial.answer.returned} came back, in which every old key begins with `{prefixes[0]}`."


def _prefix(trial: Trial) -> str:
    """Return what stands before every old key in the state that came back; empty without such a prefix."""
    first = next(iter(trial.old))
    found = (key.removesuffix(first) for key in trial.told.keys if key.endswith(f".{first}"))
    return next((prefix for prefix in found if {prefix + name for name in trial.old} <= set(trial.told.keys)), "")


def head_softmax_inside(seen: Seen) -> str | None:
    if not all(trial.probabilities() for trial in seen.trials):
        return None
    return f"On {seen.trials[0].title} and every other model, each row of outputs is positive and sums to 1."


def head_wrong_attribute(seen: Seen) -> str | None:
    resnets = [trial for trial in seen.trials if trial.family == "resnet"]
    if not all(trial.told.same and trial.kept and trial.surplus and not trial.missing for trial in resnets):
        return None
    trial = resnets[0]
    return f"On {trial.title}, {are(trial.surplus)} new in the state, and `{trial.head}.weight` is the old one."


def head_out_features_in_place(seen: Seen) -> str | None:
    if not all(trial.kept and trial.layer.out_features == trial.classes for trial in seen.trials):
        return None
    trial = seen.trials[0]
    rows = len(trial.old_weight)
    return f"On {trial.title}, `{trial.head}` now says {trial.classes} classes, and its weight still has {rows} rows."


def head_drops_sibling_layers(seen: Seen) -> str | None:
    stacks = seen.of("stacked", "stacked-tail")
    whole = {"classifier.weight", "classifier.bias"}
    gone = [frozenset(name for name in trial.old if name.startswith("classifier.")) for trial in stacks]
    if not all(
        t.told.same and t.surplus == whole and t.missing == stack for t, stack in zip(stacks, gone, strict=True)
    ):
        return None
    return f"On {stacks[0].title}, {are(stacks[0].missing)} no longer in the state."


def head_state_keys_changed(seen: Seen) -> str | None:
    plain = [trial for trial in seen.trials if trial.family != "stacked"]
    if not all(_moved_inside(trial) for trial in plain):
        return None
    trial = plain[0]
    return f"On {trial.title}, {listing(trial.missing)} became {listing(trial.surplus)}."


def _moved_inside(trial: Trial) -> bool:
    """Whether the head's entries are gone, and others below the head's name have come."""
    inside = all(name.startswith(f"{trial.head}.") for name in trial.surplus)
    return trial.told.same and bool(trial.surplus) and inside and trial.missing == trial.head_names


def head_in_features_hardcoded(seen: Seen) -> str | None:
    resnets = [trial for trial in seen.trials if trial.family == "resnet"]
    shapes = [trial.new["weight"].shape for trial in resnets if "weight" in trial.new]
    widths = {shape[-1] for shape in shapes}
    if len(shapes) < len(resnets) or len(widths) != 1 or any(trial.kept for trial in resnets):
        return None
    owed = sorted(trial.old_weight.shape[1] for trial in resnets)
    return f"ResNets with {', '.join(map(str, owed))} features all got a head for {widths.pop()}."


def head_rows_copied(seen: Seen) -> str | None:
    if not all(_copied(trial) for trial in seen.trials):
        return None
    trial = seen.trials[0]
    count = min(trial.classes, len(trial.old_weight))
    return f"On {trial.title}, the first {count} rows of `{trial.head}.weight` are the old head's."


def _copied(trial: Trial) -> bool:
    """Whether as many rows as fit are the old ones, in a weight that is otherwise new."""
    count = min(trial.classes, len(trial.old_weight))
    return trial.weight is not None and np.array_equal(trial.weight[:count], trial.old_weight[:count])


def head_constant_init(seen: Seen) -> str | None:
    weights = [trial.weight for trial in seen.trials if trial.weight is not None]
    if len(weights) < len(seen.trials) or any(
        len(np.unique(weight)) > 1 or np.isnan(weight).any() for weight in weights
    ):
        return None
    trial = seen.trials[0]
    return f"On {trial.title}, every entry of `{trial.head}.weight` is {float(weights[0].flat[0]):g}."


def head_backbone_touched(seen: Seen) -> str | None:
    touched = [trial for trial in seen.trials if trial.told.same and trial.changed - trial.missing and not trial.kept]
    if len(touched) < len(seen.trials):
        return None
    trial = touched[0]
    return (
        f"On {trial.title}, {len(trial.changed)} entries outside the head differ from before: {listing(trial.changed)}."
    )


def head_left_frozen(seen: Seen) -> str | None:
    frozen = [trial for trial in seen.trials if trial.frozen]
    if any(not trial.still or trial.kept or trial.weight is None or trial.missing for trial in frozen):
        return None
    return f"On {frozen[0].title}, a step left the new `{frozen[0].head}.weight` where it was."


def head_stale_num_labels(seen: Seen) -> str | None:
    texts = [trial for trial in seen.trials if trial.family in TEXT]
    for trial in texts:
        told = trial.told.labels
        stale = [name for name in LABELS if told.get(name) != trial.classes]
        if trial.weight is None or not stale:
            return None
        shown = f"On {trial.title}, the layer has {trial.classes} rows and `{stale[0]}` is {told.get(stale[0])}."
    return shown


def head_accepts_zero_classes(seen: Seen) -> str | None:
    if any(trial.weight is None for trial in seen.trials if trial.family == "resnet"):
        return None
    accepted = [classes for classes, answer in seen.bounds[1:] if not answer.trouble("")]
    return f"`replace_head(model, {accepted[0]})` came back without an error." if accepted else None
