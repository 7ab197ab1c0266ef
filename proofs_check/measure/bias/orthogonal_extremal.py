"""What the evidence of `bias.orthogonal-extremal` measures (theory.md 6.1)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.data.start import make_start
from ....numerics.extremal.vectors import extremal_vectors
from ....numerics.frozen.alignment import Fate, frozen_alignment
from ....numerics.predict.prediction import predict
from ...cases.bias.orthogonal import Point, drift_of, orthogonal_data, points_of_sign
from ...claim.evidence import Certificate, Margin, Run
from ...claim.statement import Predicate


def enumeration_beside_the_formula(statement: Predicate, run: Run) -> Certificate:
    """The exact enumeration of random orthogonal data beside the stated set."""
    cases = run.choose(12, 60)
    for _ in range(cases):
        d = int(run.rng.integers(1, 6))
        data = orthogonal_data(run.rng, int(run.rng.integers(1, d + 1)), d)
        result = extremal_vectors(data)
        if not result.complete:
            return Certificate(cases, "not decided", undecided=f"the enumeration is not complete: {data.to_json()}")
        found = {(vector.exactly, vector.sign, vector.stability == "attracting") for vector in result.vectors}
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


def partial_list(statement: Predicate, seed: int) -> Margin:
    """A list cut short beside the stated set and its number."""
    rng = np.random.default_rng(seed)
    drawn = orthogonal_data(rng, 8, 8)
    data = Dataset(drawn.inputs, (*map(abs, drawn.labels[:7]), -abs(drawn.labels[7])))
    sides = {sign: points_of_sign(data, sign) for sign in (1, -1)}
    count = sum(2 ** len(side) - 1 for side in sides.values())
    found = predict(data, make_start(12, 1e-3, seed, "balanced", 8))
    listed = {(vector.exactly, vector.sign) for vector in found.extremal.vectors}
    stated = {(drift_of(data, _active(data, sign, exact)), sign) for exact, sign in listed}
    lost = 1 if found.fates is None else len(found.fates.undecided)
    wrong = {
        "vectors that are not a D_I": len(listed - stated),
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


def ends_of_starts(statement: Predicate, seed: int) -> Margin:
    """Where sixteen starts end, beside the stated points."""
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
