"""Evidence of a comparison of adaptation strategies: the frozen records of ``grade compare`` and their file format.

Whoever reads it needs neither torch nor the lab: the table, the report and the check of the adaptation note are
functions of these records.
"""

from grader.wire.names import STRATEGIES, Modality, StrategyName

from .files import BYTES_CAP, FILE, decode, merged, read, write
from .records import (
    FROZEN_AS_DECLARED,
    SCHEMA,
    Adaptation,
    Audit,
    Comparison,
    Currency,
    Depth,
    Function,
    LearningRates,
    Matrix,
    RunOrigin,
    Strategy,
    Whose,
)

__all__ = [
    "BYTES_CAP",
    "FILE",
    "FROZEN_AS_DECLARED",
    "SCHEMA",
    "STRATEGIES",
    "Adaptation",
    "Audit",
    "Comparison",
    "Currency",
    "Depth",
    "Function",
    "LearningRates",
    "Matrix",
    "Modality",
    "RunOrigin",
    "Strategy",
    "StrategyName",
    "Whose",
    "decode",
    "merged",
    "read",
    "write",
]
