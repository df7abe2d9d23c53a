"""Thirty hostile learners in a cohort of three hundred: ``python benchmarks/hostile.py [--count 300] [--hostile 30]``.

Graded twice in one run: the honest alone, and all of them. The honest rows have to be the same byte for byte, and the
journal, the memory of the whole tree and the time have to stay within bounds; exit status 1 where they do not.
Hostile are odd folders and files (``tests/hostile/kinds.py``) and code that floods the grader with evidence, hangs,
eats memory, ends its process, prints without end, or hands in as much as is allowed.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import cohort
import msgspec
from batch import CORES, QUICK, grade_batch

from grader import course
from grader.batch import intake
from grader.batch.journal import Journal
from grader.records import Grade
from grader.records.cohort import Note, Row

JOURNAL_MB, TREE_MB, TIMES = 200, 1_200, 1.3
HONEST_SEED = 20_261
KINDS = Path(__file__).parent.parent / "tests" / "hostile" / "kinds.py"
_spec = importlib.util.spec_from_file_location("kinds", KINDS)
assert _spec
assert _spec.loader
kinds = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(kinds)

FLOOD = """
import gc
import numpy as np
from grader.inside.wire import Fact

def flood(*_, **__):
    (writer,) = [each for each in gc.get_objects() if type(each).__name__ == "Writer"]
    for number in range(5):
        writer.write(Fact(f"made-up/{id(number)}/{number}", [[0] * 1000] * 100, {"a": np.zeros(12 << 20, np.uint8)}))
    raise MemoryError
"""
CODE = {
    "a flood of evidence": FLOOD + "NAMES = flood\n",
    "an endless loop": "while True:\n    pass\n",
    "memory": "held = [bytearray(b'x' * (64 << 20)) for _ in range(1000)]\n",
    "an end": "import os\nos._exit(0)\n",
    "endless words": "while True:\n    print('x' * 10_000)\n",
    "a megabyte": "# {random}\n",
}
"""Code that is nothing but hostile; NAMES stands for the exercise's functions."""


def make_hostile(folder: Path, count: int, slugs: list[str]) -> list[str]:
    """Write ``count`` hostile learners; return what kind each is."""
    written: list[Callable[[Path], None]] = [*kinds.FOLDERS.values()]
    names = [*kinds.FOLDERS]
    for kind, (name, content) in kinds.FILES.items():
        names.append(kind)
        written.append(lambda own, name=name, content=content: (own / name).write_bytes(content) and None)
    for kind, source in CODE.items():
        names.append(kind)
        written.append(lambda own, source=source: _code(own, source, slugs))
    chosen = random.Random(3).sample(range(len(names)), len(names))
    code = [index for index in chosen if names[index] in CODE]
    order = [*code, *(index for index in chosen if index not in code)]
    for number in range(count):
        own = folder / f"learner-h{number + 1:03}"
        own.mkdir(parents=True)
        written[order[number % len(order)]](own)
    return [names[order[number % len(order)]] for number in range(count)]


def _code(own: Path, source: str, slugs: list[str]) -> None:
    """Write a source for every exercise; each is a submission of its own."""
    for slug in slugs:
        functions = course.exercises()[slug].functions
        told = source.replace("NAMES = flood", "\n".join(f"{name} = flood" for name in functions))
        told = told.replace("{random}", os.urandom(500_000).hex())
        (own / f"{slug}.py").write_text(f"# {slug} {own.name}\n{told}")


def make_honest(folder: Path, count: int, slugs: list[str]) -> None:
    """Write one submission each of so many honest learners."""
    with tempfile.TemporaryDirectory() as temporary:
        cohort.make(Path(temporary), count, HONEST_SEED, slugs)
        files = sorted(path for path in Path(temporary).rglob("*") if path.is_file())
        for number, path in enumerate(files):
            own = folder / f"learner-{number + 1:03}"
            own.mkdir(parents=True)
            path.rename(own / path.name)


def rows(results: Path) -> Iterator[Row]:
    """Yield what was told of everybody who is honest, without what differs from run to run."""
    with Journal.read(results) as journal:
        for row in journal.rows():
            if not row.learner.startswith("learner-h"):
                result = row.result
                if isinstance(result, Grade):
                    broken = [msgspec.structs.replace(each, seconds=0.0) for each in result.evidence.interruptions]
                    run = msgspec.structs.replace(
                        result.evidence, seconds=0.0, peak_mb=0.0, interruptions=tuple(broken)
                    )
                    result = msgspec.structs.replace(result, evidence=run)
                yield msgspec.structs.replace(row, result=result)


def limits(results: Path) -> tuple[float, list[Note]]:
    """Return the seconds that hostile learners had until they were stopped, and what was said about them."""
    with Journal.read(results) as journal:
        hostile = [row for row in journal.rows() if row.learner.startswith("learner-h")]
        ran = sum(row.result.evidence.seconds for row in hostile if isinstance(row.result, Grade))
        notes = list(journal.notes())
    stopped = sum("took longer" in note.text for note in notes)
    return ran / CORES + stopped * intake.SECONDS, notes


def main() -> None:
    """Print the figures, and end with 1 where one is out of bounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--hostile", type=int, default=30)
    asked = parser.parse_args()
    slugs = [course.named(name).slug for name in QUICK]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        made = folder / "made"
        made.mkdir()
        make_honest(made, asked.count - asked.hostile, slugs)
        alone, _ = grade_batch(made, folder / "honest", seed=5)
        told = make_hostile(made, asked.hostile, slugs)
        together, peak = grade_batch(made, folder / "all", seed=5)
        size = sum(path.stat().st_size for path in (folder / "all").glob("journal.sqlite*")) / 2**20
        allowance, _ = limits(folder / "all")
        apart, among = list(rows(folder / "honest")), list(rows(folder / "all"))
        differ = [(one, other) for one, other in zip(apart, among, strict=False) if one != other]
        same, count = apart == among, len(among)
        os.system(f"chmod -R u+rwX {made}; rm -rf {made}")
    bound = TIMES * alone + allowance
    print(f"{asked.count} learners, {asked.hostile} of them hostile: {', '.join(told)}")
    print(f"  honest rows              {count:7,} {'the same' if same else 'NOT the same'} with and without the others")
    print(f"  journal                  {size:7.0f} MB of {JOURNAL_MB}")
    print(f"  memory, the whole tree   {peak:7.0f} MB of {TREE_MB}")
    print(f"  honest alone             {alone:7.1f} s")
    print(f"  all                      {together:7.1f} s of {bound:.1f}, of which {allowance:.1f} are time limits")
    for one, other in differ[:3]:
        fields = [name for name in one.__struct_fields__ if getattr(one, name) != getattr(other, name)]
        print(f"  {one.learner}, {one.exercise}: {', '.join(fields)} differ")
    within = same and size < JOURNAL_MB and peak < TREE_MB and together <= bound
    sys.exit(0 if within else 1)


if __name__ == "__main__":
    main()
