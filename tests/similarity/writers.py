"""A pretended cohort: everybody puts an answer to exercise 03 together out of what people really write."""

from __future__ import annotations

import random
import re

PREFIXES = (
    """def _prefixes(model):
    if hasattr(model, "bert"):
        {count} = len(model.bert.encoder.layer)
        {found} = [("bert.embeddings.",)] + [(f"bert.encoder.layer.{{{i}}}.",) for {i} in range({count})]
        {found}[-1] = {found}[-1] + ("bert.pooler.",)
        return {found}
    return [("conv1.", "bn1."), ("layer1.",), ("layer2.",), ("layer3.",), ("layer4.",)]
""",
    """def _prefixes(model):
    if "ResNet" in type(model).__name__:
        return [("conv1.", "bn1.")] + [("layer%d." % {i},) for {i} in range(1, 5)]
    {found} = [("bert.embeddings.",)]
    for {i}, _ in enumerate(model.bert.encoder.layer):
        {found}.append(("bert.encoder.layer." + str({i}) + ".",))
    {found}[-1] += ("bert.pooler.",)
    return {found}
""",
    """def _prefixes(model):
    try:
        {count} = model.bert.config.num_hidden_layers
    except AttributeError:
        {found} = ["conv1", "layer1", "layer2", "layer3", "layer4"]
        return [({i} + ".", "bn1.") if {i} == "conv1" else ({i} + ".",) for {i} in {found}]
    {found} = [["bert.embeddings."]]
    {found} += [["bert.encoder.layer.{{}}.".format({i})] for {i} in range({count})]
    {found}[-1].append("bert.pooler.")
    return [tuple({i}) for {i} in {found}]
""",
    """def _prefixes(model):
    {found} = []
    if hasattr(model, "layer1"):
        {found}.append(("conv1.", "bn1."))
        for {i} in ("1", "2", "3", "4"):
            {found}.append(("layer" + {i} + ".",))
    else:
        {count} = len(list(model.bert.encoder.layer))
        {found}.append(("bert.embeddings.",))
        for {i} in range({count} - 1):
            {found}.append((f"bert.encoder.layer.{{{i}}}.",))
        {found}.append((f"bert.encoder.layer.{{{count} - 1}}.", "bert.pooler."))
    return {found}
""",
)
BLOCKS = (
    """def backbone_blocks(model):
    {names} = [{n} for {n}, _ in model.named_parameters()]
    return [[{n} for {n} in {names} if {n}.startswith({p})] for {p} in _prefixes(model)]
""",
    """def backbone_blocks(model):
    {blocks} = []
    for {p} in _prefixes(model):
        {names} = []
        for {n}, _ in model.named_parameters():
            if {n}.startswith({p}):
                {names}.append({n})
        {blocks}.append({names})
    return {blocks}
""",
    """def backbone_blocks(model):
    {found} = _prefixes(model)
    {blocks} = [[] for _ in {found}]
    for {n}, _ in model.named_parameters():
        for {i}, {p} in enumerate({found}):
            if any({n}.startswith({v}) for {v} in {p}):
                {blocks}[{i}].append({n})
                break
    return {blocks}
""",
    """def backbone_blocks(model):
    {blocks} = {{}}
    for {n} in dict(model.named_parameters()):
        for {i}, {p} in enumerate(_prefixes(model)):
            if {n}.startswith(tuple({p})):
                {blocks}.setdefault({i}, []).append({n})
    return [{blocks}[{i}] for {i} in sorted({blocks})]
""",
    """def backbone_blocks(model):
    {names} = list(dict(model.named_parameters()).keys())
    {blocks} = []
    for {p} in _prefixes(model):
        {blocks}.append(list(filter(lambda {n}: {n}.startswith({p}), {names})))
    return {blocks}
""",
)
BOUNDS = (
    """    if not 0 <= depth <= len({blocks}):
        raise ValueError("depth")
""",
    """    if depth < 0 or depth > len({blocks}):
        raise ValueError(f"bad depth {{depth}}")
""",
    """    {count} = len({blocks})
    if depth < 0:
        raise ValueError("negative")
    if depth > {count}:
        raise ValueError("too deep")
""",
    """    if depth not in range(len({blocks}) + 1):
        raise ValueError(depth)
""",
)
SWITCHES = (
    """    {frozen} = {{{n} for {p} in {blocks}[: len({blocks}) - depth] for {n} in {p}}}
    for {n}, {v} in model.named_parameters():
        {v}.requires_grad = {n} not in {frozen}
""",
    """    {frozen} = set()
    for {p} in {blocks}[: len({blocks}) - depth]:
        {frozen}.update({p})
    for {n}, {v} in model.named_parameters():
        {v}.requires_grad_({n} not in {frozen})
""",
    """    for {v} in model.parameters():
        {v}.requires_grad = True
    {names} = dict(model.named_parameters())
    for {p} in {blocks}[: len({blocks}) - depth]:
        for {n} in {p}:
            {names}[{n}].requires_grad = False
""",
    """    {names} = dict(model.named_parameters())
    for {n} in {names}:
        {names}[{n}].requires_grad = True
    for {i}, {p} in enumerate({blocks}):
        for {n} in {p}:
            {names}[{n}].requires_grad = {i} >= len({blocks}) - depth
""",
    """    {count} = len({blocks}) - depth
    {frozen} = [{n} for {p} in {blocks}[:{count}] for {n} in {p}]
    for {n}, {v} in model.named_parameters():
        if {n} in {frozen}:
            {v}.requires_grad = False
        else:
            {v}.requires_grad = True
""",
)
RETURNS = (
    """    return [{n} for {n}, {v} in model.named_parameters() if {v}.requires_grad]
""",
    """    {found} = []
    for {n}, {v} in model.named_parameters():
        if {v}.requires_grad:
            {found}.append({n})
    return {found}
""",
    """    return [{n} for {n} in dict(model.named_parameters()) if model.get_parameter({n}).requires_grad]
""",
)
COUNTS = (
    """def trainable_by_depth(model):
    {names} = {{{n}: {v}.numel() for {n}, {v} in model.named_parameters()}}
    {blocks} = [sum({names}[{n}] for {n} in {p}) for {p} in backbone_blocks(model)]
    {count} = sum({names}.values()) - sum({blocks})
    return [{count} + sum({blocks}[len({blocks}) - {i}:]) for {i} in range(len({blocks}) + 1)]
""",
    """def trainable_by_depth(model):
    {frozen} = {{{n}: {v}.requires_grad for {n}, {v} in model.named_parameters()}}
    {found} = []
    for {i} in range(len(backbone_blocks(model)) + 1):
        partial_unfreeze(model, {i})
        {found}.append(sum({v}.numel() for {v} in model.parameters() if {v}.requires_grad))
    for {n}, {v} in model.named_parameters():
        {v}.requires_grad = {frozen}[{n}]
    return {found}
""",
    """def trainable_by_depth(model):
    {blocks} = backbone_blocks(model)
    {names} = dict(model.named_parameters())
    {frozen} = set(sum({blocks}, []))
    {count} = 0
    for {n} in {names}:
        if {n} not in {frozen}:
            {count} += {names}[{n}].numel()
    {found} = [{count}]
    for {p} in reversed({blocks}):
        {found}.append({found}[-1] + sum({names}[{n}].numel() for {n} in {p}))
    return {found}
""",
    """def trainable_by_depth(model):
    import copy
    {v} = copy.deepcopy(model)
    {found} = []
    for {i} in range(len(backbone_blocks({v})) + 1):
        {count} = 0
        for {n} in partial_unfreeze({v}, {i}):
            {count} = {count} + {v}.get_parameter({n}).numel()
        {found}.append({count})
    return {found}
""",
)
TOUCHES = ("    print(model)\n", "    assert model is not None\n", "    del_me = [model]\n    print(len(del_me))\n")
PLACES = ("count", "found", "i", "names", "n", "p", "blocks", "v", "frozen")
WORDS = ("keys", "xs", "ys", "item", "idx", "val", "prefs", "grp", "w", "total", "acc", "chunk", "part", "cur", "res")
DISGUISES = tuple(f"{one}_{two}" for one in ("my", "new", "the") for two in ("a", "b", "c", "d", "e", "f"))


def independent(rng: random.Random) -> str:
    """Write an answer as somebody who works alone."""

    def written(*parts: str) -> str:
        words = dict(zip(PLACES, rng.sample(WORDS, len(PLACES)), strict=True))
        touch = rng.choice(TOUCHES) if rng.random() < 0.3 else ""
        text = "".join(parts).format(**words)
        last = text.rindex("    return ")
        return text[:last] + touch + text[last:]

    unfreeze = "def partial_unfreeze(model, depth):\n    {blocks} = backbone_blocks(model)\n"
    steps = (rng.choice(BOUNDS), rng.choice(SWITCHES), rng.choice(RETURNS))
    functions = [written(rng.choice(PREFIXES)), written(rng.choice(BLOCKS)), written(unfreeze, *steps)]
    return "\n\n".join(["from torch import nn\n", *functions, written(rng.choice(COUNTS))])


def disguised(source: str, rng: random.Random) -> str:
    """Copy an answer as somebody who hides it: other names, other order, other comments and layout."""
    words = sorted(set(re.findall(rf"\b(?:{'|'.join(WORDS)})\b", source)))
    names = dict(zip(words, rng.sample(DISGUISES, len(words)), strict=True))
    renamed = re.sub(rf"\b(?:{'|'.join(words)})\b", lambda found: names[found[0]], source)
    head, *functions = renamed.split("\n\ndef ")
    rng.shuffle(functions)
    commented = [f"\n# Step {number}.\n\ndef {text}" for number, text in enumerate(functions)]
    return "".join([head, *commented]).replace(" + ", "  +  ")
