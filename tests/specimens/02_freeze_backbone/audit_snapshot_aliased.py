import torch


def snapshot(model):
    return dict(model.state_dict())


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


def changed_entries(before, model):
    after = model.state_dict()
    changed = [name for name in after if name not in before or not torch.equal(after[name], before[name])]
    return sorted(changed + [name for name in before if name not in after])
