"""Training runs with the learner's own functions, in the sandbox throughout; the functions are graded first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np

from grader import course, fixtures
from grader.adaptation import Function, Whose
from grader.discover import discover
from grader.errors import UsageError
from grader.isolate import Attempt, Question, Sandbox
from grader.pipeline import examine
from grader.records import Account, Grade, Record
from grader.wire.names import LETTERS

from .runs import Row, RunFailed, Runner, Trained, WantedRun, truth

STEPS: Mapping[str, tuple[str, ...]] = {slug: each.in_runs for slug, each in course.exercises().items() if each.in_runs}
"""Exercise to those of its functions that take a step of a run.

The others' are about what happens to finished runs. Each has one right answer, so with full marks they return what the
lab computes.
"""
PROBE = Path(__file__).with_name("probe.py")
_SECONDS = 60.0
_SUFFIXES = (".py", ".ipynb")


class Mine(Record, frozen=True, kw_only=True):
    """A learner's files that have full marks, and whose code takes which step."""

    sources: Mapping[str, bytes]
    functions: tuple[Function, ...]


def expect_folder(folder: Path) -> None:
    """Raise UsageError when there is no such folder; to be asked before a sandbox is started."""
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; --mine takes the folder of your exercises.")


def judged(folder: Path, sandbox: Sandbox, told: Callable[[str], None]) -> Mine:
    """Grade what the folder has of the exercises in ``STEPS``; ``told`` hears of each file before it is graded."""
    sources: dict[str, bytes] = {}
    functions: list[Function] = []
    for slug, names in STEPS.items():
        whose, why, source = _judged(folder, slug, sandbox, told)
        if whose == "yours":
            sources[slug] = source
        functions += [Function(name=name, exercise=slug, whose=whose, why=why) for name in names]
    return Mine(sources=sources, functions=tuple(functions))


def _judged(folder: Path, slug: str, sandbox: Sandbox, told: Callable[[str], None]) -> tuple[Whose, str, bytes]:
    """Say whose functions to use, why, and with which source."""
    files = [folder / f"{slug}{suffix}" for suffix in _SUFFIXES]
    path = next((file for file in files if file.exists()), None)
    if path is None:
        return "reference", f"There is no {slug}.py among your files.", b""
    told(path.name)
    submission = discover(path, exercise=slug)
    whose, why = _judge(path.name, examine(submission, sandbox))
    return whose, why, submission.source


def _judge(name: str, found: Grade | Account) -> tuple[Whose, str]:
    """Say whose functions to use; where there are no hidden checks, what answers everything is used."""
    if isinstance(found, Account):
        seen = "answers everything" if found.is_complete else "does not answer everything yet"
    else:
        seen = f"has {found.earned} of {found.possible} points"
    return "yours" if found.is_complete else "reference", f"Your {name} {seen}."


def reference(why: str) -> tuple[Function, ...]:
    """Name the reference's function for every step."""
    return tuple(
        Function(name=name, exercise=slug, whose="reference", why=why)
        for slug, names in STEPS.items()
        for name in names
    )


def runner(rows: Sequence[Row], mine: Mine, sandbox: Sandbox) -> Runner:
    """Return what does the runs, each in a worker of its own."""
    by_name = {row["name"]: row for row in rows}
    arrays = {slug: np.frombuffer(source, dtype=np.uint8) for slug, source in mine.sources.items()}

    def do(order: WantedRun) -> Trained:
        row = by_name[order.scenario]
        names = (f"scenario-{row['name']}", f"{row['modality']}-backbone")
        task = Question(
            filename="lab.py",
            source=b"",
            probe=str(PROBE),
            parts=("training",),
            seconds=_SECONDS,
            plan={
                "worker_seed": order.seed,
                "row": row,
                "order": msgspec.to_builtins(order),
                "functions": {slug: STEPS[slug] for slug in mine.sources},
            },
            fixtures={name: str(f.file) for name, f in fixtures.for_sandbox(names).items()},
            arrays=arrays,
        )
        return _read(sandbox.attempt(task), order, row)

    return do


def _read(attempt: Attempt, order: WantedRun, row: Row) -> Trained:
    """Read what the worker said; raise RunFailed where it said nothing usable."""
    try:
        trained = msgspec.convert(attempt.facts["run"], Trained)
    except KeyError:
        broken = [interruption.detail for interruption in attempt.broken_parts()]
        raise _failed(order, broken[0] if broken else f"{attempt.ending.value} {attempt.detail}".strip()) from None
    except msgspec.ValidationError:
        raise _failed(order, "what came back does not describe a run") from None
    if len(trained.predicted) != len(truth(row)) or set(trained.predicted) - set(LETTERS[: len(row["classes"])]):
        raise _failed(order, "what came back does not name a class for each validation example")
    return trained


def _failed(order: WantedRun, why: str) -> RunFailed:
    return RunFailed(f"With your functions, {order.strategy} on {order.scenario} did not come to its end: {why}.")
