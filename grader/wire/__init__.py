"""Shapes and names that both sides of the wall share.

No secret is in here, and no torch: the learner's process imports it, and so does the side that judges. It needs the
standard library, numpy and msgspec, and nothing else of grader; ``names``, ``draws``,
``digests`` and ``wall`` need the standard library alone.
"""
