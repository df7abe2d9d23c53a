"""Which runs a comparison needs, and how they are collected."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader import fixtures
from grader.adaptation import STRATEGIES, Audit, Currency, Modality, StrategyName
from grader.authoring.anatomy import Anatomy, anatomy
from grader.errors import UsageError
from grader.records import Record
from grader.wire.names import LETTERS

DEFAULTS: Mapping[str, str] = {"vision": "vision-rare", "text": "text-weapons"}
"""The scenario of each modality when none is named: those with a rare class."""
STOPPED = "Stopped."
_MOST_SEEDS = 30
Row = Mapping[str, Any]
"""A scenario, as ``grader.fixtures.scenarios()`` has it."""


class WantedRun(Record, frozen=True, kw_only=True):
    """One training run that is wanted."""

    scenario: str
    strategy: StrategyName
    depth: int
    """Number of last blocks that learn, where the strategy leaves it open."""
    seed: int


class Plan(Record, frozen=True, kw_only=True):
    """What is to be compared."""

    rows: tuple[Row, ...]
    """One scenario per modality."""
    seeds: int
    depths: tuple[int, ...]
    """To train in addition to the scenario's own."""
    min_recall: float
    cost: Currency

    def orders(self, row: Row) -> list[WantedRun]:
        """List the runs on one scenario, seed by seed, so that what is complete can always be compared in pairs."""
        extra = sorted({*self.depths} - {row["depth"]})
        wanted = [(strategy, row["depth"]) for strategy in STRATEGIES]
        wanted += [("partial_unfreeze", depth) for depth in extra]
        return [
            WantedRun(scenario=row["name"], strategy=strategy, depth=depth, seed=seed)
            for seed in range(self.seeds)
            for strategy, depth in wanted
        ]

    def every_order(self) -> list[WantedRun]:
        """List the runs on all scenarios."""
        return [order for row in self.rows for order in self.orders(row)]


class Trained(Record, frozen=True, kw_only=True):
    """What came of one run."""

    trainable: int
    seconds: float
    """Training alone."""
    moved_buffers: int
    """Bytes of the buffers that training moved."""
    predicted: str
    """What it says of each validation example: a letter of ``LETTERS``."""
    audit: Audit | None
    """Of a frozen run; None where nothing was declared frozen."""

    def __post_init__(self) -> None:
        """Refuse costs that are none."""
        if not min(self.trainable, self.moved_buffers, self.seconds) >= 0 or not math.isfinite(self.seconds):
            raise ValueError("what the run costs is less than nothing, or no number")


class RunFailed(Exception):
    """A learner's function brought a run down; the message is a sentence."""


Runs = dict[WantedRun, Trained]
Runner = Callable[[WantedRun], Trained]


def plan(
    modality: Modality | None,
    scenario: str | None,
    seeds: int,
    depths: Sequence[int],
    min_recall: float,
    cost: Currency = "scalars",
) -> Plan:
    """Return what the user asks for; raise UsageError where it cannot be done."""
    rows = chosen(modality, scenario)
    if not 1 <= seeds <= _MOST_SEEDS:
        raise UsageError(f"--seeds takes 1 to {_MOST_SEEDS}, not {seeds}.")
    if not 0 <= min_recall <= 1:
        raise UsageError(f"--min-recall is a share between 0 and 1, not {min_recall}.")
    for row in rows:
        blocks = len(backbone(row).blocks)
        if impossible := [depth for depth in depths if not 0 < depth < blocks]:
            raise UsageError(
                f"--depth takes 1 to {blocks - 1} for {row['name']}, not {impossible[0]}: "
                f"0 is frozen and {blocks} is full_finetune, which are trained anyway."
            )
    return Plan(rows=tuple(rows), seeds=seeds, depths=tuple(depths), min_recall=min_recall, cost=cost)


def chosen(modality: Modality | None, scenario: str | None) -> list[Row]:
    """Return the scenarios to compare on; raise UsageError for names that do not go together."""
    rows = fixtures.scenarios()
    if scenario is None:
        return [rows[name] for kind, name in DEFAULTS.items() if modality in (None, kind)]
    if scenario not in rows:
        raise UsageError(f"There is no scenario {scenario!r}. There are {', '.join(rows)}.")
    if modality not in (None, rows[scenario]["modality"]):
        raise UsageError(f"The scenario {scenario} is about {rows[scenario]['modality']}, not {modality}.")
    return [rows[scenario]]


def backbone(row: Row) -> Anatomy:
    """Return the blocks and sizes of the pretrained model with the scenario's head."""
    spec = json.loads(fixtures.metadata(f"{row['modality']}-backbone")["spec"])
    return anatomy({**spec, "num_classes": len(row["classes"])})


def truth(row: Row) -> str:
    """Return the classes of a scenario's validation set, a letter of ``LETTERS`` for each example."""
    return "".join(LETTERS[number] for number in fixtures.arrays(f"scenario-{row['name']}")["validation_labels"])


def collect(wanted: Sequence[WantedRun], runner: Runner, progress: Callable[[WantedRun], None]) -> tuple[Runs, str]:
    """Do the runs in order; return what was done, and why that is not all of it (empty when it is).

    Ctrl-C or a run that fails ends the collection early and loses nothing. ``progress`` hears of each run's end.
    """
    done: Runs = {}
    try:
        for order in wanted:
            done[order] = runner(order)
            progress(order)
    except KeyboardInterrupt:
        return done, STOPPED
    except RunFailed as failure:
        return done, str(failure)
    return done, ""


def complete_seeds(wanted: Sequence[WantedRun], done: Runs) -> tuple[int, ...]:
    """Return the seeds with which every wanted run was done."""
    missing = {order.seed for order in wanted if order not in done}
    return tuple(seed for seed in dict.fromkeys(order.seed for order in wanted) if seed not in missing)
