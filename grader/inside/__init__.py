"""The only grader code that a learner's process sees. It holds no secret and imports nothing of grader."""

from .pair import lend_operators

lend_operators()
