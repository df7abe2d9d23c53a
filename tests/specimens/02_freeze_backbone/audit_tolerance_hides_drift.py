import torch


def snapshot(model):
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def freeze_backbone(model, head_names):
    for name, parameter in model.named_parameters():
        parameter.requires_grad = any(name == head or name.startswith(head + ".") for head in head_names)
    return model


def train_mode(model):
    model.train()
    for module in model.modules():
        parameters = list(module.parameters())
        if parameters and not any(parameter.requires_grad for parameter in parameters):
            module.eval()
    return model


def same(left, right):
    return left.shape == right.shape and torch.allclose(left.float(), right.float())


def changed_entries(before, model):
    after = model.state_dict()
    names = set(before) | set(after)
    return sorted(n for n in names if n not in before or n not in after or not same(before[n], after[n]))
