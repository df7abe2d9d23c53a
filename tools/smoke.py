"""What a newcomer does first, and what each step has to end with; on Linux, macOS and Windows, without a shell.

``python tools/smoke.py`` grades in the environment it runs in: the stub, the worked answer, two exercises' selfcheck.
``install PAIR [EXTRA ...]`` puts the course and a pair of torch and torchvision into that environment first, and
``newcomer`` runs the README's first command as it stands there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parent.parent
SLUG = "03_partial_unfreeze"
REPORT = ROOT / "reports" / f"{SLUG}.html"
UV = "uv==0.12.5"
PAIRS: dict[str, tuple[tuple[str, ...], ...]] = {
    "pinned": (("--constraint", "constraints.txt", "torch", "torchvision"),),
    "oldest": (("torch==2.9.*", "torchvision==0.24.*", "transformers==4.57.*"),),
    "newest": (("--upgrade", "torch", "torchvision", "transformers"),),
    "mismatched": (("torch==2.9.*", "torchvision==0.24.*"), ("--no-deps", "torchvision==0.25.*")),
}
"""What is asked of the installer for each pair: first beside the course, which says what it allows, then alone."""


def install(pair: str, extras: list[str]) -> None:
    """Install a pair, and the course with its extras; end the program where that fails.

    ``UV_TORCH_BACKEND=cpu`` in the environment takes PyTorch's small builds.
    """
    course = f".[{','.join(extras)}]" if extras else "."
    uv = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable]
    beside, *alone = PAIRS[pair]
    commands = [[*uv, *beside, "--editable", course], *([*uv, *words] for words in alone)]
    for command in ([sys.executable, "-m", "pip", "install", UV], *commands):
        expect(f"installing the {pair} pair", 0, run(command))


def newcomer() -> None:
    """Run the README's first command: it installs, grades the stub and leaves a report."""
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    command = next(line.removeprefix("$ ") for line in lines if line.startswith("$ "))
    REPORT.unlink(missing_ok=True)
    expect("the README's first command", 1, run(command))
    expect_report("the README's first command")


def stub() -> None:
    """Grade an untouched stub: nothing is earned, which is exit status 1, and there is a report."""
    REPORT.unlink(missing_ok=True)
    expect("grading the stub", 1, grade(f"exercises/{SLUG}.py"))
    expect_report("grading the stub")


def solution() -> None:
    """Grade the worked answer: full marks, which is exit status 0."""
    expect("grading the worked answer", 0, grade(f"solutions/{SLUG}.py"))


def selfcheck() -> None:
    """Let the course check an exercise that trains and one that does not."""
    expect("the selfcheck", 0, grade("selfcheck", "--exercises", "03", "08"))


def grade(*arguments: str) -> int:
    """Run the ``grade`` of this environment; end the program where it has none.

    macOS and Windows have walls of level C, with which `grade` runs the code as it is: no --weaker-wall is needed.
    """
    command = shutil.which("grade", path=sysconfig.get_path("scripts"))
    if command is None:
        raise SystemExit("There is no `grade` in this environment; `python tools/smoke.py install pinned` installs it.")
    return run([command, *arguments])


def run(command: str | list[str]) -> int:
    """Run a list as a program and a text in the system's shell, with the output of a terminal; return the status."""
    sys.stderr.write(f"\n== {command if isinstance(command, str) else subprocess.list2cmdline(command)}\n")
    sys.stderr.flush()
    utf8 = {**os.environ, "PYTHONUTF8": "1"}  # what Windows gives a terminal, but not the log of a job
    return subprocess.run(command, cwd=ROOT, env=utf8, shell=isinstance(command, str), check=False).returncode


def expect(what: str, status: int, seen: int) -> None:
    """End the program with a sentence where an exit status is not the expected one."""
    if seen != status:
        raise SystemExit(f"Differs: {what} ended with exit status {seen}, and {status} was expected.")


def expect_report(what: str) -> None:
    """End the program with a sentence where no report was written."""
    if not REPORT.is_file() or not REPORT.stat().st_size:
        raise SystemExit(f"Differs: {what} left no report at {REPORT.relative_to(ROOT).as_posix()}.")


STEPS = {"newcomer": newcomer, "stub": stub, "solution": solution, "selfcheck": selfcheck}
ALONE = ("stub", "solution", "selfcheck")
"""The steps that need no network, which run where none is named."""


def parser() -> argparse.ArgumentParser:
    """Return what the command line may say."""
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    steps = words.add_subparsers(dest="step")
    installing = steps.add_parser("install", help="install a pair of torch and torchvision, and the course")
    installing.add_argument("pair", choices=PAIRS)
    installing.add_argument("extras", nargs="*", metavar="EXTRA", help="such as dev")
    for name, step in STEPS.items():
        steps.add_parser(name, help=(step.__doc__ or "").partition(":")[0])
    return words


def main() -> None:
    """Run the step that the command line names, or those that need no network."""
    asked = parser().parse_args()
    if asked.step == "install":
        install(asked.pair, asked.extras)
        return
    for name in [asked.step] if asked.step else ALONE:
        STEPS[name]()
    sys.stderr.write("\nAs expected.\n")


if __name__ == "__main__":
    main()
