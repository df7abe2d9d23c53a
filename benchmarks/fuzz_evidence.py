"""Mutate a real evidence and read and judge it: ``python benchmarks/fuzz_evidence.py [COUNT] [SEED]``.

Every mutation has to end in facts or in a stated reason, and every judgement in outcomes: never in a crash of the
reader or a fault of a check. Exit status 1 when one did not.
"""

from __future__ import annotations

import collections
import random
import re
import sys
import tempfile
import time
from pathlib import Path

from grader import course, fixtures
from grader.check import check
from grader.diagnose import diagnose
from grader.errors import CourseFault
from grader.inside.observe import Learner
from grader.inside.wire import Fact, Job, Writer
from grader.inside.work import import_submission, load_probe
from grader.isolate.reading import Reader
from grader.places import SPECIMENS
from grader.records import Evidence, Wall

EXERCISE = course.exercises()["03_partial_unfreeze"]
JUDGED_AT_ONCE = 200


def real_evidence(seed: int) -> tuple[dict[str, object], bytes]:
    """Run the probe on a specimen in this process; return the plan and the bytes a worker would have sent."""
    plan, arrays = course.draw(EXERCISE, seed)
    files = {name: str(fixture.file) for name, fixture in fixtures.for_sandbox(EXERCISE.fixtures).items()}
    source = (SPECIMENS / EXERCISE.slug / "partial_off_by_one.py").read_bytes()
    job = Job("specimen.py", source, "", EXERCISE.parts, 60, plan, files, arrays)
    probe = load_probe(str(course.probe_path(EXERCISE)))
    prepared = probe.prepare(job)
    learner = Learner(import_submission(job), job.filename)
    with tempfile.TemporaryFile() as file:
        writer = Writer(file.fileno())
        for part in EXERCISE.parts:
            writer.write(Fact("@part", part))
            for fact in getattr(probe, part)(learner, prepared):
                writer.write(fact)
        writer.write(Fact("@done", None))
        file.seek(0)
        return plan, file.read()


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Change, remove, insert or swap some bytes."""
    mutated = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        index, length = rng.randrange(len(mutated)), rng.randint(1, 40)
        match rng.randrange(5):
            case 0:
                mutated[index] ^= 1 << rng.randrange(8)
            case 1:
                del mutated[index : index + length]
            case 2:
                mutated[index:index] = rng.randbytes(length)
            case 3:
                mutated[index : index + 1] = rng.choice([b"null", b"[]", b"{}", b'"x"', b"-1", b"1e9", b"true"])
            case _:
                other = rng.randrange(len(mutated))
                mutated[index : index + length] = mutated[other : other + length]
    return bytes(mutated)


def evidence(plan: dict[str, object], reader: Reader, seed: int) -> Evidence:
    """Wrap what was read."""
    return Evidence(
        submission_sha256="",
        exercise=EXERCISE.slug,
        seed=seed,
        plan=plan,
        facts=reader.facts,
        arrays=reader.arrays,
        crash=None,
        interruptions=(),
        console="",
        seconds=0,
        peak_mb=0,
        wall=Wall(level="A", summary=""),
        versions={},
    )


def main() -> None:
    """Mutate, read, judge, count."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rng = random.Random(seed)
    plan, data = real_evidence(seed)
    seen: collections.Counter[str] = collections.Counter()
    waiting, slowest = [], 0.0
    for _ in range(count):
        started = time.perf_counter()
        reader = Reader()
        reader.feed(mutate(data, rng))
        slowest = max(slowest, time.perf_counter() - started)
        seen[re.sub(r"\d+", "N", reader.trouble.partition(":")[0]) or ("whole" if reader.done else "cut short")] += 1
        waiting.append(evidence(plan, reader, seed))
        if len(waiting) == JUDGED_AT_ONCE:
            judge(waiting)
            waiting.clear()
    judge(waiting)
    print(
        f"{count} mutations of {len(data):,} bytes ({Path(__file__).name}, seed {seed}); slowest read {slowest:.3f} s"
    )
    for reason, times in seen.most_common():
        print(f"{times:7}  {reason}")


def judge(evidences: list[Evidence]) -> None:
    """Judge and diagnose; a fault of ours ends the program."""
    if not evidences:
        return
    try:
        for one, outcomes in zip(evidences, check(EXERCISE, evidences), strict=True):
            diagnose(EXERCISE, one, outcomes)
    except CourseFault as fault:
        raise SystemExit(f"a mutation broke a check: {fault}") from fault


if __name__ == "__main__":
    main()
