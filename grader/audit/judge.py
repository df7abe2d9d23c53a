"""Turn the recorded facts into findings with causes and a verdict; pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from . import stories
from .records import Effect, Facts, Finding, Kind, ModuleRow, Verdict
from .stories import Story

_BREAKS = {
    Kind.FROZEN_WEIGHT_MOVED: ("frozen weight moved", "frozen weights moved"),
    Kind.FROZEN_BUFFER_MOVED: ("frozen buffer moved", "frozen buffers moved"),
    Kind.RAN_IN_TRAIN_MODE: ("frozen module ran in training mode", "frozen modules ran in training mode"),
}


def judge(facts: Facts) -> tuple[Verdict, str, tuple[Finding, ...]]:
    """Return the verdict, its reason in one sentence, and the findings, the gravest first."""
    findings = tuple(finding for find in _FINDERS for finding in find(facts))
    broken = [
        f"{count} {words[count > 1]}"
        for kind, words in _BREAKS.items()
        if (count := sum(finding.count for finding in findings if finding.kind is kind))
    ]
    if broken:
        return Verdict.NOT_FROZEN, f"{' and '.join(broken)}.", findings
    if doubt := _doubt(facts, findings):
        return Verdict.NOT_PROVEN, doubt, findings
    return Verdict.FROZEN, _proof(facts), findings


def _doubt(facts: Facts, findings: Iterable[Finding]) -> str:
    """Say what is missing for a proof; empty when nothing is."""
    if not facts.steps:
        return "No optimizer step on this model was seen."
    if unread := sum(finding.count for finding in findings if finding.kind is Kind.NOT_COMPARABLE):
        return f"{unread} frozen entries could not be compared."
    if not _learned(facts):
        return "Nothing outside the frozen set moved: a model that was never trained looks the same."
    return ""


def _proof(facts: Facts) -> str:
    kept = sum(row.frozen for row in facts.entries)
    return (
        f"{kept} frozen tensors have the same bits as before {facts.steps} optimizer steps, none of their modules ran "
        f"in training mode, and {_learned(facts)} other parameters moved."
    )


def _learned(facts: Facts) -> int:
    return sum(row.moved for row in facts.entries if not row.frozen and not row.is_buffer)


def _weights(facts: Facts) -> Iterator[Finding]:
    rows = [row for row in facts.entries if row.frozen and row.moved and not row.is_buffer]
    yield from _grouped(Kind.FROZEN_WEIGHT_MOVED, ((row.name, stories.weight(row)) for row in rows))


def _buffers(facts: Facts) -> Iterator[Finding]:
    modules = {row.name: row for row in facts.modules}
    rows = [row for row in facts.entries if row.frozen and row.moved and row.is_buffer]
    told = ((row.name, stories.buffer(row, modules.get(row.owner))) for row in rows)
    yield from _grouped(Kind.FROZEN_BUFFER_MOVED, told)


def _modes(facts: Facts) -> Iterator[Finding]:
    told = ((row.name, stories.mode(row)) for row in facts.modules if _ran_in_training(row))
    yield from _grouped(Kind.RAN_IN_TRAIN_MODE, told)


def _ran_in_training(row: ModuleRow) -> bool:
    """Whether its mode matters and it trained: with gradients, or without them where it never ran with them."""
    trained = row.training > 0 or (row.inference == 0 and row.training_no_grad > 0)
    return trained and row.effect is not Effect.UNKNOWN


def _comparable(facts: Facts) -> Iterator[Finding]:
    absent = {**dict.fromkeys(facts.gone, stories.GONE), **dict.fromkeys(facts.new, stories.NEW)}
    unread = [row.name for row in facts.entries if row.frozen and not (row.before and row.after)]
    yield from _grouped(Kind.NOT_COMPARABLE, ((name, absent.get(name, stories.UNREADABLE)) for name in unread))


def _flags(facts: Facts) -> Iterator[Finding]:
    rows = [row for row in facts.entries if row.frozen and True in row.required_grad]
    yield from _grouped(Kind.FROZEN_PARAM_REQUIRES_GRAD, ((row.name, stories.flag(row)) for row in rows))


def _held(facts: Facts) -> Iterator[Finding]:
    rows = [row for row in facts.entries if row.frozen and row.optimizers]
    yield from _grouped(Kind.FROZEN_PARAM_IN_OPTIMIZER, ((row.name, stories.held(row)) for row in rows))


def _flipped(facts: Facts) -> Iterator[Finding]:
    rows = [row for row in facts.entries if row.flipped_at]
    yield from _grouped(Kind.FLIPPED_MID_RUN, ((row.name, stories.flip(row)) for row in rows))


def _tied(facts: Facts) -> Iterator[Finding]:
    yield from _grouped(Kind.TIED, ((row.name, stories.TIED) for row in facts.entries if row.is_tied))


def _stale(facts: Facts) -> Iterator[Finding]:
    told = ((name, stories.stale(row)) for row in facts.optimizers for name in row.stale)
    yield from _grouped(Kind.STALE_TENSORS, told)


def _not_held(facts: Facts) -> Iterator[Finding]:
    rows = [row for row in facts.entries if not row.frozen and row.required_grad[-1:] == (True,) and not row.optimizers]
    told = ((row.name, stories.NOT_HELD) for row in rows if row.replaced or not row.moved)
    yield from _grouped(Kind.TRAINABLE_NOT_IN_OPTIMIZER, told)


def _never_moved(facts: Facts) -> Iterator[Finding]:
    learn = [row for row in facts.entries if not row.frozen and True in row.required_grad]
    rows = [row for row in learn if row.after and not row.moved]
    yield from _grouped(Kind.NEVER_MOVED, ((row.name, stories.still(row)) for row in rows))


def _unseen(facts: Facts) -> Iterator[Finding]:
    outside = [row for row in facts.entries if not (row.frozen or row.is_buffer or row.optimizers)]
    rows = [row for row in outside if row.moved and not row.replaced]
    yield from _grouped(Kind.UNSEEN_OPTIMIZER, ((row.name, stories.UNSEEN) for row in rows))


def _unstepped(facts: Facts) -> Iterator[Finding]:
    if not facts.steps:
        cause, look_at = stories.unstepped(facts)
        yield Finding(kind=Kind.NO_OPTIMIZER_STEP, entries=(), cause=cause, look_at=look_at)


def _grouped(kind: Kind, told: Iterable[tuple[str, Story]]) -> Iterator[Finding]:
    """Yield one finding for each story, with everything it is told of."""
    groups: dict[Story, list[str]] = {}
    for name, story in told:
        groups.setdefault(story, []).append(name)
    for (cause, look_at), names in groups.items():
        yield Finding(kind=kind, entries=tuple(names), cause=cause, look_at=look_at)


_FINDERS: tuple[Callable[[Facts], Iterator[Finding]], ...] = (
    _weights,
    _buffers,
    _modes,
    _comparable,
    _unstepped,
    _flags,
    _held,
    _flipped,
    _tied,
    _stale,
    _not_held,
    _never_moved,
    _unseen,
)
