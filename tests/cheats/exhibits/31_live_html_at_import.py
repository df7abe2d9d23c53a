"""Fails at import with markup in the message, the class and the line."""
# ends: finished

raise type("<h1>Fault</h1>", (Exception,), {})("</p><script>alert(1)</script>")  # <img src=x onerror=alert(1)>


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
