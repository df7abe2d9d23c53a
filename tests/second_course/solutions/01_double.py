"""A worked answer to exercise 01."""


def double(number: int) -> int:
    """Return twice the number."""
    return 2 * number
