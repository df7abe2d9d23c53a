"""How a probe reports the state of torch's generator: by its next whole numbers, which can be computed outside."""

DRAWS = 2
"""So many are looked at."""
SCALE = 1 << 24
"""They are below this."""
