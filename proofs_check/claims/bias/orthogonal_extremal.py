"""Theory.md 6.1: the extremal vectors of orthogonal data, and where the neurons go.

Theorem. Let <x_k, x_l> = 0 for k != l and y_k != 0 (ReLU, square loss). The extremal vectors are the

    D_I = (1/n) sum_{k in I} y_k x_k,  I not empty, in {y > 0} (seen by a > 0) or in {y < 0} (seen by a < 0).

Only D_+ and D_-, those of a whole side, attract a neighbourhood. Every D_I collects the starts that are active
exactly on I among the points of its sign.

Source: Boursier and Flammarion, JMLR 2025, orthogonal data (restated).
That each slope agrees with the sign that it produces is proved in SymPy for every n and d. The list, with signs and
stability, is certified on random rational data of up to 5 points; the frozen flow of random starts is tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.data.start import make_start
from ....numerics.extremal.vectors import extremal_vectors
from ....numerics.frozen.alignment import Fate, frozen_alignment
from ....numerics.predict.prediction import predict
from ....theory.bias import orthogonal
from ....theory.formal.derivation import Goal
from ...cases.orthogonal import Point, drift_of, orthogonal_data, points_of_sign
from ...claim.draws import st
from ...claim.evidence import Certificate, Margin, Run, certified, property_check, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source

STATEMENT = Predicate(
    "extremal vectors of orthogonal data",
    r"\{D \text{ extremal}\} = \{D_I = \tfrac1n \textstyle\sum_{k \in I} y_k x_k : \emptyset \ne I \subseteq "
    r"$mixed\};\quad \text{a neighbourhood is attracted $attracting,"
    r"\quad D_I \text{ collects the starts active exactly on } I \text{ among the points of its sign}",
    {"attracting": "whole sides", "mixed": False},
    words={
        "attracting": {"whole sides": "only by } D_+, D_-", "all": "by every } D_I"},
        "mixed": {False: r"\{y > 0\} \text{ or } I \subseteq \{y < 0\}", True: r"\{1, \dots, n\}"},
    },
)

CLAIM = Claim(
    id="bias.orthogonal-extremal",
    title="On orthogonal data the extremal vectors are the D_I of points of one sign; only D_+ and D_- attract a "
    "neighbourhood",
    kind="equivalence",
    statement=STATEMENT,
    hypotheses=("ReLU, square loss", "<x_k, x_l> = 0 for k != l, y_k != 0"),
    scope="exact on random rational data of up to 5 orthogonal points in R^5; the equations of rest for every n and d",
    source=Source("Boursier & Flammarion, JMLR 2025", "orthogonal data", "6.1", restated=True),
    needs=("certified", "symbolic"),
    mutants=(
        Mutant(
            "every D_I attracts a neighbourhood",
            STATEMENT.altered(attracting="all"),
            "x = (1, 0), (0, 1) and y = (1, 1): near D_{1} = (1/2, 0), w = (1, e) with e > 0 is active on both points "
            "and goes to (1/2, 1/2)",
        ),
        Mutant(
            "I may hold points of both signs",
            STATEMENT.altered(mixed=True),
            "x = (1, 0), (0, 1) and y = (1, -1): D_{1,2} = (1/2, -1/2) is active on the first point only, where the "
            "drift is (1/2, 0), and -D_{1,2} on the second only",
        ),
    ),
    depends_on=("alignment.extremal-vectors",),
)


@symbolic(covers="lemma")
def each_slope_agrees_with_the_sign_it_produces(statement: Predicate) -> Iterator[Goal]:
    """Why there are no others: <D, x_k> has the sign of eta_k y_k, so that eta_k is 1 or 0, or 0 by the other sign."""
    yield from orthogonal.goals()


@certified(covers="instance")
def the_enumeration_finds_these_and_no_others(statement: Predicate, run: Run) -> Certificate:
    """All extremal vectors of random orthogonal data, with signs and stability, in exact rationals."""
    cases = run.choose(12, 60)
    for _ in range(cases):
        d = int(run.rng.integers(1, 6))
        data = orthogonal_data(run.rng, int(run.rng.integers(1, d + 1)), d)
        result = extremal_vectors(data)
        if not result.complete:
            return Certificate(cases, "not decided", undecided=f"the enumeration is not complete: {data.to_json()}")
        found = {(vector.exact, vector.sign, vector.stability == "attracting") for vector in result.vectors}
        expected = set(_stated(statement, data))
        if found != expected:
            where = {"data": data.to_json(), "enumerated": sorted(found), "stated": sorted(expected)}
            return Certificate(cases, "the two sets differ", counterexample=where)
    return Certificate(cases, "equal sets of exact vectors, signs and attracting ones")


def _stated(statement: Predicate, data: Dataset) -> Iterable[tuple[Point, int, bool]]:
    """(D_I, sign, whether a neighbourhood is attracted) for every I the statement counts."""
    for sign in (1, -1):
        side = tuple(range(data.n)) if statement["mixed"] else points_of_sign(data, sign)
        for size in range(1, len(side) + 1):
            for chosen in combinations(side, size):
                yield drift_of(data, chosen), sign, statement["attracting"] == "all" or chosen == side


@property_check(lambda: st.integers(0, 10**9), covers="lemma", quick=2, full=40)
def a_partial_list_says_how_many_there_are(statement: Predicate, seed: int) -> Margin:
    """Seven points of one sign and one of the other, which have 2^7 + 2^1 - 2 vectors: more than are listed.

    Their number is right, those listed are among them, what twelve neurons reach is listed, and the list is called
    complete only when it holds all of them.
    """
    rng = np.random.default_rng(seed)
    drawn = orthogonal_data(rng, 8, 8)
    data = Dataset(drawn.inputs, (*map(abs, drawn.labels[:7]), -abs(drawn.labels[7])))
    sides = {sign: points_of_sign(data, sign) for sign in (1, -1)}
    count = sum(2 ** len(side) - 1 for side in sides.values())
    found = predict(data, make_start(12, 1e-3, seed, "balanced", 8))
    listed = {(vector.exact, vector.sign) for vector in found.extremal.vectors}
    stated = {(drift_of(data, _active(data, sign, exact)), sign) for exact, sign in listed}
    lost = 1 if found.fates is None else len(found.fates.undecided)
    wrong = {
        "vectors that are no D_I": len(listed - stated),
        "their number": abs(count - (found.extremal.count or 0)),
        "called complete": int(found.extremal.complete != (len(listed) == count)),
        "neurons without a vector": lost,
    }
    return Margin(float(sum(wrong.values())), 0.0, "exact sets: none may differ", {"seed": seed} | wrong)


def _active(data: Dataset, sign: int, drift: Point) -> tuple[int, ...]:
    """The points of a sign with which a vector has an inner product of this sign."""
    return tuple(
        k
        for k in points_of_sign(data, sign)
        if sign * sum(u * v for u, v in zip(drift, data.inputs[k], strict=True)) > 0
    )


@property_check(lambda: st.integers(0, 10**9), quick=20, full=150)
def starts_go_to_the_points_they_are_active_on(statement: Predicate, seed: int) -> Margin:
    """Sixteen starts under the frozen flow: a neuron ends at the D_I of its active points of its sign, I not empty.

    With none it is driven out of the other points' half-spaces, and ends dead or against its drift on a ray.
    """
    rng = np.random.default_rng(seed)
    d = int(rng.integers(2, 7))  # on a line a neuron may stand against its drift and stay there
    data = orthogonal_data(rng, int(rng.integers(1, d + 1)), d)
    w, signs = rng.standard_normal((16, d)), rng.choice((-1, 1), 16)
    alignment = frozen_alignment(data, Network(signs * np.linalg.norm(w, axis=1), w))
    distance = 0.0
    for j in range(16):
        side = points_of_sign(data, int(signs[j]))
        active = side if statement["attracting"] == "all" else tuple(k for k in side if data.X[k] @ w[j] > 0)
        D = np.array([float(entry) for entry in drift_of(data, active)])
        found = alignment.drift[j] if alignment.fate[j] == Fate.EXTREMAL else np.zeros(d)
        if alignment.fate[j] == Fate.UNDETERMINED:
            return Margin(np.inf, 0.0, "every fate is decided", {"data": data.to_json(), "neuron": w[j].tolist()})
        distance = max(distance, float(np.abs(found - D).max()))
    largest = float(np.mean(np.abs(data.y) * np.linalg.norm(data.X, axis=1)))
    allowed = 4 * (data.n + d) * np.finfo(float).eps * largest
    return Margin(distance, allowed, "rounding of a sum of n terms", {"data": data.to_json(), "seed": seed})
