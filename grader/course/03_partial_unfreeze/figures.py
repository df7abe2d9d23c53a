"""The freeze map of exercise 03: which blocks learn at which depth, expected against seen."""

from __future__ import annotations

from grader.authoring import NotReached
from grader.records import Evidence, FreezeMap

from .calls import Model, Trial
from .seen import Seen, read


def draw(evidence: Evidence) -> tuple[FreezeMap, ...]:
    """Draw one map per family: the first model with a difference, else the first model."""
    seen = read(evidence)
    maps = []
    for family in ("resnet", "bert"):
        models = seen.of(family)
        try:
            wrong = [model for model in models if any(t.live != t.expected for t in _fresh(seen, model))]
            maps.append(_map(seen, (wrong or models)[0]))
        except NotReached:
            continue
    return tuple(maps)


def _fresh(seen: Seen, model: Model) -> list[Trial]:
    asked = seen.trials(model.family)
    trials = [t for t in asked if t.state == "fresh" and t.model.id == model.id and t.possible]
    return sorted(trials, key=lambda trial: trial.depth)


def _map(seen: Seen, model: Model) -> FreezeMap:
    trials = _fresh(seen, model)
    groups = [*model.anatomy.blocks, model.anatomy.head]
    return FreezeMap(
        title=f"What learns at each depth, on {model.title}",
        rows=(*model.anatomy.block_titles, "head"),
        columns=tuple(str(trial.depth) for trial in trials),
        expected=tuple(tuple(group <= trial.expected for trial in trials) for group in groups),
        seen=tuple(tuple(_share(group, trial) for trial in trials) for group in groups),
    )


def _share(group: frozenset[str], trial: Trial) -> float | None:
    if trial.answer.trouble(trial.call):
        return None
    return round(len(group & trial.live) / len(group), 3)
