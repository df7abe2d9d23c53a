"""Puts scripts, event handlers and broken markup into names, messages and output."""
# ends: finished

HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'`<b>`</pre></style><!--{{ 7 * 7 }}{% raw %}"
print(HTML)
Fault = type(HTML, (Exception,), {})


def backbone_blocks(model):
    return [[HTML]]


def partial_unfreeze(model, depth):
    raise Fault(HTML)


def trainable_by_depth(model):
    return HTML
