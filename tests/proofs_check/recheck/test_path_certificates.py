"""Certificates for every start by the limit path: true ones are accepted; what is altered to something false is not."""

from __future__ import annotations

import copy
import json
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from early_alignment import certify_by_limit_path, certify_every_start, recheck
from early_alignment.proofs_check.cases.spurious.every_start.limit_paths import FOUR, LEAVING, SPACE
from early_alignment.proofs_check.measure.spurious.every_start.limit_path import forged
from early_alignment.proofs_check.recheck import EveryStartAccepted
from early_alignment.proofs_check.recheck.path.bernstein import coefficients, longest_square, product

from .certificate_kit import verdict
from .path_kit import POINTS, Tree, unsafe

F = Fraction
BELOW = ("size", "turning", "mu", "tangent", "entry", "epsilon", "growth", "least")
ABOVE = ("activation", "death", "largest", "length", "distance", "exponent")
"""Constants that may be smaller than their formulas, and those that may be larger."""


@pytest.fixture(scope="module", params=[POINTS, SPACE, FOUR], ids=["plane", "space", "four"])
def good(request) -> Tree:
    return certify_by_limit_path(request.param).to_json()


def altered(tree: Tree, *changes: tuple[tuple[Any, ...], Fraction | float]) -> Tree:
    """The numbers at these places multiplied by these factors."""
    changed = copy.deepcopy(tree)
    for path, factor in changes:
        node = changed
        for key in path[:-1]:
            node = node[key]
        node[path[-1]] = str(F(node[path[-1]]) * F(factor))
    return changed


def some(count: int) -> list[int]:
    """The first, the last and a few numbers between."""
    return sorted({0, count - 1, *random.Random(0).sample(range(count), 6)})


def test_certificates_of_the_prover_are_accepted(good):
    found = recheck(json.dumps(good))
    assert isinstance(found, EveryStartAccepted)
    assert found.exponent == F(good["constants"]["exponent"])
    assert found.segments == len(good["path"]["rates"])
    assert [str(value) for value in found.limit] == good["conclusion"]["limit"]
    assert unsafe(good) == []


def test_every_constant_altered_a_little_in_the_wrong_direction_is_rejected(good):
    for name in (*BELOW, *ABOVE):
        size = 2e-3 / float(F(good["constants"]["exponent"])) if name == "exponent" else 1e-6
        said = verdict(altered(good, (("constants", name), 1 + size if name in BELOW else 1 - size)))
        assert said.startswith("Rejected: "), (name, said)
    assert verdict(altered(good, (("start", "bound"), 1.01))).startswith("Rejected: ")
    assert verdict(altered(good, (("start", "delta"), 1 - 1e-6))).startswith("Rejected: ")


def test_a_weaker_statement_that_is_implied_is_accepted(good):
    for path, factor in ((("start", "bound"), 0.5), (("start", "delta"), 1.5), (("constants", "exponent"), 1.5)):
        assert verdict(altered(good, (path, factor))) == "accepted"


def test_other_data_are_rejected(good):
    for place in (("inputs", 0, 0), ("inputs", 1, 1), ("labels", 0)):
        for factor in (1 - 1e-6, 1 + 1e-6):
            assert verdict(altered(good, (("data", *place), factor))).startswith("Rejected: ")


def test_each_radius_and_each_rate_is_needed(good):
    """A radius less by 1/500 cannot be reached by the tube before it; a smaller rate does not bound V'."""
    for i in some(len(good["path"]["radii"])):
        assert verdict(altered(good, (("path", "radii", i), 1 - 2e-3))).startswith("Rejected: "), i
    for i in some(len(good["path"]["rates"])):
        changed, rate = copy.deepcopy(good), good["path"]["rates"][i]
        changed["path"]["rates"][i] = str(F(rate) - abs(F(rate)) / 20 - F(1, 100))
        assert f"the rate along segment {i + 1} is too small" in verdict(changed)


def test_a_tube_without_an_end_or_a_beginning_is_rejected(good):
    short, late, backwards = (copy.deepcopy(good) for _ in range(3))
    for name, count in (("points", 2), ("radii", 1), ("rates", 1)):
        del short["path"][name][-count:]
        del late["path"][name][:count]
        backwards["path"][name].reverse()
    assert "constants.distance is too small" in verdict(short)
    assert "does not begin in the direction of b" in verdict(late)
    assert verdict(backwards).startswith("Rejected: ")
    for constant in ("distance", "length"):
        short = altered(short, (("constants", constant), 2))
    assert verdict(short).startswith("Rejected: ")


def test_each_control_point_is_needed(good):
    """Moved by a tenth of its length to the side, a point is off the path."""
    rng = np.random.default_rng(0)
    for number in some(len(good["path"]["points"])):
        point = np.array([float(F(entry)) for entry in good["path"]["points"][number]])
        side = rng.normal(size=len(point))
        side -= side @ point / (point @ point) * point
        moved = point + 0.1 * np.linalg.norm(point) * side / np.linalg.norm(side)
        changed = copy.deepcopy(good)
        changed["path"]["points"][number] = [str(F(entry)) for entry in moved.tolist()]
        assert verdict(changed).startswith("Rejected: "), number


@pytest.mark.parametrize("seed", range(3))
def test_random_alterations_that_are_accepted_are_true(good, seed):
    rng = random.Random(seed)
    factors = ("1/2", "9/10", "99/100", "999/1000", "999999/1000000", "1000001/1000000", "101/100", "11/10", "2", "-1")
    places = [("constants", name) for name in good["constants"]]
    for name, rows in good["path"].items():
        places += [("path", name, i, 0) if name == "points" else ("path", name, i) for i in range(len(rows))]
    for _ in range(8):
        tree = altered(good, *((rng.choice(places), F(rng.choice(factors))) for _ in range(rng.choice((1, 1, 2)))))
        said = verdict(tree)
        assert said == "accepted" or said.startswith("Rejected: "), said
        if said == "accepted":
            assert unsafe(tree) == []


def test_a_tube_that_leaves_the_cone_is_rejected():
    """Its least-squares solution is in K, and the tube leads there: but not all neurons are active all along it."""
    tree = forged(LEAVING)
    assert "a neuron may become inactive on point" in verdict(tree)
    assert unsafe(tree) == ["active"]


def test_the_kinds_are_told_apart(good):
    other = certify_every_start(POINTS).to_json()
    assert verdict({**good, "kind": other["kind"]}).startswith("NotACertificate: ")
    assert verdict({**other, "kind": good["kind"]}).startswith("NotACertificate: ")


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: tree["path"]["points"].pop(),
        lambda tree: tree["path"]["radii"].pop(),
        lambda tree: tree["path"]["rates"].append("0"),
        lambda tree: tree["path"]["points"][1].append("1"),
        lambda tree: tree["constants"].pop("growth"),
        lambda tree: tree["constants"].update(eta=0.1),
        lambda tree: tree.update(cone={"normals": [["1", "0"]], "multipliers": [["1"]]}),
    ],
)
def test_files_of_another_shape_are_no_certificates(good, change):
    tree = copy.deepcopy(good)
    change(tree)
    assert verdict(tree).startswith("NotACertificate: ")


def test_products_in_bernstein_form_are_those_of_the_polynomials():
    rng = random.Random(0)

    def value(p: tuple[F, ...], u: F) -> F:
        """At u; the numbers of p hold the binomial coefficients already."""
        return sum((c * u**i * (1 - u) ** (len(p) - 1 - i) for i, c in enumerate(p)), F(0))

    for _ in range(20):
        p, q = (tuple(F(rng.randint(-9, 9), 4) for _ in range(rng.randint(1, 5))) for _ in "pq")
        u = F(rng.randint(0, 8), 8)
        assert value(product(p, q), u) == value(p, u) * value(q, u)
        assert min(coefficients(p)) <= value(p, u) <= max(coefficients(p))
        curve = [p, tuple(reversed(p))]
        assert sum(value(entry, u) ** 2 for entry in curve) <= longest_square(curve)
