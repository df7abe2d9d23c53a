"""More than the head was made new

Why it matters: The backbone is what was pretrained. Initialised again, it is a random network with a new head, and
nothing of the transfer is left.

Ask yourself: Which entries of the state differ from before, apart from the head's?

Where to look: Every call that goes through all modules, such as model.apply.

Source: PyTorch documentation of Module.apply, which reaches every submodule.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen

FUNCTION = "replace_head"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    touched = [trial for trial in seen.trials if trial.same and trial.changed - trial.missing and not trial.kept]
    if len(touched) < len(seen.trials):
        return None
    trial = touched[0]
    return (
        f"On {trial.title}, {len(trial.changed)} entries outside the head differ from before: {listing(trial.changed)}."
    )
