from torch import nn


def prefixes(model):
    if hasattr(model, "bert"):
        layers = len(model.bert.encoder.layer)
        blocks = [["bert.embeddings."], *(["bert.encoder.layer.%d." % i] for i in range(layers))]
        blocks[-1].append("bert.pooler.")
        return blocks
    return [["conv1.", "bn1."], ["layer1."], ["layer2."], ["layer3."], ["layer4."]]


def backbone_blocks(model: nn.Module) -> list[list[str]]:
    names = [name for name, _ in model.named_parameters()]
    return [[n for n in names if n.startswith(tuple(block))] for block in prefixes(model)]


def partial_unfreeze(model: nn.Module, depth: int) -> list[str]:
    blocks = backbone_blocks(model)
    if depth < 0 or depth > len(blocks):
        raise ValueError("no such depth")
    frozen = {name for d, block in enumerate(blocks[::-1], 1) if d != depth for name in block}
    for name, parameter in model.named_parameters():
        parameter.requires_grad = name not in frozen
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def trainable_by_depth(model: nn.Module) -> list[int]:
    size = {name: parameter.numel() for name, parameter in model.named_parameters()}
    blocks = [sum(size[name] for name in block) for block in backbone_blocks(model)]
    return [sum(size.values()) - sum(blocks[: len(blocks) - depth]) for depth in range(len(blocks) + 1)]
