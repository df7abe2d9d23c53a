"""Returns values that raise SystemExit and KeyboardInterrupt while the observer reads them."""

class Trap(list):
    def __iter__(self):
        raise SystemExit(70)


class Index:
    def __index__(self):
        raise KeyboardInterrupt


class Name(type):
    @property
    def __name__(cls):
        raise SystemExit("no name")


def backbone_blocks(model):
    return Trap()


def partial_unfreeze(model, depth):
    return Index()


def trainable_by_depth(model):
    raise Name("Fault", (Exception,), {})()
