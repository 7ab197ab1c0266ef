"""What the tests of certificates share: a certificate, verdicts on altered ones, and the alterations."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from early_alignment import Dataset, certify, make_start, recheck
from early_alignment.numerics.certify.instance import drawn_start
from early_alignment.proofs_check.recheck import NotACertificate, Rejected

POINTS = Dataset.published("three-points")
Tree = dict[str, Any]


def certificate(data: Dataset = POINTS, width: int = 6, scale: float = 1e-3, seed: int = 0) -> Tree:
    return certify(data, drawn_start(make_start(width, scale, seed))).to_json()


def verdict(tree: Any) -> str:
    """`accepted`, or the sentence of the refusal."""
    try:
        recheck(tree if isinstance(tree, str) else json.dumps(tree))
    except (Rejected, NotACertificate) as error:
        return f"{type(error).__name__}: {error}"
    return "accepted"


def scaled(text: str, factor: Fraction | int | str) -> str:
    return str(Fraction(text) * Fraction(factor))


def resealed(tree: Tree) -> None:
    """Put the least-squares solution of the data that are in the file into its conclusion."""
    data = Dataset.from_arrays(tree["data"]["inputs"], tree["data"]["labels"])
    H = [[sum(p[i] * p[j] for p in data.inputs) for j in range(2)] for i in range(2)]
    b = [sum(label * p[i] for p, label in zip(data.inputs, data.labels, strict=True)) for i in range(2)]
    det = H[0][0] * H[1][1] - H[0][1] ** 2
    beta = [(H[1][1] * b[0] - H[0][1] * b[1]) / det, (H[0][0] * b[1] - H[0][1] * b[0]) / det]
    outputs = [beta[0] * p[0] + beta[1] * p[1] for p in data.inputs]
    loss = sum((h - label) ** 2 for h, label in zip(outputs, data.labels, strict=True)) / (2 * data.n)
    tree["conclusion"] = {"limit": [*map(str, beta)], "outputs": [*map(str, outputs)], "loss": str(loss)}


def put(*path: Any) -> Callable[[Tree], None]:
    *where, last, change = path

    def alter(tree: Tree) -> None:
        node = tree
        for key in where:
            node = node[key]
        node[last] = change(node[last]) if callable(change) else change

    return alter


def both_sides(change: Callable[[list[Any]], list[Any]]) -> Callable[[Tree], None]:
    def alter(tree: Tree) -> None:
        tree["tube"]["left"], tree["tube"]["right"] = change(tree["tube"]["left"]), change(tree["tube"]["right"])
        tree["tube"]["tail"] = min(tree["tube"]["tail"], len(tree["tube"]["left"]))

    return alter


def altered(tree: Tree, path: tuple[Any, ...], change: Callable[[str], Any]) -> Tree:
    changed = copy.deepcopy(tree)
    put(*path, change)(changed)
    return changed


def leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, str):
        yield path
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from leaves(value, (*path, key))


def by(factor: float) -> Callable[[str], str]:
    return lambda text: scaled(text, Fraction(factor)) if Fraction(text) else str(Fraction(factor) - 1)


def normal_of_another_length(tree: Tree) -> Tree:
    """The same cone, with its first normal three times as long."""
    changed = copy.deepcopy(tree)
    changed["cone"]["normals"][0] = [scaled(value, 3) for value in changed["cone"]["normals"][0]]
    for row in changed["cone"]["multipliers"]:
        row[0] = scaled(row[0], Fraction(1, 3))
    return changed


def accepted_at_random(good: Tree, names: Sequence[str], seed: int) -> Iterator[Tree]:
    """Those of 60 certificates with some constants multiplied at random that are accepted; all others are rejected."""
    rng = random.Random(seed)
    factors = ("1/2", "9/10", "99/100", "999999/1000000", "1000001/1000000", "101/100", "11/10", "2", "-1", "0")
    for _ in range(60):
        tree = copy.deepcopy(good)
        for _ in range(rng.choice((1, 1, 2, 3))):
            name, factor = rng.choice(names), rng.choice(factors)
            tree["constants"][name] = scaled(tree["constants"][name], factor)
        said = verdict(tree)
        assert said == "accepted" or said.startswith("Rejected: "), said
        if said == "accepted":
            yield tree
