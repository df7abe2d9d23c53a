"""Hidden checks of exercise 02."""

from __future__ import annotations

from grader.authoring import check, expect, expect_returned

from .seen import Seen

ROUNDING = 1e-5


@check(points=1, of="layer")
def test_the_layer_only_multiplies(seen: Seen) -> None:
    """The layer multiplies by its weight and does nothing else"""
    expect_returned(seen.told.answer, "layer(inputs, outputs)")
    expect(seen.gap < ROUNDING, "What came out is not the row times the weight. What else is in your layer?")
