"""Write ``constraints.txt``: one version of everything, so that marks can be repeated on another machine.

``python tools/constraints.py`` takes the newest releases that pyproject.toml allows, for every system and every Python
from the oldest on; ``--torch`` and ``--torchvision`` name another pair than the one in the file. It asks the package
index through uv and names no place in the file: a lock would name one for every wheel.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = ROOT / "constraints.txt"
PAIR = ("torch", "torchvision")
HEAD = """\
# One version of everything, for marks that can be repeated: pip install -c constraints.txt -e .
# Written by tools/constraints.py. Other versions work as far as pyproject.toml allows them.
"""
COMPILE = ("pip", "compile", "--universal", "--all-extras", "--no-annotate", "--no-header", "--no-emit-index-url")


def kept() -> dict[str, str]:
    """Return the pair that is in the file, name to version."""
    return dict(re.findall(rf"^({'|'.join(PAIR)})==(\S+)", FILE.read_text("utf-8"), re.MULTILINE))


def compiled(pair: dict[str, str]) -> str:
    """Ask for one version of everything beside a pair; end the program where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder, "pair.txt")
        pins.write_text("".join(f"{name}=={version}\n" for name, version in pair.items()), "utf-8")
        command = [sys.executable, "-m", "uv", *COMPILE, "--python-version", "3.11", "--constraint", str(pins)]
        done = subprocess.run([*command, "pyproject.toml"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"No set of versions was found for {pair}.")
    return done.stdout


def main() -> None:
    """Write the file."""
    words = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    for name in PAIR:
        words.add_argument(f"--{name}", default=kept().get(name), metavar="VERSION")
    asked = vars(words.parse_args())
    FILE.write_text(HEAD + compiled(asked), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
