"""The example in the how-to page prints what the page says it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from grader.audit import Kind, Verdict

PAGE = (Path(__file__).parents[2] / "docs" / "audit.md").read_text("utf-8")


def test_the_example_prints_what_the_page_shows() -> None:
    example, shown = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE, re.DOTALL).groups()
    environment = {**os.environ, "COLUMNS": "120", "OMP_NUM_THREADS": "1"}
    printed = subprocess.run(
        [sys.executable, "-c", example], env=environment, capture_output=True, text=True, check=True
    ).stdout
    lines = [re.sub(r"torch [\d.]+\S*", "torch 2.13.0", line.rstrip()) for line in printed.splitlines()]
    assert lines == shown.splitlines()


def test_the_page_knows_every_verdict_and_every_finding() -> None:
    assert re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE) == list(Kind)
    assert re.findall(r"^\| ((?:frozen as|NOT|not) \w+) \|", PAGE, re.MULTILINE)[:3] == list(Verdict)
