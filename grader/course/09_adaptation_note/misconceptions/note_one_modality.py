"""One of the two workflows is not there

Why it matters: A backbone that suits pictures says nothing about one that suits texts. The depth that is enough
differs between them, and so does what the headline hides.

Ask yourself: Which of your two choices could somebody repeat who has only this note?

Where to look: The two headings, and what stands below each.

Source: the course page: the note defends a depth for the vision workflow and for the text workflow.
"""

from __future__ import annotations

from ..facts import Seen

FUNCTION = "note"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    absent = [part.title for part in seen.parts if not part.is_written]
    there = [part.title for part in seen.parts if part.is_complete]
    return f"{there[0]} is complete, and nothing is written about {absent[0]}." if absent and there else None
