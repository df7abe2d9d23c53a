"""Build the source distribution and the wheel of a version that is ready: ``python tools/release.py v0.1.0``."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def objections(tag: str, root: Path = ROOT) -> list[str]:
    """Return what keeps the checkout from being released under a tag."""
    if not re.fullmatch(r"v\d+\.\d+\.\d+((a|b|rc)\d+)?", tag):
        return [f"The tag is not v and a version: {tag!r}."]
    version = tag.removeprefix("v")
    package = (root / "grader" / "__init__.py").read_text("utf-8")
    citation = (root / "CITATION.cff").read_text("utf-8")
    changes = (root / "CHANGELOG.md").read_text("utf-8")
    found = {
        f"grader/__init__.py does not say {version}.": f'VERSION = "{version}"' in package,
        f"CITATION.cff does not say {version}.": f"\nversion: {version}\n" in citation,
        f"CHANGELOG.md has no section {version}.": re.search(rf"^## {re.escape(version)}\b", changes, re.MULTILINE),
    }
    return [objection for objection, held in found.items() if not held]


def main() -> None:
    """Build into dist/, which holds nothing else afterwards; end with the reasons where the version is not ready."""
    found = objections(sys.argv[1] if len(sys.argv) > 1 else "")
    if found:
        raise SystemExit("\n".join(found))
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    subprocess.run([sys.executable, "-m", "build", "--outdir", "dist"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
