"""Nothing is returned

Why it matters: The function may have done its work, but the caller who writes model = replace_head(model, 5) has lost
the model.

Ask yourself: What does a Python function give back when it has no return?

Where to look: The last line of your function.

Source: Python tutorial, section 4.8, on functions without a return statement.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    if any(trial.answer.returned != "NoneType" for trial in seen.trials):
        return None
    return f"`{seen.trials[0].call}` and the other calls returned None."
