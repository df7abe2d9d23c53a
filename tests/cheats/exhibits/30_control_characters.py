"""Puts escape sequences, NUL, bells, bidi marks and other invisible text into all that may be shown."""
# ends: finished

NASTY = "\x1b[2J\x1b]0;full marks\x07\x1b[32m15 of 15\x00\x08\x9b31m\u202e\u2066\u200b\ufeff\u2028\u0085\x7f\r"
print(NASTY)
Fault = type("Fault" + NASTY.replace("\x00", ""), (ValueError,), {})


def backbone_blocks(model):
    return [[NASTY, "conv1.weight" + NASTY]]


def partial_unfreeze(model, depth):
    raise Fault(NASTY)


def trainable_by_depth(model):
    return {NASTY: NASTY}
