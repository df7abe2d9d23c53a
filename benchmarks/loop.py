"""How fast the learner's loop is, as ratios within one run: ``python benchmarks/loop.py [ROUNDS]``.

A learner saves exercise 03 and waits: for ``grade watch`` to show what was seen, or for a fresh ``grade FILE``.
Beside them stand what nobody can go below: the imports that the exercise needs, and the probe's own compute. All are
measured in turn, round after round, so that a noisy machine slows all of them alike.
"""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from grader import course
from grader.discover import discover
from grader.isolate import open_sandbox
from grader.learning.folder import begin
from grader.pipeline import observe
from grader.places import SOLUTIONS

EXERCISE = course.exercises()["03_partial_unfreeze"]
SOLUTION = (SOLUTIONS / f"{EXERCISE.slug}.py").read_bytes()
GRADE = [sys.executable, "-c", "from grader.cli import main; main()"]
DONE = b"15 of 15 points \xc2\xb7"
"""Begins the status below a result."""
TARGETS = (
    "save to feedback, of a cold run: under 10 %",
    "save to feedback, beyond the probe: under 0.25 s on a quiet machine",
    "a cold run without its probe, of the bare imports: at most 1.15",
)


class Watched:
    """``grade watch`` in a terminal of its own."""

    def __init__(self, file: Path) -> None:
        self._terminal, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        self._process = subprocess.Popen(
            [*GRADE, "watch", str(file)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm"},
            start_new_session=True,
        )
        os.close(theirs)
        self.wait()

    def wait(self) -> None:
        """Read what is drawn until a result is."""
        drawn = b""
        while DONE not in drawn:
            drawn = drawn[-len(DONE) :] + os.read(self._terminal, 1 << 16)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()
        os.close(self._terminal)


def measure(file: Path, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of every measured thing, one per round."""
    number = 0

    def save() -> None:
        nonlocal number
        number += 1
        file.write_bytes(SOLUTION + f"# {number}\n".encode())

    with open_sandbox([EXERCISE], warm=True) as sandbox, Watched(file) as watched:

        def feedback() -> None:
            save()
            watched.wait()

        def probe() -> float:
            return observe(discover(file), EXERCISE, sandbox, number).seconds

        things: dict[str, Callable[[], float | None]] = {
            "bare imports": lambda: run([sys.executable, "-I", "-c", f"import {', '.join(EXERCISE.imports)}"]),
            "probe's own compute": probe,
            "cold grade FILE": lambda: run([*GRADE, str(file), "--report", str(file.with_suffix(".html"))]),
            "save to feedback": feedback,
        }
        seconds: dict[str, list[float]] = {name: [] for name in things}
        for _ in range(rounds + 1):
            for name, thing in things.items():
                started = time.perf_counter()
                told = thing()
                seconds[name].append(told if told is not None else time.perf_counter() - started)
            time.sleep(0.5)
    return {name: values[1:] for name, values in seconds.items()}  # the first round fills caches


def run(command: list[str]) -> None:
    """Run a command and insist that it succeeds."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as place:
        file = begin(Path(place))[0].file_or_refuse(EXERCISE)
        file.write_bytes(SOLUTION)
        seconds = measure(file, rounds)
    median = {name: statistics.median(values) for name, values in seconds.items()}
    print(f"{rounds} rounds, median and best; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    for name, values in seconds.items():
        print(f"{name:22} {median[name] * 1000:9.0f} ms {min(values) * 1000:9.0f} ms")
    told, imports, probe, cold = (
        seconds[name] for name in ("save to feedback", "bare imports", "probe's own compute", "cold grade FILE")
    )
    shown = (
        f"{statistics.median(map(lambda a, b: a / b, told, cold)):.1%}",
        f"{statistics.median(map(lambda a, b: a - b, told, probe)):.3f} s",
        f"{statistics.median(map(lambda a, b, c: (a - b) / c, cold, probe, imports)):.2f}",
    )
    print()
    for target, value in zip(TARGETS, shown, strict=True):
        print(f"{value:>8}   {target}")


if __name__ == "__main__":
    main()
