"""Certificates for every start of three points: true ones are accepted; what is altered to something false is not."""

from __future__ import annotations

import copy
import json
import math
import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from early_alignment import Dataset, certify_every_start, certify_three_points, recheck
from early_alignment.proofs_check.commands.recheck import lines, payload
from early_alignment.proofs_check.known.false_three_points import (
    LOOSE,
    PERMUTED,
    SKEW,
    ThreePointsParts,
    three_points_answers,
)
from early_alignment.proofs_check.recheck import EveryStartAccepted, NotACertificate, recheck_every_start, recheck_flow

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
CENTRE = Dataset(((F(-11, 12), F(13, 12)), (F(0), F(1)), (F(11, 12), F(13, 12))), (F(13, 12), F(1, 12), F(13, 12)))
"""The centre of T(1/6)."""
Tree = dict[str, Any]
BELOW = ("size", "tangent", "mu", "slope", "q0", "share", "q1", "eta", "epsilon")
ABOVE = ("activation", "largest", "gap", "stage", "mass", "growth", "radius", "drift", "path", "exponent")
"""Constants that may be smaller than their formulas, and those that may be larger."""
CHOSEN = ("zeta", "few", "level")
"""Constants that are free, but others depend on them in both directions."""
ORDER = (
    *("size", "activation", "tangent", "mu", "largest", "slope", "q0", "gap", "q1", "share", "mass", "stage"),
    *("growth", "radius", "drift", "path", "eta", "epsilon", "exponent"),
)
"""Each formula needs only chosen constants and those before it."""


# The formulas of theory.md 9.3 in floats


@cache
def latest_arrival(inputs: str, labels: str) -> float:
    """zeta T_a, from the lists as texts."""
    return phase_one(np.array(json.loads(inputs)), np.array(json.loads(labels)), 0.1, 1.0, 0.5)[0]


class Oracle:
    """The data and the constants of a certificate, and what they have to be."""

    def __init__(self, tree: Tree) -> None:
        self.X = np.array([[float(F(value)) for value in row] for row in tree["data"]["inputs"]])
        self.y = np.array([float(F(value)) for value in tree["data"]["labels"]])
        self.V = np.array([[float(F(value)) for value in row] for row in tree["cone"]["normals"]])
        self.c = {name: float(F(value)) for name, value in tree["constants"].items()}
        self.bound = float(F(tree["start"]["bound"]))
        X, y, n = self.X, self.y, len(self.y)
        self.norms = np.linalg.norm(X, axis=1)
        self.H, self.b, self.R2 = X.T @ X / n, X.T @ y / n, np.mean(self.norms**2)
        self.beta, self.r = np.linalg.solve(self.H, self.b), np.linalg.norm(self.b)
        self.residuals = y - X @ self.beta
        self.first, self.last = np.mean(y**2) / 2, np.mean(self.residuals**2) / 2
        self.fall = self.first - self.last  # Delta_0

    def hypotheses_hold(self) -> bool:
        """Those on the data, but (C); the outer points are the two at the greatest angle."""
        cosines = self.X @ self.X.T
        if self.X.shape != (3, 2) or cosines.min() <= 0 or self.y.min() <= 0 or (self.X @ self.beta).min() <= 0:
            return False
        left, right = self.outer()
        (middle,) = {0, 1, 2} - {left, right}
        shares = np.linalg.solve(self.X[[left, right]].T, self.X[middle])
        return bool(shares.min() > 1e-12 and min(self.residuals[left], self.residuals[right]) > 0)

    def outer(self) -> tuple[int, int]:
        units = self.X / self.norms[:, None]
        left, right = min(((0, 1), (0, 2), (1, 2)), key=lambda pair: units[pair[0]] @ units[pair[1]])
        return left, right

    def slope(self) -> float:
        """The least <w, b> on the unit circle in the cone, at the two ends of the arc."""
        ends = [np.array((-v[1], v[0])) * sign for v in self.V for sign in (1, -1)]
        inside = [w / np.linalg.norm(w) for w in ends if (self.V @ w >= -1e-12 * np.linalg.norm(w)).all()]
        return float(min(w @ self.b for w in inside))

    def gap(self) -> float:
        """(sqrt(L_0) + 2u)^2 - L_0 with u = nu sqrt(R_2/2)."""
        u = self.c["few"] * math.sqrt(self.R2 / 2)
        return 4 * u * (math.sqrt(self.first) + u)

    def gained(self) -> float:
        """kappa_1."""
        return 0.75 * self.c["slope"] * self.c["q0"] * math.sqrt(3) / 2

    def turning(self) -> float:
        """Half of what ||D|| may be near the fit."""
        left, right = self.outer()
        cosine = self.X[left] @ self.X[right] / (self.norms[left] * self.norms[right])
        return float(min(abs(self.residuals)) * min(self.norms[left], self.norms[right]) * cosine**2 / 24)

    def over_the_middle(self, power: int) -> float:
        """The integral of Delta^power dt from Delta_s to Delta_e, by quadrature in log Delta."""
        c = self.c
        rate = 2 * c["mu"] * c["share"] / self.r
        ends = math.log(c["level"]), math.log(self.fall - self.gained() + c["gap"])
        room = self.gained() - 2 * c["gap"]

        def integrand(u: float) -> float:
            left = room - math.exp(ends[1]) * math.expm1(u - ends[1])  # G - Delta
            return math.exp(u * power) / (rate * left)

        cuts = [ends[1] - 2.0**-k for k in range(20)]
        inside = sorted({*ends, *(cut for cut in cuts if ends[0] < cut < ends[1])})
        return sum(quad(integrand, *pair, epsrel=1e-12)[0] for pair in pairwise(inside))

    def late(self) -> float:
        """The integral of ||D|| in step 5."""
        return math.sqrt(2 * self.c["level"] / self.c["mu"]) / self.c["q1"]

    def path(self) -> float:
        after = self.fall - self.gained() + self.c["gap"]
        return math.sqrt(2 * after / (self.c["mu"] * self.c["share"])) / self.c["q1"] + 0.5 + self.late()

    def barrier(self, eta: float) -> float:
        """The least lower bound of <D, v>, for unit vectors v, at the ends of the ellipse's chord along the facet."""
        c, found = self.c, []
        most, wide = c["radius"] / math.sqrt(1 - eta), math.sqrt(2 * eta)
        slack = 2 * c["drift"] * most * wide + 2 * c["largest"] * most**2 * eta + 2 * c["gap"]
        for v in self.V / np.linalg.norm(self.V, axis=1)[:, None]:
            e = np.array((-v[1], v[0]))
            # s^2 <e, He> - 2 s <b, e> = slack
            ends = np.roots([e @ self.H @ e, -2 * self.b @ e, -slack]).real
            least = min((self.b - s * self.H @ e) @ v for s in ends)
            found.append(least - most * wide * np.linalg.norm(self.H @ v) - self.R2 * c["few"])
        return float(min(found))

    def widest(self) -> float:
        """eta_2: the bound of the ratios, or less where the barrier is."""
        c = self.c
        largest = min(0.25, (4 * c["drift"] / (math.sqrt(3) * c["slope"]) + c["path"]) ** -2 / 8)
        if self.barrier(1e-40) <= 0:
            return 0.0
        if self.barrier(largest) > 0:
            return largest
        return math.exp(brentq(lambda u: self.barrier(math.exp(u)), math.log(1e-40), math.log(largest), xtol=1e-14))

    def smallest_exponent(self) -> float:
        c = self.c
        least = min(c["size"], c["q0"], c["q1"] / math.e, self.r * c["epsilon"] / self.R2)
        grown = 2 * self.r * c["activation"] - 2 * math.log(c["epsilon"]) - math.log(least)
        return (math.log(self.bound) + max(grown, 2 * c["growth"] - math.log(c["few"]))) / (2 * math.log(10))

    def formula(self, name: str) -> float:
        c, most = self.c, self.fall + self.c["gap"]
        sine = min(self.V @ self.b / np.linalg.norm(self.V, axis=1)) / self.r
        formulas: dict[str, Callable[[], float]] = {
            "size": lambda: min((1 - c["zeta"]) * self.y / self.norms),
            "activation": lambda: latest_arrival(str(self.X.tolist()), str(self.y.tolist())) / c["zeta"],
            "tangent": lambda: math.tan(math.asin(sine) / 2),
            "mu": lambda: np.linalg.eigvalsh(self.H)[0],
            "largest": lambda: np.linalg.eigvalsh(self.H)[1],
            "slope": self.slope,
            "q0": lambda: min(c["slope"] / (2 * c["largest"]), *(self.y / self.norms)),
            "gap": self.gap,
            "q1": lambda: (self.gained() - 2 * c["gap"]) / self.r,
            "share": lambda: (
                (math.sqrt(2 * c["mu"] * (c["level"] - c["gap"])) - self.R2 * c["few"]) ** 2
                / (2 * c["mu"] * c["level"])
            ),
            "mass": lambda: self.over_the_middle(1),
            "stage": lambda: self.over_the_middle(0),
            "growth": lambda: (
                math.sqrt(2 * self.R2 * c["stage"] * (self.last * c["stage"] + c["mass"])) + 0.5 + self.late()
            ),
            "radius": lambda: np.linalg.norm(self.beta) + math.sqrt(2 * most / c["mu"]),
            "drift": lambda: math.sqrt(2 * c["largest"] * most) + self.R2 * c["few"],
            "path": self.path,
            "eta": self.widest,
            "epsilon": lambda: min(math.sqrt(c["eta"] / 32), c["tangent"] / 3),
            "exponent": self.smallest_exponent,
        }
        return float(formulas[name]())

    def side_conditions(self) -> dict[str, bool]:
        """What is asked besides one inequality for each constant, by a constant that it is about."""
        c, least = self.c, min(abs(self.residuals))
        tolerance = 1 + 1e-9
        return {
            "few": c["few"] > 0 and c["few"] * max(self.norms) <= least / 4 * tolerance,
            "q1": c["q1"] > 0,
            "level": 0 < c["level"] < (self.fall - self.gained() + c["gap"]) * tolerance
            and math.sqrt(3 * c["level"]) <= least / 6 * tolerance
            and 1.5 * math.sqrt(c["largest"] * c["level"]) + self.R2 * c["few"] <= self.turning() * tolerance,
            "gap": c["gap"] <= c["level"] / 8 * tolerance,
            "share": math.sqrt(max(0, 2 * c["mu"] * (c["level"] - c["gap"]))) > self.R2 * c["few"],
            "zeta": 0 < c["zeta"] < 1,
            "bound": self.bound > 0,
        }


def unsafe(tree: Tree) -> list[str]:
    """The constants that are on the wrong side of their formulas by more than rounding, in floats."""
    oracle = Oracle(tree)
    c = oracle.c
    if not oracle.hypotheses_hold():
        return ["data"]
    wrong = [
        name for name in (*BELOW, *ABOVE, *CHOSEN) if name != "exponent" and c[name] < (name != "activation") * 1e-99
    ]
    wrong = wrong or [name for name, holds in oracle.side_conditions().items() if not holds]
    if wrong:
        return wrong
    wrong = [name for name in BELOW if c[name] > oracle.formula(name) * (1 + 1e-9)]
    return wrong + [name for name in ABOVE if c[name] < oracle.formula(name) * (1 - 1e-9)]


# True certificates whose constants are at their formulas


def tightened(tree: Tree) -> Tree:
    """The certificate with its constants at their formulas, up to rounding; nu and Delta_e nearly the largest."""
    tree = copy.deepcopy(tree)
    for name in ORDER:
        if name == "gap":
            _choose(tree)
        value = Oracle(tree).formula(name)
        slack = 2e-10 if name not in ("activation", "exponent") else 1e-12
        tree["constants"][name] = str(F(value) * F(1 - slack if name in BELOW else 1 + slack))
    return tree


def _choose(tree: Tree) -> None:
    """Delta_e a tenth below the largest for which neurons turn; nu such that g is nearly Delta_e/10."""
    oracle = Oracle(tree)
    level = 0.9 * (oracle.turning() / 1.5) ** 2 / oracle.c["largest"]
    few = 0.1 * level / (2 * math.sqrt(2 * oracle.first * oracle.R2))
    tree["constants"].update(level=str(F(level)), few=str(F(few)))


def drawn(seed: int) -> Tree:
    """Points of different lengths in a random order, for which (C) holds with the closure of K."""
    rng = random.Random(seed)
    while True:
        places = [F(rng.randint(-80, -40), 100), F(rng.randint(-20, 20), 100), F(rng.randint(40, 80), 100)]
        sizes = [F(rng.randint(80, 125), 100) for _ in places]
        labels = [F(rng.randint(low, 125), 100) * s for low, s in zip((80, 5, 80), sizes, strict=True)]
        inputs = [(s * place, s) for place, s in zip(places, sizes, strict=True)]
        shares = np.linalg.solve(np.array([inputs[0], inputs[2]], dtype=float).T, np.array(inputs[1], dtype=float))
        if min(shares) <= 0.1:
            continue
        order = rng.choice([*permutations(range(3))])
        cross = [inputs[i][0] * inputs[j][1] - inputs[i][1] * inputs[j][0] for i, j in ((1, 2), (0, 1), (0, 2))]
        rows = (("1", "0"), (str(cross[0] / cross[2]), str(cross[1] / cross[2])), ("0", "1"))
        parts = ThreePointsParts(
            inputs=tuple(tuple(map(str, inputs[k])) for k in order),
            labels=tuple(str(labels[k]) for k in order),
            normals=tuple(tuple(map(str, inputs[k])) for k in (0, 2)),
            multipliers=tuple(rows[k] for k in order),
        )
        tree = parts.tree()
        if Oracle(tree).hypotheses_hold() and Oracle(tree).barrier(1e-18) > 0.01:
            return tree


TRUE: dict[str, Callable[[], Tree]] = {
    "prover, published points": lambda: certify_three_points(POINTS).to_json(),
    "prover, centre of T(1/6)": lambda: certify_three_points(CENTRE).to_json(),
    "symmetric": lambda: tightened(LOOSE.tree()),
    "permuted": lambda: tightened(PERMUTED.tree()),
    "skew": lambda: tightened(SKEW.tree()),
    **{f"drawn {seed}": lambda seed=seed: tightened(drawn(seed)) for seed in range(4)},
}
"""True certificates whose constants are as they should be to nine digits."""


@pytest.fixture(scope="module", params=list(TRUE))
def good(request) -> Tree:
    return TRUE[request.param]()


def test_every_answer_to_certificates_by_hand_is_the_known_one():
    assert [answer for answer in three_points_answers() if answer is not None] == []


def test_true_certificates_are_accepted(good):
    assert unsafe(good) == []
    found = recheck(json.dumps(good))
    assert isinstance(found, EveryStartAccepted)
    assert found == recheck_every_start(json.dumps(good))
    assert (found.points, found.dimension, found.segments, found.delta) == (3, 2, 0, 0)
    assert found.exponent == F(good["constants"]["exponent"])
    assert found.bound == F(good["start"]["bound"])
    assert [str(value) for value in found.limit] == good["conclusion"]["limit"]


def test_every_number_altered_a_little_in_the_wrong_direction_is_rejected(good):
    """Each constant by one part in a million, lambda_0 by 1/500 of a decade; all other numbers up and down."""
    for path in leaves(good):
        if path == ("constants", "few"):
            factors = [1 + 1e-6]
        elif path[0] == "constants" and path[1] not in CHOSEN:
            size = 2e-3 / float(F(good["constants"]["exponent"])) if path[1] == "exponent" else 1e-6
            factors = [1 + size] if path[1] in BELOW else [1 - size]
        elif path == ("start", "bound"):
            factors = [1.01]  # a smaller one is implied
        elif path[0] in ("kind", "constants"):
            continue
        else:
            factors = [1 + 1e-6, 1 - 1e-6]
        for factor in factors:
            said = verdict(altered(good, path, by(factor)))
            assert said.startswith("Rejected: "), (path, factor, said)


def test_a_weaker_statement_that_is_implied_is_accepted(good):
    for path, factor in ((("start", "bound"), 0.5), (("constants", "exponent"), 1.5)):
        assert verdict(altered(good, path, by(factor))) == "accepted"


def test_normals_may_have_any_length(good):
    assert verdict(normal_of_another_length(good)) == "accepted"


def test_the_oracle_finds_some_fault_in_false_certificates(good):
    for name in (*BELOW, *ABOVE):
        changed = altered(good, ("constants", name), by(1.01 if name in BELOW else 0.99))
        assert name in unsafe(changed), name
    for name in ("few", "level"):
        assert unsafe(altered(good, ("constants", name), by(1.2)))


@pytest.mark.parametrize("seed", range(3))
def test_random_constants_that_are_accepted_are_on_the_safe_side(good, seed):
    accepted = [*accepted_at_random(good, (*BELOW, *ABOVE, *CHOSEN), seed)]
    assert accepted
    assert [unsafe(tree) for tree in accepted] == [[]] * len(accepted)


@pytest.mark.parametrize("parts", [LOOSE, PERMUTED, SKEW], ids=["symmetric", "permuted", "skew"])
def test_random_constants_far_on_the_safe_side_are_judged_as_the_oracle_does(parts):
    """By factors up to 10^4, so that one constant after another decides; both verdicts occur."""
    rng, seen = random.Random(0), set()
    for _ in range(150):
        tree = parts.tree()
        for _ in range(rng.choice((1, 2, 4))):
            name = rng.choice((*BELOW, *ABOVE, *CHOSEN))
            factor = F(str(round(10 ** rng.uniform(-4, 4), 6)))
            tree["constants"][name] = str(F(tree["constants"][name]) * factor)
        said = verdict(tree)
        assert said == "accepted" or said.startswith("Rejected: "), said
        assert (said == "accepted") == (unsafe(tree) == []), (said, unsafe(tree))
        seen.add(said == "accepted")
    assert seen == {True, False}


@pytest.mark.parametrize("seed", range(3))
def test_other_data_are_accepted_only_where_the_hypotheses_hold(seed):
    """One coordinate or label of a true certificate altered, with the conclusion of the new data."""
    rng, accepted = random.Random(seed), 0
    for _ in range(60):
        parts = rng.choice((LOOSE, PERMUTED, SKEW))
        inputs, labels = [list(row) for row in parts.inputs], list(parts.labels)
        factor = F(rng.choice(("-1", "0", "1/2", "9/10", "999/1000", "1001/1000", "11/10", "2", "10")))
        k = rng.randrange(3)
        if rng.random() < 0.5:
            labels[k] = str(F(labels[k]) * factor)
        else:
            side = rng.randrange(2)
            inputs[k][side] = str(F(inputs[k][side]) * factor)
        normals = [list(row) for row in parts.normals or (inputs[0], inputs[2])]
        changed = ThreePointsParts(
            inputs=tuple(map(tuple, inputs)),
            labels=tuple(labels),
            normals=tuple(map(tuple, normals)),
            multipliers=parts.multipliers,
        )
        tree = changed.tree()
        _multiply(tree)
        said = verdict(tree)
        assert said == "accepted" or said.startswith("Rejected: "), said
        if said == "accepted":
            accepted += 1
            assert unsafe(tree) == []
    assert accepted >= 1


def _multiply(tree: Tree) -> None:
    """Multipliers for the two normals, whatever their signs."""
    (p, q), (u, v) = ([F(value) for value in row] for row in tree["cone"]["normals"])
    determinant = p * v - q * u
    if determinant:
        tree["cone"]["multipliers"] = [
            [str((F(x) * v - F(z) * u) / determinant), str((p * F(z) - q * F(x)) / determinant)]
            for x, z in tree["data"]["inputs"]
        ]


def test_a_cone_outside_the_closure_of_k_is_rejected(good):
    """The first normal turned away from b: its half-space no longer holds what the other leaves."""
    tree = copy.deepcopy(good)
    b = [
        sum(F(y) * F(x[i]) for x, y in zip(tree["data"]["inputs"], tree["data"]["labels"], strict=True)) for i in (0, 1)
    ]
    first = tree["cone"]["normals"][0]
    first[:] = [str(F(value) + F(1, 10**9) * part) for value, part in zip(first, b, strict=True)]
    assert "not the stated combination" in verdict(tree)


def test_the_kinds_are_told_apart():
    good, flow, other = LOOSE.tree(), certificate(), certify_every_start(POINTS).to_json()
    for kind in (flow["kind"], other["kind"], "early alignment", "every start to least squares by the limit path"):
        assert verdict({**good, "kind": kind}).startswith("NotACertificate: ")
    for tree in (flow, other):
        assert verdict({**tree, "kind": good["kind"]}).startswith("NotACertificate: ")
    with pytest.raises(NotACertificate, match="the kind must be"):
        recheck_flow(json.dumps(good))


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: tree["data"]["labels"].pop(),
        lambda tree: tree["cone"]["multipliers"].pop(),
        lambda tree: tree["constants"].pop("few"),
        lambda tree: tree["constants"].update(death="1"),
        lambda tree: tree["constants"].update(eta=0.1),
        lambda tree: tree["constants"].update(level="1e-8"),
        lambda tree: tree["start"].update(delta="1/10"),
        lambda tree: tree["start"].pop("bound"),
        lambda tree: tree["conclusion"]["outputs"].pop(),
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
        lambda tree: tree["data"].update(inputs=[["1"], ["1"], ["1"]]),
        lambda tree: tree["cone"]["normals"][0].append("1"),
        lambda tree: tree["cone"]["normals"].pop(),
        lambda tree: tree["cone"].update(normals=[["0", "0"], ["0", "1"]]),
        lambda tree: tree["conclusion"]["limit"].append("1"),
    ],
)
def test_rows_of_different_lengths_are_rejected(change):
    tree = LOOSE.tree()
    change(tree)
    assert verdict(tree).startswith("Rejected: ")


def test_the_sentence_of_the_command_leaves_no_start_out():
    accepted = recheck(LOOSE.text)
    said = " ".join(lines(accepted))
    assert "tan(theta/2)" not in said
    assert said.startswith(
        "accepted: for every width and every lambda <= 10^-1000000.000, the flow from every dominated"
    )
    assert "provided that no neuron lies on a hyperplane and that one with a > 0 is active on a point" in said
    written = payload(accepted)
    assert (written["delta"], written["exponent"], written["bound"]) == ("0", "1000000", "1")
