"""Hidden checks of exercise 01."""

from __future__ import annotations

from grader.authoring import check, expect, returned_as

from .seen import Seen


@check(points=2, of="double")
def test_numbers_are_doubled(seen: Seen) -> None:
    """Every number becomes twice as much"""
    for number, answer in seen.answers.items():
        mine = returned_as(answer, int, f"double({number})")
        expect(mine == 2 * number, f"`double({number})` returned {mine}. What is {number} and {number} together?")
