"""What both sides of the wall must write and read alike: every shape that crosses it, and the names they share.

No secret is in here, and no torch: the learner's process imports it, and so does the side that judges. It needs the
standard library, numpy and msgspec, and nothing else of grader; ``names``, ``draws``,
``digests`` and ``wall`` need the standard library alone.
"""
