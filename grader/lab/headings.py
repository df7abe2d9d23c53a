"""Headings of the lab's output: what every learner should have inspected by the end of the course."""

BASELINE = "A scratch baseline against every transfer variant"
FROZEN = "A frozen run that is really frozen"
EXTREMES = "Partial unfreezing against both extremes"
RATES = "Learning rates of head and backbone"
PATTERN = "An error pattern that changed"
HEADLINE = "Where the headline moved less than the pattern"
SIX = (BASELINE, FROZEN, EXTREMES, RATES, PATTERN, HEADLINE)
