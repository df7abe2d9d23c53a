"""A CI job's run: ``work`` finds what is graded, ``files`` leaves what is asked for, ``github`` speaks to a runner."""
