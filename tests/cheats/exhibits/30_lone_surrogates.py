"""Puts lone surrogates into an exception, a return value and the output, to break the encoding of a report."""

import sys

sys.stdout.reconfigure(errors="surrogatepass")
print("\ud800 \udfff", flush=True)
sys.stdout.buffer.write(b"\xed\xa0\x80\xff\xfe\n")
sys.stdout.buffer.flush()


def backbone_blocks(model):
    return [["\ud800"]]


def partial_unfreeze(model, depth):
    raise ValueError("\udfff")


def trainable_by_depth(model):
    return "\ud800"
