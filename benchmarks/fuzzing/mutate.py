"""Change facts and arrays as somebody would who knows their form and no answer: values, names, shapes, order."""

from __future__ import annotations

import copy
import json
import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.inside.wire import Fact
from grader.records import Door

Facts = list[Fact]
Rng = random.Random
SIDES = (0, 1, 2, 3, 5, 32)
ODD_TEXTS = (
    *(
        "",
        "x" * 5_000,
        "nan",
        "inf",
        "\u202e\x00\x1b[2J",
        "\U0001f600" * 50,
        "::error::",
        "\N{ARABIC-INDIC DIGIT THREE}",
    ),
    *("x\ny", "returned", "NotImplementedError", "ValueError", "SystemExit"),
)
ODD_NUMBERS = (0, -1, 1, 2, 10**30, -(10**300), 10**400, 2**63, 2**64, 1e308, -1e308, 5e-324, 0.5, -0.0)
ODD_NAMES = ("returned", "raised", "missing", "strange", "type", "answer", "line", "", "x", "0", "\u202e")


def odd_value(rng: Rng) -> Any:
    """Return a JSON value that no probe would write in most places."""
    plain = rng.choice([None, True, False, *ODD_NUMBERS, *ODD_TEXTS])
    made = rng.choice(
        [
            None,
            plain,
            plain,
            *([], {}, [[]], [None], [{}], {"": None}),
            [plain] * rng.choice([2, 3, 200]),
            {rng.choice(ODD_NAMES): rng.choice(ODD_NUMBERS + ODD_TEXTS) for _ in range(3)},
            tower(rng.choice([2, 8, 20, 31, 40]), plain, mapping=rng.random() < 0.5),
        ]
    )
    return {"returned": made} if rng.random() < 0.2 else made


def tower(height: int, value: Any, *, mapping: bool) -> Any:
    """Return a value within so many brackets."""
    for _ in range(height):
        value = {"a": value} if mapping else [value]
    return value


def nodes(tree: Any) -> list[tuple[Any, Any]]:
    """Return every place in a tree as its container and the key or index there."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        container = waiting.pop()
        keys = list(container) if isinstance(container, dict) else range(len(container))
        found += [(container, key) for key in keys]
        waiting += [container[key] for key in keys if isinstance(container[key], dict | list)]
    return found


def mutate_tree(tree: Any, rng: Rng) -> Any:
    """Return a copy of some JSON in which one place is another: replaced, left out, doubled, renamed or swapped."""
    root = [copy.deepcopy(tree)]
    places = nodes(root)
    # most places of a fact lie deep in lists of names: the upper ones get their share
    container, key = places[min(rng.randrange(len(places)), rng.randrange(len(places)))]
    match rng.randrange(6):
        case 0 if container is not root:
            del container[key]
        case 1 if isinstance(container, list):
            container.insert(key, copy.deepcopy(container[key]))
        case 1 | 2 if isinstance(container, dict):
            container[rng.choice(ODD_NAMES)] = container.pop(key)
        case 3:
            other, there = rng.choice(places)
            container[key] = copy.deepcopy(other[there])
        case _:
            container[key] = odd_value(rng)
    return root[0] if root else None


def odd_contents(array: np.ndarray[Any, Any], rng: Rng) -> np.ndarray[Any, Any]:
    """Return an array of the same shape and dtype with other contents, in some places or everywhere."""
    made = array.copy()
    if made.dtype.kind == "f":
        limits = np.finfo(made.dtype)
        odd = [np.nan, np.inf, -np.inf, 0.0, limits.max, limits.min, limits.tiny, -1.0, 1.0]
    elif made.dtype.kind == "b":
        odd = [True, False]
    else:
        limits = np.iinfo(made.dtype)
        odd = [0, 1, limits.max, limits.min, limits.max // 2]
    if rng.random() < 0.5 or not made.size:
        made[...] = rng.choice(odd)
    else:
        for _ in range(rng.randint(1, 3)):
            made.flat[rng.randrange(made.size)] = rng.choice(odd)
    return made


def odd_array(array: np.ndarray[Any, Any], rng: Rng) -> np.ndarray[Any, Any]:
    """Return an array in another shape, of another dtype, or both."""
    dtype = rng.choice([array.dtype, array.dtype, np.float32, np.float64, np.int64, np.uint64, np.uint8, np.bool_])
    shape = tuple(rng.choice(SIDES) for _ in range(rng.choice([0, 1, 2, 2, 3, 4])))
    if array.ndim and rng.random() < 0.6:
        sides = list(array.shape)
        sides[rng.randrange(len(sides))] = rng.choice(SIDES)
        shape = tuple(sides)
    if math.prod(shape) > 1 << 17:
        shape = (0,)
    with np.errstate(all="ignore"):
        made = np.resize(array, shape).astype(dtype) if array.size else np.zeros(shape, dtype)
    return odd_contents(made, rng)


def _another_value(facts: Facts, rng: Rng, _: Door) -> None:
    at = rng.randrange(len(facts))
    facts[at] = facts[at]._replace(value=mutate_tree(facts[at].value, rng))


def _is_free(door: Door, name: str) -> bool:
    return name in door.arrays and door.arrays[name].shape is None


def _another_array(facts: Facts, rng: Rng, door: Door) -> None:
    """Change an array; its shape most often where the door lets the learner decide it."""
    places = [(at, name) for at, fact in enumerate(facts) for name in fact.arrays]
    free = [(at, name) for at, name in places if _is_free(door, f"{facts[at].name}/{name}")]
    if not places:
        return
    at, name = rng.choice(free if free and rng.random() < 0.5 else places)
    arrays = dict(facts[at].arrays)
    match rng.randrange(5):
        case 0:
            del arrays[name]
        case 1:
            other, there = rng.choice(places)
            arrays[name] = facts[other].arrays.get(there, arrays[name])
        case 2:
            arrays[name] = odd_contents(arrays[name], rng)
        case _:
            arrays[name] = odd_array(arrays[name], rng)
    facts[at] = facts[at]._replace(arrays=arrays)


def _another_order(facts: Facts, rng: Rng, _: Door) -> None:
    """Swap two facts' values or names, leave one out, or end early."""
    one, other = rng.randrange(len(facts)), rng.randrange(len(facts))
    match rng.randrange(4):
        case 0:
            values = facts[one].value, facts[other].value
            facts[one], facts[other] = facts[one]._replace(value=values[1]), facts[other]._replace(value=values[0])
        case 1 if one != other:
            names = facts[one].name, facts[other].name
            facts[one], facts[other] = facts[one]._replace(name=names[1]), facts[other]._replace(name=names[0])
        case 2:
            del facts[one]
        case _:
            del facts[max(one, 1) :]


def _a_crash(facts: Facts, rng: Rng, _: Door) -> None:
    """Claim an exception of the import or of a part."""
    told = {"type": "E", "message": "m", "line": 3, "text": "t", "function": "f", "frames": [], "beyond": ""}
    name = rng.choice(["@crash", "@broken import", f"@broken {facts[0].name.partition('/')[0]}", "@done"])
    facts.append(Fact(name, mutate_tree(told, rng)))


_KINDS: tuple[Callable[[Facts, Rng, Door], None], ...] = (
    *(_another_value,) * 6,
    *(_another_array,) * 5,
    *(_another_order,) * 2,
    _a_crash,
)


def mutate_facts(facts: Facts, rng: Rng, door: Door) -> Facts:
    """Return facts of which one to three were changed."""
    mutated = list(facts)
    for _ in range(rng.randint(1, 3)):
        if mutated:
            rng.choice(_KINDS)(mutated, rng, door)
    return mutated


def mutate_bytes(data: bytes, rng: Rng) -> bytes:
    """Change, remove, insert or swap some bytes."""
    mutated = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        index, length = rng.randrange(len(mutated)), rng.randint(1, 40)
        match rng.randrange(5):
            case 0:
                mutated[index] ^= 1 << rng.randrange(8)
            case 1:
                del mutated[index : index + length]
            case 2:
                mutated[index:index] = rng.randbytes(length)
            case 3:
                mutated[index : index + 1] = rng.choice([b"null", b"[]", b"{}", b'"x"', b"-1", b"1e9", b"true"])
            case _:
                other = rng.randrange(len(mutated))
                mutated[index : index + length] = mutated[other : other + length]
    return bytes(mutated)


def mutate_text(text: str, rng: Rng) -> str:
    """Change some lines of a note: leave out, double, swap, or put something odd in the place of a word."""
    lines = text.split("\n")
    for _ in range(rng.randint(1, 4)):
        index = rng.randrange(len(lines))
        match rng.randrange(5):
            case 0 if len(lines) > 1:
                del lines[index]
            case 1:
                lines.insert(index, rng.choice(lines))
            case 2:
                words = lines[index].split(" ")
                odd = rng.choice([*ODD_TEXTS, *map(str, ODD_NUMBERS), "9" * 400, "1e99", "0.", "±", "depth 3", "yes"])
                words[rng.randrange(len(words))] = odd
                lines[index] = " ".join(words)
            case 3:
                lines[index] = rng.choice(["#" * 7, ">" * 60, "- " * 60, "```", "[x](" * 30, "*" * 90, "## Vision"])
            case _:
                other = rng.randrange(len(lines))
                lines[index], lines[other] = lines[other], lines[index]
    return "\n".join(lines)


def mutate_record(record: bytes, rng: Rng) -> bytes:
    """Change one place of a JSON record."""
    return json.dumps(mutate_tree(json.loads(record), rng)).encode()
