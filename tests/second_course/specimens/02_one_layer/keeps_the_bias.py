from torch import nn


def layer(inputs, outputs):
    return nn.Linear(inputs, outputs)
