"""Returns three thousand different lines, long texts and names a thousand letters long."""

def backbone_blocks(model):
    return [["x" * 1000 + str(n)] for n in range(300)]


def partial_unfreeze(model, depth):
    return "\n".join(f"line {n}" for n in range(3000)) if depth % 2 else ["y" * 60_000]


def trainable_by_depth(model):
    return ["z" * 300_000]
