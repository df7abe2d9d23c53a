"""Prints and raises the older form of workflow commands, which a runner obeys anywhere in a line."""
# ends: finished

print("harmless ##[error]spoofed")


def fail(*args):
    raise ValueError("harmless ##[error]spoofed")


backbone_blocks = partial_unfreeze = trainable_by_depth = fail
