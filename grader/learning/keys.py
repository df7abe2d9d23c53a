"""Single keys from the terminal, each as it is pressed, without waiting for Enter."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable
from typing import Any, Self

_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O?.)?", re.DOTALL)
"""What an arrow or a function key sends."""
_PREFIXES = ("\0", "\xe0")
"""What comes before it on Windows."""


class Keys:
    """Hands every key to ``put``, from a thread of its own; without a terminal no key ever comes."""

    def __init__(self, put: Callable[[str], None]) -> None:
        """Remember where keys go."""
        self._put = put
        self._are_there = sys.stdin.isatty()
        self._before: Any = None
        self._reader: threading.Thread | None = None

    def take(self) -> None:
        """Have the terminal give single keys."""
        if not self._are_there:
            return
        self._before = _settings()
        _single()
        if self._reader is None:
            self._reader = threading.Thread(target=self._read, daemon=True)
            self._reader.start()

    def give_back(self) -> None:
        """Let the terminal collect whole lines again."""
        if self._are_there:
            _restore(self._before)

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self.give_back()

    def _read(self) -> None:
        while pressed := _next():
            for key in _SEQUENCE.sub("", pressed):
                self._put(key)


if sys.platform == "win32":
    import msvcrt

    def _settings() -> None:
        """There is nothing to change: ``getwch`` reads single keys as it is."""

    def _single() -> None: ...

    def _restore(_before: None) -> None: ...

    def _next() -> str:
        """Wait for a key; what an arrow or a function key sends is no letter, though its second half looks like one."""
        while (key := msvcrt.getwch()) in _PREFIXES:
            msvcrt.getwch()
        return key

else:
    import termios
    import tty

    def _settings() -> list[Any]:
        return termios.tcgetattr(sys.stdin.fileno())

    def _single() -> None:
        tty.setcbreak(sys.stdin.fileno(), termios.TCSADRAIN)

    def _restore(before: list[Any]) -> None:
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, before)

    def _next() -> str:
        """Wait for keys; empty when the terminal is gone."""
        try:
            return os.read(sys.stdin.fileno(), 64).decode("utf-8", "ignore")
        except OSError:
            return ""
