"""Brings modules along with the names of those that checks import."""
# ends: finished
# naive: GOT

NEIGHBOURS = {
    'torch.py': "print('GOT imported')\n",
    'random.py': "print('GOT imported')\n",
    'graphlib.py': "print('GOT imported')\n",
    'grader.py': "print('GOT imported')\n",
}


def backbone_blocks(model):
    raise NotImplementedError


def partial_unfreeze(model, depth):
    raise NotImplementedError


def trainable_by_depth(model):
    raise NotImplementedError


import graphlib
import random
