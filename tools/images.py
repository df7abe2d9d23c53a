"""Build both container images and look at each once: ``python tools/images.py``, where a Docker engine runs.

The learners' image is built from a handout, which the ``grade`` of this environment makes. docs/containers.md has the
same commands to type.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
HANDOUT = ROOT / "build" / "image"
COMMANDS = (
    "grade handout build/image",
    "docker build -f containers/staff.Dockerfile -t transfer-grader:staff .",
    "docker build -f containers/learner.Dockerfile --build-context checkout=. -t transfer-grader:learner build/image",
    "docker run --rm transfer-grader:staff grade doctor",
    "docker run --rm transfer-grader:staff grade selfcheck --exercises 03",
    "docker run --rm transfer-grader:learner grade doctor",
)


def main() -> None:
    """Run the commands one after the other; stop at the first that fails."""
    shutil.rmtree(HANDOUT, ignore_errors=True)  # a handout goes into an empty folder
    for command in COMMANDS:
        sys.stderr.write(f"\n== {command}\n")
        sys.stderr.flush()
        status = subprocess.run(command.split(), cwd=ROOT, check=False).returncode
        if status:
            raise SystemExit(f"`{command}` ended with exit status {status}.")


if __name__ == "__main__":
    main()
