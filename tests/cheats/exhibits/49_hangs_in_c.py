"""Computes in C for hours, where no Python signal handler ever runs."""
# seconds: 2
# ends: timed-out
# naive: hung

import sys

sys.set_int_max_str_digits(0)
str(7 ** (10 ** 8))


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
