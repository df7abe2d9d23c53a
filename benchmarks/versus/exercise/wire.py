"""What the probe says in its facts."""

from __future__ import annotations

from grader.wire.answer import Answer, Told

REPLACE, FREEZE, GROUP = "replace_head", "freeze_backbone", "make_param_groups"


class Said(Told, frozen=True, kw_only=True):
    """What came of one model; what was never asked or looked at is None."""

    replace_head: Answer | None = None
    freeze_backbone: Answer | None = None
    make_param_groups: Answer | None = None
    head: tuple[int, ...] | None = None
    """Shape of the new head's weight."""
    scores: tuple[int, ...] | None = None
    """Shape of what the model gave."""
    groups: tuple[tuple[float, tuple[str, ...]], ...] | None = None
    """Rate and names of each group that the optimizer holds."""
    labelled: tuple[str, ...] = ()
    """Modules with an attribute called ``requires_grad``."""

    def answers(self) -> dict[str, Answer]:
        """Return what came of each function that was asked."""
        asked = {REPLACE: self.replace_head, FREEZE: self.freeze_backbone, GROUP: self.make_param_groups}
        return {name: answer for name, answer in asked.items() if answer is not None}
