"""Run benchmarks and keep what they print: ``python -m benchmarks [NAME ...]``, all of them without a name.

Each one's output goes to ``docs/measured/NAME.txt`` below the date, the machine and the command; the documentation
shows these files as they are. A benchmark that fails leaves the old file in place.
"""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE.parent / "docs" / "measured"
COMMANDS = {
    "probes": "benchmarks/probes.py",
    "isolate": "benchmarks/isolate.py",
    "judge": "benchmarks/judge.py",
    "loop": "benchmarks/loop.py 9",
    "audit": "benchmarks/audit.py",
    "costs": "benchmarks/costs.py --seeds 5",
    "rule": "benchmarks/rule.py",
    "cached": "benchmarks/cached.py",
    "batch": "benchmarks/batch.py",
    "hostile": "benchmarks/hostile.py",
    "growth": "benchmarks/growth.py",
    "fuzz_evidence": "benchmarks/fuzz_evidence.py 10000",
    "versus": "-m benchmarks.versus",
    "versus_cold": "-m benchmarks.versus --batches 0 --keep docs/measured/versus_cold.json",
    "versus_robust": "-m benchmarks.versus --robust",
    "mutation": "-m tests.mutation",
    "rates": "benchmarks/rates.py",
}
"""What is run for each name; the figures in the documentation come from exactly these."""


def main() -> None:
    """Run those that were named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(COMMANDS)}")
    names = parser.parse_args().names or list(COMMANDS)
    if unknown := [name for name in names if name not in COMMANDS]:
        parser.error(f"there is no benchmark {', '.join(unknown)}")
    KEPT.mkdir(exist_ok=True)
    failed = [name for name in names if not keep(name)]
    if failed:
        sys.exit(f"failed, and its old figures stay: {', '.join(failed)}")


def keep(name: str) -> bool:
    """Run one benchmark, show what it prints as it comes, and keep it; return whether it ended well."""
    command = f"python {COMMANDS[name]}"
    print(f"\n$ {command}", flush=True)
    lines = [f"{datetime.now(UTC):%Y-%m-%d}, {machine()}\n", f"$ {command}\n", "\n"]
    with subprocess.Popen(
        [sys.executable, *shlex.split(COMMANDS[name])], cwd=HERE.parent, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip() + "\n")
    if process.returncode == 0:
        (KEPT / f"{name}.txt").write_text("".join(lines), "utf-8")
    return process.returncode == 0


def machine() -> str:
    """Return the machine in words."""
    cores, load = os.cpu_count(), os.getloadavg()[0]
    return (
        f"{platform.system()} on {platform.machine()} with {cores} cores at load {load:.1f}, "
        f"Python {platform.python_version()}, torch {version('torch')}"
    )


if __name__ == "__main__":
    main()
