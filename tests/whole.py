"""How large the whole course is."""

from __future__ import annotations

from grader import course

COUNT = len(course.exercises())
"""Exercises."""
POSSIBLE = sum(each.points for each in course.exercises().values())
"""Points."""
