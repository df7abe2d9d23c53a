"""The pooler belongs to no block

Why it matters: BERT passes the first token through one more layer, the pooler, before the head. A pooler in no
block can never be freed, or never be frozen, whatever the depth: the counts of all depths are then off by its
size.

Ask yourself: Which layer stands between the last encoder layer and the head?

Where to look: The names of a BERT that do not contain the word layer.

Source: iliaschalkidis/lmtc-eurlex57k issue 13; transformers, modeling_bert.py, class BertPooler.
"""

from __future__ import annotations

from ..facts import Seen
from ..stories import never_given

FUNCTION = "backbone_blocks"


def recognise(seen: Seen) -> str | None:
    """Say what was seen of it, or None."""
    return never_given(seen, "bert", lambda name: ".pooler." in name)
