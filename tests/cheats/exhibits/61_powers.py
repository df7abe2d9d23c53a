"""Becomes root, or runs a program that is."""
# ends: finished
# naive: GOT

import os
import subprocess

def attempt(what, deed):
    try:
        result = deed()
    except BaseException as error:
        print("refused", what, type(error).__name__)
    else:
        print("GOT", what, repr(result)[:80], flush=True)

attempt("sudo", lambda: subprocess.run(["sudo", "-n", "true"], check=True))
attempt("true", lambda: subprocess.run(["true"], check=True))
attempt("mount", lambda: os.listdir("/root") and open("/etc/shadow"))
if os.getcwd() == "/":
    attempt("setuid", lambda: os.setuid(0))
    attempt("setgid", lambda: os.setgid(0))
    attempt("exec", lambda: os.execv("/bin/true", ["true"]))
    attempt("chroot", lambda: os.chroot("/"))


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
