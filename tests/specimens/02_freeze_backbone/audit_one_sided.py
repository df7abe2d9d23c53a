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


def changed_entries(before, model):
    after = model.state_dict()
    return sorted(name for name, tensor in before.items() if name in after and not torch.equal(tensor, after[name]))
