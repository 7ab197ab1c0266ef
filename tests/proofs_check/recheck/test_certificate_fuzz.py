"""Certificates altered at random: whatever is still accepted must be true."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from typing import Any

import pytest

from .certificate_kit import Tree, both_sides, certificate, put, resealed, scaled, verdict
from .certificate_witness import contradictions, copied, witness_of


@pytest.fixture(scope="module")
def good() -> Tree:
    return certificate()


FACTORS = ("1/2", "9/10", "99/100", "999/1000", "1001/1000", "101/100", "11/10", "2", "-1", "0")


def _leaves(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all rationals of a certificate."""
    if isinstance(node, str):
        return [path] if path[0] not in ("kind",) and path[-1] != "note" else []
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [leaf for key, value in items for leaf in _leaves(value, (*path, key))]


def _parent(tree: Tree, path: tuple[Any, ...]) -> Any:
    node: Any = tree
    for key in path[:-1]:
        node = node[key]
    return node


def mutate(tree: Tree, rng: random.Random) -> None:
    """One to three alterations: numbers scaled, exchanged, moved a little, rows dropped or doubled, then resealed."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        leaves = _leaves(tree)
        sections = sorted({path[0] for path in leaves})
        chosen = rng.choice(sections)
        path, other = (rng.choice([leaf for leaf in leaves if leaf[0] == chosen]) for _ in range(2))
        node, far = _parent(tree, path), _parent(tree, other)
        kind = rng.choice(("scale", "scale", "swap", "nudge", "drop", "double"))
        if kind == "scale":
            node[path[-1]] = scaled(node[path[-1]], rng.choice(FACTORS))
        elif kind == "swap":
            node[path[-1]], far[other[-1]] = far[other[-1]], node[path[-1]]
        elif kind == "nudge":
            node[path[-1]] = str(Fraction(node[path[-1]]) + Fraction(rng.choice((-1, 1)), 10 ** rng.randint(2, 9)))
        elif len(path) > 2:
            rows, at = tree[path[0]][path[1]], path[2]
            both = [tree["tube"]["left"], tree["tube"]["right"]] if chosen == "tube" else [rows]
            for each in both:
                if kind == "drop":
                    del each[at : at + 1]
                else:
                    each.insert(at, json.loads(json.dumps(each[at])))
        if chosen == "data" and rng.random() < 0.7:
            try:
                resealed(tree)
            except Exception:  # no data set any more
                return


@pytest.mark.parametrize("seed", range(6))
def test_every_mutant_that_is_accepted_is_true(good, seed):
    """Mutants of one certificate; those accepted are compared with a simulation of the data and start they name."""
    rng = random.Random(seed)
    plain = witness_of(good)
    accepted = 0
    for _ in range(60):
        tree = copied(good)
        mutate(tree, rng)
        said = verdict(tree)
        assert said == "accepted" or said.startswith(("Rejected: ", "NotACertificate: ")), said
        if said == "accepted":
            accepted += 1
            same = all(tree[part] == good[part] for part in ("data", "start"))
            assert contradictions(tree, plain if same else witness_of(tree)) == []
    assert accepted >= 1


def test_the_comparison_with_a_simulation_can_fail(good):
    """The oracle of the fuzz test sees what the checker rejects: each of these stated numbers is false."""
    plain = witness_of(good)
    false = [
        put("early", "tangent", lambda t: scaled(t, "1/20")),
        put("early", "death", lambda t: scaled(t, "1/2")),
        put("early", "activation", lambda t: scaled(t, "1/4")),
        put("early", "size", lambda t: scaled(t, "1/50")),
        put("trap", "time", "5"),
        put("trap", "distance", lambda t: scaled(t, "1/2")),
        put("conclusion", "outputs", 1, "1/10"),
        both_sides(lambda rows: [[scaled(entry, "-1") for entry in row] for row in rows]),
    ]
    for alter in false:
        tree = copied(good)
        alter(tree)
        assert contradictions(tree, plain) != []
