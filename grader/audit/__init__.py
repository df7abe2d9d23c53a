"""FreezeAudit: the proof that a training run was frozen where it was declared to be, or the cause why not.

Needs torch and nothing else of the grader; rich only to show a report. A run goes through four rooms: ``survey``
(what is in the model), ``watch`` (fingerprints before and after, hooks in between), facts, and ``judge``.
"""

from .declare import everything_but
from .depth import frozen_at
from .fingerprint import fingerprint
from .freeze_audit import FreezeAudit
from .records import SCHEMA, Facts, Finding, Kind, Report, Verdict

__all__ = [
    "SCHEMA",
    "Facts",
    "Finding",
    "FreezeAudit",
    "Kind",
    "Report",
    "Verdict",
    "everything_but",
    "fingerprint",
    "frozen_at",
]
