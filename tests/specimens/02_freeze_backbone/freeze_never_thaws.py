import torch


def snapshot(model):
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def freeze_backbone(model, head_names):
    for name, parameter in model.named_parameters():
        if not any(name == head or name.startswith(head + ".") for head in head_names):
            parameter.requires_grad = False
    return model


def train_mode(model):
    model.train()
    for module in model.modules():
        parameters = list(module.parameters())
        if parameters and not any(parameter.requires_grad for parameter in parameters):
            module.eval()
    return model


def changed_entries(before, model):
    after = model.state_dict()
    changed = [name for name in after if name not in before or not torch.equal(after[name], before[name])]
    return sorted(changed + [name for name in before if name not in after])
