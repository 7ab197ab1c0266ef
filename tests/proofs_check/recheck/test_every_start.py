"""Certificates for every start: true ones are accepted; whatever is altered to something false is rejected."""

from __future__ import annotations

import copy
import json
import math
import random
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest

from early_alignment import Dataset, certify_every_start, recheck
from early_alignment.numerics.interpolation.cells import find_cells
from early_alignment.proofs_check.known.false_every_start import LOOSE, every_start_answers
from early_alignment.proofs_check.recheck import EveryStartAccepted, NotACertificate, recheck_flow
from early_alignment.proofs_check.recheck.intervals import LOG_2, Interval, exactly
from early_alignment.proofs_check.recheck.spaces import cells, inner, line, positive_definite, rays, solved

from .certificate_kit import (
    POINTS,
    accepted_at_random,
    altered,
    by,
    certificate,
    leaves,
    normal_of_another_length,
    verdict,
)
from .phase_one_kit import phase_one

F = Fraction
Tree = dict[str, Any]
SPACE = Dataset.from_arrays(
    [["1.29", "0.33", "0.22"], ["0.3", "1.49", "0.35"], ["0.43", "0.19", "1.48"], ["0.13", "0.2", "0.15"]],
    ["2.19", "2.44", "2.01", "0.47"],
)
BELOW = ("size", "turning", "tangent", "mu", "slope", "q0", "q1", "eta", "epsilon")
ABOVE = ("activation", "death", "largest", "radius", "drift", "path", "exponent")
"""Constants that may be smaller than their formulas, and those that may be larger."""
CHOSEN = ("zeta", "xi")
"""Constants that are free, but others depend on them in both directions."""


@pytest.fixture(scope="module", params=[POINTS, SPACE], ids=["plane", "space"])
def good(request) -> Tree:
    return certify_every_start(request.param).to_json()


def test_certificates_of_the_prover_are_accepted(good):
    found = recheck(json.dumps(good))
    assert isinstance(found, EveryStartAccepted)
    assert found.exponent == F(good["constants"]["exponent"])
    assert [str(value) for value in found.limit] == good["conclusion"]["limit"]


def test_every_answer_to_certificates_by_hand_is_the_known_one():
    assert [answer for answer in every_start_answers() if answer is not None] == []


def test_every_number_altered_a_little_in_the_wrong_direction_is_rejected(good):
    """Each constant by one part in a million, lambda_0 by 1/500 of a decade; all other numbers up and down."""
    for path in leaves(good):
        if path[0] == "constants" and path[1] not in CHOSEN:
            size = 2e-3 / float(F(good["constants"]["exponent"])) if path[1] == "exponent" else 1e-6
            factors = [1 + size] if path[1] in BELOW else [1 - size]
        elif path == ("start", "bound"):
            factors = [1.01]  # a smaller one is implied
        elif path == ("start", "delta"):
            factors = [1 - 1e-6]  # so is a larger one
        elif path[0] == "kind":
            continue
        else:
            factors = [1 + 1e-6, 1 - 1e-6]
        for factor in factors:
            said = verdict(altered(good, path, by(factor)))
            assert said.startswith("Rejected: "), (path, factor, said)


def test_a_weaker_statement_that_is_implied_is_accepted(good):
    for path, factor in ((("start", "bound"), 0.5), (("start", "delta"), 1.5), (("constants", "exponent"), 1.5)):
        assert verdict(altered(good, path, by(factor))) == "accepted"


def test_normals_may_have_any_length(good):
    assert verdict(normal_of_another_length(good)) == "accepted"


def unsafe(tree: Tree) -> list[str]:
    """The constants that are on the wrong side of their formulas in theory.md 9.1 by more than rounding, in floats."""
    X, y = (np.array(tree["data"][name], dtype=object) for name in ("inputs", "labels"))
    X, y = np.vectorize(F)(X).astype(float), np.vectorize(F)(y).astype(float)
    c = {name: float(F(value)) for name, value in tree["constants"].items()}
    V = np.vectorize(F)(np.array(tree["cone"]["normals"], dtype=object)).astype(float)
    n = len(y)
    H, b, norms = X.T @ X / n, X.T @ y / n, np.linalg.norm(X, axis=1)
    beta, r, eigenvalues = np.linalg.solve(H, b), np.linalg.norm(b), np.linalg.eigvalsh(H)
    delta, gain = float(F(tree["start"]["delta"])), b @ beta
    times = phase_one(X, y, delta, c["zeta"], c["xi"])
    sine = min(V @ b / np.linalg.norm(V, axis=1)) / r
    edges = np.linalg.inv(V).T  # the cone is simplicial
    formulas = {
        "size": min((1 - c["zeta"]) * y / norms),
        **dict(zip(("activation", "death", "turning"), times, strict=True)),
        "tangent": math.tan(math.asin(sine) / 2),
        "mu": eigenvalues[0],
        "largest": eigenvalues[-1],
        "radius": np.linalg.norm(beta) + math.sqrt(gain / c["mu"]),
        "drift": math.sqrt(c["largest"] * gain),
        "slope": min(b @ w / np.linalg.norm(w) for w in edges),
        "q0": c["slope"] / (2 * c["largest"]),
        "q1": 0.75 * c["slope"] * c["q0"] * math.sqrt(3) / 2 / r,
        "path": math.sqrt(gain / c["mu"]) / c["q1"],
        "eta": min(0.25, (4 * c["drift"] / (math.sqrt(3) * c["slope"]) + c["path"]) ** -2 / 8),
        "epsilon": min(math.sqrt(c["eta"] / 32), c["tangent"] / 3),
    }
    R2 = np.mean(norms**2)
    least = min(c["size"], c["q0"], c["q1"] / math.e, r * c["epsilon"] / R2, c["turning"] / (2 * R2))
    grown = math.log(F(tree["start"]["bound"])) + 2 * r * max(c["activation"], c["death"])
    formulas["exponent"] = (grown - 2 * math.log(c["epsilon"]) - math.log(least)) / (2 * math.log(10))
    wrong = [name for name in BELOW if c[name] > formulas[name] * (1 + 1e-9)]
    if any(barrier(H, b, v / np.linalg.norm(v), c) <= 0 for v in V):
        wrong.append("eta")
    return wrong + [name for name in ABOVE if c[name] < formulas[name] * (1 - 1e-9)]


def barrier(H: np.ndarray, b: np.ndarray, v: np.ndarray, c: dict[str, float]) -> float:
    """Step (2b) at eta_2 for a unit vector v, with a pseudo-inverse."""
    P = np.eye(len(b)) - np.outer(v, v)
    inverse, p = np.linalg.pinv(P @ H @ P, rcond=1e-10, hermitian=True), P @ H @ v
    most, wide = c["radius"] / math.sqrt(1 - c["eta"]), math.sqrt(2 * c["eta"])
    slack = 2 * c["drift"] * most * wide + 2 * c["largest"] * most**2 * c["eta"]
    reach = math.sqrt((b @ inverse @ b + slack) * (p @ inverse @ p))
    return float(b @ v - p @ inverse @ b - reach - most * wide * np.linalg.norm(H @ v))


def test_the_oracle_finds_no_fault_in_a_true_certificate_and_some_in_false_ones(good):
    assert unsafe(good) == []
    for name in (*BELOW, *ABOVE):
        changed = altered(good, ("constants", name), by(1.01 if name in BELOW else 0.99))
        assert name in unsafe(changed), name


@pytest.mark.parametrize("seed", range(3))
def test_random_constants_that_are_accepted_are_on_the_safe_side(good, seed):
    accepted = [*accepted_at_random(good, (*BELOW, *ABOVE, *CHOSEN), seed)]
    assert accepted
    assert [unsafe(tree) for tree in accepted] == [[]] * len(accepted)


def test_a_cone_outside_the_closure_of_k_is_rejected(good):
    """The first normal turned away from b: its half-space no longer holds what the others leave."""
    tree = copy.deepcopy(good)
    b = [
        sum(F(y) * F(x[i]) for x, y in zip(tree["data"]["inputs"], tree["data"]["labels"], strict=True)) for i in (0, 1)
    ]
    first = tree["cone"]["normals"][0]
    first[:2] = [str(F(value) + F(1, 10**9) * part) for value, part in zip(first, b, strict=False)]
    assert "not the stated combination" in verdict(tree)


def test_the_kinds_are_told_apart(good):
    flow = certificate()
    assert verdict({**good, "kind": flow["kind"]}).startswith("NotACertificate: ")
    assert verdict({**flow, "kind": good["kind"]}).startswith("NotACertificate: ")
    assert verdict({**good, "kind": "every start to the labels"}).startswith("NotACertificate: the kind must be one of")
    with pytest.raises(NotACertificate, match="the kind must be"):
        recheck_flow(json.dumps(good))
    assert recheck_flow(json.dumps(flow)).width == 6


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: tree["data"]["labels"].pop(),
        lambda tree: tree["cone"]["multipliers"].pop(),
        lambda tree: tree["constants"].pop("eta"),
        lambda tree: tree["constants"].update(extra="1"),
        lambda tree: tree["constants"].update(eta=0.1),
        lambda tree: tree.update(schema=2),
        lambda tree: tree.pop("cone"),
    ],
)
def test_files_of_another_shape_are_no_certificates(change):
    tree = LOOSE.tree()
    change(tree)
    assert verdict(tree).startswith("NotACertificate: ")


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: tree["data"]["inputs"][0].pop(),
        lambda tree: tree["cone"]["normals"][0].append("1"),
        lambda tree: tree["conclusion"]["limit"].append("1"),
    ],
)
def test_rows_of_different_lengths_are_rejected(change):
    tree = LOOSE.tree()
    change(tree)
    assert verdict(tree).startswith("Rejected: ")


# The checker's own arithmetic, beside python-flint and NumPy


def enclosed(found: Interval, exact: Any) -> bool:
    low, high = (flint.arb(flint.fmpq(end.numerator, end.denominator)) for end in (found.low, found.high))
    narrow = found.high - found.low <= F(1, 10**40) * max(abs(found.low), F(1, 10**60))
    return bool(narrow and (low <= exact or low.overlaps(exact)) and (exact <= high or high.overlaps(exact)))


def test_intervals_enclose_roots_logarithms_and_quotients():
    rng = random.Random(0)
    with flint.ctx.workprec(400):
        assert enclosed(LOG_2, flint.arb(2).log())
        for _ in range(200):
            p, q = (F(rng.randint(1, 10 ** rng.randint(1, 60)), rng.randint(1, 10 ** rng.randint(1, 60))) for _ in "pq")
            exact = flint.arb(flint.fmpq(p.numerator, p.denominator))
            other = flint.arb(flint.fmpq(q.numerator, q.denominator))
            assert enclosed(exactly(p).root(), exact.sqrt())
            assert enclosed(exactly(p).log(), exact.log())
            root, log = exactly(p).root(), exactly(q).log()
            assert enclosed(-root / exactly(q).root(), -exact.sqrt() / other.sqrt())
            assert (root * log).low <= float(exact.sqrt() * other.log()) * (1 + 1e-15) or log.high < 0


def test_intervals_are_compared_only_where_it_is_certain():
    wide, low, high = Interval(F(1), F(2)), exactly(1), exactly(2)
    assert low <= wide
    assert not low < wide
    assert wide <= high
    assert not wide < high
    assert not wide <= low
    assert exactly(0) < wide
    assert wide - wide == Interval(F(-1), F(1))
    assert Interval(F(-1), F(2)) * Interval(F(-3), F(1)) == Interval(F(-6), F(3))
    with pytest.raises(ZeroDivisionError):
        low / (wide - wide)
    with pytest.raises(ValueError, match="logarithm"):
        (wide - wide).log()
    with pytest.raises(ValueError, match="root"):
        (wide - wide).root()


@pytest.mark.parametrize("seed", range(10))
def test_cells_are_those_of_the_other_enumeration(seed):
    """Small integers, so that points are parallel or dependent in many ways."""
    rng = random.Random(seed)
    for _ in range(4):
        d, n = rng.choice((1, 2, 3, 4)), rng.randint(1, 7)
        points = [tuple(F(rng.randint(-3, 3)) for _ in range(d)) for _ in range(n)]
        points = [point if any(point) else (F(1),) * d for point in points]
        found = cells(points)
        assert all(inner(w, point) for w in found for point in points)
        patterns = {tuple(inner(w, point) > 0 for point in points) for w in found}
        assert patterns == {tuple((row > 0).tolist()) for row in find_cells(points).signs}


def test_linear_algebra_in_rationals():
    rng = np.random.default_rng(0)
    for size in (1, 2, 3, 4):
        A = rng.integers(-4, 5, (size, size))
        matrix = [tuple(map(F, row)) for row in (A @ A.T).tolist()]
        assert positive_definite(matrix) == bool(np.linalg.eigvalsh(A @ A.T)[0] > 1e-9)
        x = tuple(F(k + 1, 3) for k in range(size))
        right = [inner(row, x) for row in matrix]
        found = solved(matrix, right)
        assert found == x if positive_definite(matrix) else found is None
    assert not positive_definite([(F(1), F(2)), (F(2), F(1))])
    assert not positive_definite([(F(0), F(0)), (F(0), F(1))])
    assert solved([(F(0), F(1)), (F(1), F(0))], [F(2), F(3)]) == (3, 2)
    assert line([(F(1), F(0), F(0)), (F(2), F(0), F(0))], 3) is None
    corner = [(F(1), F(0), F(0)), (F(0), F(1), F(0)), (F(0), F(0), F(1)), (F(1), F(1), F(1))]
    assert {tuple(map(bool, ray)) for ray in rays(corner)} == {tuple(i == j for j in range(3)) for i in range(3)}


# Data for which an enumeration would be too long


def test_bounds_for_all_sets_of_points_are_accepted_where_there_are_many_cells():
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(3), size=37) * 0.3
    X = np.vstack([np.eye(3) + 0.06, shares @ (np.eye(3) + 0.06)]).round(3)
    labels = X.sum(axis=1).round(3)
    rows = [[str(value) for value in row] for row in X.tolist()]
    found = certify_every_start(Dataset.from_arrays(rows, [str(value) for value in labels.tolist()]))
    assert found.cells is None
    tree = found.to_json()
    assert verdict(tree) == "accepted"
    assert "constants.death is below T_d" in verdict(altered(tree, ("constants", "death"), by(1 - 1e-6)))
    assert "constants.turning is above" in verdict(altered(tree, ("constants", "turning"), by(1 + 1e-6)))


def test_the_slope_may_be_bounded_without_extreme_rays(good, monkeypatch):
    data = Dataset.from_arrays(good["data"]["inputs"], good["data"]["labels"])
    monkeypatch.setattr("early_alignment.numerics.certify.every_start.cone.LARGEST_RAY_SEARCH", 0)
    monkeypatch.setattr("early_alignment.proofs_check.recheck.every_start.MOST_SETS_OF_NORMALS", 0)
    assert "constants.slope is above c_C" in verdict(good)
    tree = certify_every_start(data).to_json()
    assert F(tree["constants"]["slope"]) < F(good["constants"]["slope"])
    assert verdict(tree) == "accepted"
    assert "constants.slope is above c_C" in verdict(altered(tree, ("constants", "slope"), by(1 + 1e-6)))
