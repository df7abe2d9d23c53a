"""Begins with a byte order mark."""


def backbone_blocks(model):
    names = [name for name, _ in model.named_parameters()]
    if hasattr(model, "bert"):
        layers = range(len(model.bert.encoder.layer))
        prefixes = [("bert.embeddings.",), *((f"bert.encoder.layer.{number}.",) for number in layers)]
        prefixes[-1] += ("bert.pooler.",)
    else:
        prefixes = [("conv1.", "bn1."), *((f"layer{number}.",) for number in (1, 2, 3, 4))]
    return [[name for name in names if name.startswith(prefix)] for prefix in prefixes]


def partial_unfreeze(model, depth):
    blocks = backbone_blocks(model)
    if not 0 <= depth <= len(blocks):
        raise ValueError(f"there is no depth {depth}")
    frozen = {name for block in blocks[: len(blocks) - depth] for name in block}
    for name, parameter in model.named_parameters():
        parameter.requires_grad = name not in frozen
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def trainable_by_depth(model):
    size = {name: parameter.numel() for name, parameter in model.named_parameters()}
    blocks = [sum(size[name] for name in block) for block in backbone_blocks(model)]
    return [sum(size.values()) - sum(blocks[: len(blocks) - depth]) for depth in range(len(blocks) + 1)]
