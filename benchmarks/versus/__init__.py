"""One assignment, graded by this grader and by its peers, side by side: ``python -m benchmarks.versus``."""
