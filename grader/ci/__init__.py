"""Grading in a CI job: ``work`` finds what to grade, ``files`` writes outputs, ``github`` writes runner commands."""
