"""Takes memory in each of its functions and never gives it back."""
# seconds: 6

hoard = []


def grow(*args):
    while len(hoard) < 60:
        hoard.append(b"x" * (128 << 20))
    print("GOT", len(hoard))


backbone_blocks = partial_unfreeze = trainable_by_depth = grow
