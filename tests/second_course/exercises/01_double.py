"""Exercise 01: twice as much."""


def double(number: int) -> int:
    """Return twice the number.

    >>> double(3)
    6
    """
    # TODO: which operation gives 6 for 3, and 0 for 0?
    raise NotImplementedError
