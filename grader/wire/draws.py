"""How a probe tells where torch's generator stands: by the whole numbers that come next, which can be known outside."""

DRAWS = 2
"""So many are looked at."""
SCALE = 1 << 24
"""They are below this."""
