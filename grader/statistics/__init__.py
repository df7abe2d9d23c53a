"""What a cohort's results say about the course. Pure functions of its rows, each looked at once.

``marks``, ``checks``, ``misconceptions``, ``blocking`` and ``cost`` each hold one frozen record of figures and the
tally that adds it up while rows stream by; ``summary`` runs them over a cohort.
"""

from .blocking import Barrier
from .checks import CheckFigures, Flag
from .cost import IMPORT, Cost, Spread
from .marks import MarkFigures
from .misconceptions import NamedMisconception
from .summary import ExerciseFigures, NoMark, Statistics, summarise

__all__ = [
    "IMPORT",
    "Barrier",
    "CheckFigures",
    "Cost",
    "ExerciseFigures",
    "Flag",
    "MarkFigures",
    "NamedMisconception",
    "NoMark",
    "Spread",
    "Statistics",
    "summarise",
]
