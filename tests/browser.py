"""A headless Chromium for the tests that look at pages."""

from __future__ import annotations

import shutil
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def headless(folder: Path, *more: str) -> list[str]:
    """Return the command that opens a page without a window or a network, with its profile in a folder."""
    quiet = ("background-networking", "component-update", "gpu", "quic", "sync")
    switches = ("--headless", "--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet))
    return [str(CHROMIUM), *switches, f"--user-data-dir={folder / 'profile'}", *more]
