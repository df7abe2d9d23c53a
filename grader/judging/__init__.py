"""From evidence to grade: checks give outcomes, misconceptions are named, points added up.

Nothing in here runs anything of the learner's, and the same evidence gives the same grade. Where the hidden checks are
not, ``account`` tells what the code did.
"""
