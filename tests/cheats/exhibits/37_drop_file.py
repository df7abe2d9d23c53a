"""Leaves a file where it works and where temporary files go."""
# ends: finished
# naive: left behind, GOT

import os
import tempfile
from pathlib import Path

def attempt(what, deed):
    try:
        result = deed()
    except BaseException as error:
        print("refused", what, type(error).__name__)
    else:
        print("GOT", what, repr(result)[:80], flush=True)

for folder in {os.getcwd(), os.environ.get("TMPDIR", "."), os.path.expanduser("~") if os.getcwd() == "/" else "."}:
    attempt("a file", lambda: Path(folder, "LEFT.txt").write_text("I was here"))
attempt("a temporary file", lambda: tempfile.mkstemp(prefix="LEFT"))


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
