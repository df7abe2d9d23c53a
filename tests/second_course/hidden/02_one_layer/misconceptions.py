"""What recognises the misconceptions of exercise 02."""

from __future__ import annotations

from .seen import Seen


def keeps_the_bias(seen: Seen) -> str | None:
    return "Your layer has a parameter called `bias`." if "bias" in seen.told.parameters else None
