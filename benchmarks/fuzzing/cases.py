"""Real evidence to begin with, and mutated evidence that comes in as a worker's does: through reader and door."""

from __future__ import annotations

import io
import itertools
import json
import random
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

import msgspec
import numpy as np

from grader import adaptation, course, isolate, note, pipeline
from grader.discover import discover
from grader.errors import UsageError
from grader.inside.wire import Fact
from grader.isolate import Attempt, Question, Sandbox
from grader.isolate.reading import DTYPES, Reader
from grader.notebook import locate
from grader.places import EXERCISES, SOLUTIONS
from grader.records import CellLine, Door, Evidence, Exercise, Submission, Wall
from grader.selfcheck import specimen_of
from grader.wire.ending import End

from .mutate import Facts, mutate_bytes, mutate_facts, mutate_record, mutate_text

ROLES = ("solution", "specimen", "stub")
BYTES_SHARE = 0.2
"""Of the mutations are of bytes, the others of facts and arrays."""
TRIES = 20
"""Changes of a note's evidence until one is taken: it is read strictly."""
NOTEBOOK_SHARE = 0.3
"""Of the submissions are said to be notebooks."""


class Case(NamedTuple):
    """One submission and what was really seen of it."""

    exercise: Exercise
    role: str
    submission: Submission
    evidence: Evidence
    facts: Facts
    """As the worker sent them."""
    door: Door | None

    @classmethod
    def of(cls, exercise: Exercise, role: str, seed: int, sandbox: Sandbox) -> Self:
        """See a solution, a stub, or one of the specimens, which the seed chooses."""
        names = exercise.misconceptions
        path = {
            "solution": SOLUTIONS / exercise.filename,
            "stub": EXERCISES / exercise.filename,
            "specimen": specimen_of(exercise, names[seed % len(names)]),
        }[role]
        submission = discover(path, exercise=exercise.slug, learner="learner-01", evidence=note.example(exercise))
        evidence = pipeline.observe(submission, exercise, sandbox, seed)
        facts = [Fact(name, value, _arrays_of(name, evidence)) for name, value in evidence.facts.items()]
        return cls(exercise, role, submission, evidence, facts, course.door(exercise, evidence.plan))

    def mutated(self, seed: int, index: int) -> tuple[Submission, Evidence] | str:
        """Return one mutation, the same one for the same numbers, or why it was not read at all."""
        rng = random.Random(f"{self.exercise.slug} {self.role} {seed} {index}")
        return self._note(rng) if self.exercise.is_note else self._code(rng)

    def _code(self, rng: random.Random) -> tuple[Submission, Evidence] | str:
        assert self.door is not None
        if rng.random() < BYTES_SHARE:
            said = mutate_bytes(stream(self.facts), rng)
        else:
            said = stream(mutate_facts(self.facts, rng, self.door))
        task = Question(
            filename="x.py",
            source=b"",
            probe="",
            parts=self.exercise.parts,
            seconds=60,
            plan=self.evidence.plan,
            fixtures={},
            arrays={},
            door=self.door,
        )
        evidence = isolate.run(Told(said), self.submission, self.exercise, task, self.evidence.seed)
        if rng.random() < NOTEBOOK_SHARE:
            evidence = locate(evidence, [CellLine(cell=1, line=line) for line in range(1, 20)])
        return self.submission, evidence

    def _note(self, rng: random.Random) -> tuple[Submission, Evidence] | str:
        handed = msgspec.json.decode(self.submission.source)
        record, text = msgspec.json.encode(handed["evidence"]), handed["note"]
        refused = ""
        for _ in range(TRIES):
            changed, written = mutate_record(record, rng), mutate_text(text, rng)
            if rng.random() < 0.5:
                changed = record
            try:
                measured = adaptation.decode(Path("09_evidence.json"), changed)
                source = note.put_together(written.encode("utf-8", "surrogatepass"), "note.md", measured, "").source
            except UsageError as error:
                refused = str(error)
                continue
            submission = msgspec.structs.replace(self.submission, source=source)
            return submission, note.read(submission, self.exercise)
        return refused


def _arrays_of(fact: str, evidence: Evidence) -> dict[str, np.ndarray[Any, Any]]:
    """Return a fact's arrays by their own names, each in its own shape."""
    start = f"{fact}/"
    return {name.removeprefix(start): array for name, array in evidence.arrays.items() if name.startswith(start)}


class Told:
    """A sandbox whose first worker says what it is told to, and whose others say nothing."""

    def __init__(self, said: bytes) -> None:
        self._said = iter([said])

    def attempt(self, task: Question) -> Attempt:
        """Feed the reader in pieces, as a pipe does."""
        reader, said = Reader(task.door), io.BytesIO(next(self._said, b""))
        for piece in iter(lambda: said.read(1 << 16), b""):
            reader.feed(piece)
        return Attempt.of(reader, End("ended", 0, 1.0, 1.0), self.wall(), {})

    def twin(self) -> Self:
        """Return this one."""
        return self

    def wall(self) -> Wall:
        """Return walls that nobody needs."""
        return Wall(level="A", summary="")

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def stream(facts: Facts) -> bytes:
    """Return the bytes in which a worker sends facts."""
    return b"".join(map(_frame, itertools.chain([Fact("@part", "import")], facts, [Fact("@done", None)])))


def _frame(fact: Fact) -> bytes:
    """Return the safetensors file of a fact; the library's own writer has another order of the metadata each time."""
    header: dict[str, Any] = {"__metadata__": {"fact": fact.name, "value": json.dumps(fact.value)}}
    body = b""
    for name, array in fact.arrays.items():
        content = np.ascontiguousarray(array).tobytes()
        where = [len(body), len(body) + len(content)]
        header[name] = {"dtype": _CODES[array.dtype.name], "shape": array.shape, "data_offsets": where}
        body += content
    told = json.dumps(header).encode()
    blob = struct.pack("<Q", len(told)) + told + body
    return struct.pack("<I", len(blob)) + blob


_CODES = {dtype.name: code for code, dtype in DTYPES.items()}


def cases(exercise: Exercise, seed: int, sandbox: Sandbox) -> Iterator[Case]:
    """Yield what an exercise's mutations begin with."""
    return (Case.of(exercise, role, seed, sandbox) for role in ROLES)
