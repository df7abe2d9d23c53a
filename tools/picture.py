"""Take the README's picture of a real report anew: ``python tools/picture.py``. It needs Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SPECIMEN = ROOT / "tests" / "specimens" / "03_partial_unfreeze" / "partial_off_by_one.py"
SIZE = "820,1010"
"""CSS pixels; the picture shows the verdict, what is behind it and the first checks."""


def main() -> None:
    """Grade a specimen and put what its report looks like into ``docs/report.png``."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("There is no Chromium here.")
    with tempfile.TemporaryDirectory() as place:
        submission, page = Path(place) / "03_partial_unfreeze.py", Path(place) / "report.html"
        shutil.copy(SPECIMEN, submission)
        subprocess.run(["grade", str(submission), "--seed", "1", "--report", str(page)], check=False)
        look = [chromium, "--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={SIZE}"]
        picture = ROOT / "docs" / "report.png"
        subprocess.run(
            [*look, f"--user-data-dir={place}/profile", f"--screenshot={picture}", page.as_uri()], check=True
        )


if __name__ == "__main__":
    main()
