"""A flag was set that no tensor reads

Why it matters: `requires_grad` belongs to a parameter. Assigned to a module it becomes an ordinary attribute, without
an error, and every parameter goes on learning.

Ask yourself: Which objects own `requires_grad`, and on which object did you set it?

Where to look: Every assignment to `requires_grad`, and what stands before the dot.

Source: PyTorch documentation of Module.requires_grad_, the method for whole modules.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "freeze_backbone"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    labelled = seen.said("freeze").labelled
    moved, body = seen.moved("freeze", "vision"), seen.anatomy("vision")
    if not labelled or not moved.backbone >= body.names - body.head:
        return None
    return f"`{labelled[0]}` has an attribute `requires_grad` now, and no parameter's flag changed."
