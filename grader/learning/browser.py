"""Open a page in the browser, where there is one with a window of its own."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from pathlib import Path


def open_page(path: Path) -> bool:
    """Have a page opened without waiting for it; False where a text browser would take the terminal."""
    has_windows = sys.platform in ("win32", "darwin")
    if not has_windows and not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")):
        return False
    threading.Thread(target=webbrowser.open, args=(path.resolve().as_uri(),), daemon=True).start()
    return True
