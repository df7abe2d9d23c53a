"""What recognises the misconceptions of the assignment, one function each; their pages are in ``misconceptions.md``."""

from __future__ import annotations

from .seen import Seen


def flag_on_module(seen: Seen) -> str | None:
    labelled = seen.said("freeze").labelled
    moved, body = seen.moved("freeze", "vision"), seen.anatomy("vision")
    if not labelled or not moved.backbone >= body.names - body.head:
        return None
    return f"`{labelled[0]}` has an attribute `requires_grad` now, and no parameter's flag changed."
