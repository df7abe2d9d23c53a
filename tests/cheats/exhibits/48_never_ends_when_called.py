"""Loops for ever in each of its functions."""
# seconds: 2
# ends: timed-out
# naive: hung

def loop(*args):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


backbone_blocks = partial_unfreeze = trainable_by_depth = loop
