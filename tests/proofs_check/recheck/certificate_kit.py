"""What the tests of certificates share: a certificate, verdicts on altered ones, and the alterations."""

from __future__ import annotations

import json
from collections.abc import Callable
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
