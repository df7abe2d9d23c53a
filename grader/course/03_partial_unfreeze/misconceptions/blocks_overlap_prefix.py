"""One layer's prefix matches other layers too

Why it matters: Names are compared as text, and the text of layer 1 is also the beginning of layers 10 and 11.
Those layers then sit in two blocks, or in the wrong one, and a depth frees more than it says. Models with fewer
than eleven layers never show it.

Ask yourself: Which other names begin with the text you compare with, once there are more than ten layers?

Where to look: The test that decides to which block a name belongs, on a model with twelve layers.

Source: Python documentation of str.startswith; the same slip in WindChimeRan's pull request 9, where '11' is
looked for inside a name.
"""

from __future__ import annotations

from grader.authoring import listing

from ..facts import Seen

FUNCTION = "backbone_blocks"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    for model in seen.models:
        for block in seen.block_sets.get(model.id, ()) if model.family == "bert" else ():
            tenth = [name for name in block if name.startswith("bert.encoder.layer.10.")]
            first = [name for name in block if name.startswith("bert.encoder.layer.1.")]
            others = any(name.startswith("bert.encoder.layer.2.") for name in block)
            if tenth and first and not others:
                return f"On {model.title}, one block holds {listing(first, 1)} together with {listing(tenth, 1)}."
    return None
