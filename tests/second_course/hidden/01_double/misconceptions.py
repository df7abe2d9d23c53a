"""What recognises the misconceptions of exercise 01."""

from __future__ import annotations

from .seen import Seen


def adds_two(seen: Seen) -> str | None:
    wrong = all(answer.returned == number + 2 for number, answer in seen.answers.items())
    return "Every number came back two larger." if wrong else None
