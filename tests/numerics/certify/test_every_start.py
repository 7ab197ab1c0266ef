"""Certificates for every start: the numbers of theory.md 9.1, condition (C), and what is left undecided."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from early_alignment import Dataset, InputError, Undecided, certify_every_start
from early_alignment.numerics.certify.every_start.activation import activation_square, active_cells
from early_alignment.numerics.certify.every_start.cone import Facet, Hull, dot, hull_of, linear_fit_of, times
from early_alignment.numerics.certify.every_start.constants import Constants, StartBounds, constants_of, data_constants
from early_alignment.numerics.certify.every_start.death import _for_all_sets, death_of

F = Fraction
POINTS = Dataset.published("three-points")
CENTRE = Dataset.from_arrays([["-11/12", "13/12"], [0, 1], ["11/12", "13/12"]], ["13/12", "1/12", "13/12"])
FAILS = Dataset.from_arrays(
    [[F(u, 64), F(v, 64)] for u, v in ((45, 90), (18, 48), (3, 45), (1, 59), (-22, 28))],
    [F(y, 64) for y in (120, 48, 24, 1, 9)],
)
"""The false neighbour of Theorem A in theory.md 9.1, whose flow does not end at least squares."""
SPACE = Dataset.from_arrays(
    [
        ["1.36", "0.03", "0.59"],
        ["0.62", "1.4", "0.45"],
        ["0.27", "0.57", "1.6"],
        ["0.27", "0.32", "0.53"],
        ["0.11", "0.19", "0.54"],
    ],
    ["2.16", "2.63", "2.69", "1.04", "0.93"],
)
"""Drawn at random, with cosines of 0.48 and more; the last two inputs are combinations of the first three."""


def published_facets(hull: Hull) -> list[Facet]:
    """Those of theory.md 9.1: the rays (4, 3) and (-17, 40)."""
    x, b = hull.fit.data.inputs[2], hull.fit.b
    share = (40 * x[1] - 17 * x[0]) / (40 * b[1] - 17 * b[0]) * dot(b, b) / dot(x, b)
    facets = [hull.facet(0, F(0)), hull.facet(1, share)]
    assert [facet.normal for facet in facets] == [(-3, 4), (40, 17)]
    return facets


def constants_for(hull: Hull, facets: list[Facet]) -> Constants:
    return constants_of(data_constants(hull.fit, StartBounds()), facets)


def test_the_published_cone_gives_the_published_numbers():
    hull = hull_of(linear_fit_of(POINTS))
    assert hull.members == (0, 2)
    facets, fit = published_facets(hull), hull.fit
    found = []
    for facet, e in zip(facets, ((4, 3), (-17, 40)), strict=True):
        image = times(fit.H, e)
        found.append(dot(fit.b, facet.normal) * dot(image, e) - 2 * dot(fit.b, e) * dot(image, facet.normal))
        assert facet.holds
    assert [f"{float(value):.6g}" for value in found] == ["3.47986", "2148.36"]
    assert [dot(fit.b, facet.normal) for facet in facets] == [F(413, 120), 1]
    constants = constants_for(hull, facets)
    assert constants.exponent == F(8564, 1000)
    assert [round(float(value), 3) for value in (constants.activation, constants.death)] == [7.185, 10.963]
    assert with_rough_times(POINTS, constants) == [64.498, 25.187]


def with_rough_times(data: Dataset, c: Constants) -> list[float]:
    """T_a and the exponent with the times of the proof in theory.md 9.1, which are larger; T_d < T_a here."""
    X, y, n = data.X, data.y, data.n
    norms, products, r, R2 = np.linalg.norm(X, axis=1), X @ X.T, np.linalg.norm(X.T @ y) / n, np.mean(X**2) * data.d
    rates = [min(y[k] * products[k, j] / n for k in range(n) if k != j) for j in range(n)]
    late, turning = max(2 * norms / rates), float(c.turning / c.xi) / 2
    sizes = (min(y / (2 * norms)), float(c.q0), float(c.q1) / math.e, r * float(c.epsilon) / R2, turning / (2 * R2))
    needed = 2 * r * late - 2 * math.log(c.epsilon) - math.log(min(sizes))
    return [round(float(late), 3), round(needed / (2 * math.log(10)), 3)]


def test_the_search_does_better_than_the_published_cone():
    assert F(8300, 1000) < certify_every_start(POINTS).constants.exponent < F(8564, 1000)


def test_the_centre_of_the_box_with_the_closure_of_the_cone():
    hull = hull_of(linear_fit_of(CENTRE))
    closure = [hull.facet(i, F(0)) for i in range(2)]
    assert all(facet.holds for facet in closure)
    constants = constants_for(hull, closure)
    assert constants.exponent == F(8086, 1000)
    assert with_rough_times(CENTRE, constants) == [94.317, 36.869]
    assert certify_every_start(CENTRE).constants.exponent <= F(8086, 1000)


def test_the_constants_are_those_of_the_formulas():
    """Written again in floats, from theory.md 9.1 and with other formulas where there is a choice."""
    found = certify_every_start(POINTS)
    X, y, c = POINTS.X, POINTS.y, found.constants
    H, b = X.T @ X / len(y), X.T @ y / len(y)
    norms, beta = np.linalg.norm(X, axis=1), np.linalg.solve(H, b)
    distances = [abs(np.linalg.det([X[k], X[j]])) / norms[k] for k, j in ((0, 2), (2, 0))]
    mu, M = np.linalg.eigvalsh(H)
    gain, r = b @ beta, np.linalg.norm(b)
    rays = [(-v, u) if -v * b[0] + u * b[1] > 0 else (v, -u) for u, v in found.cone.normals]
    slope = min(b @ ray / math.hypot(*ray) for ray in rays)
    sine = min(b @ v / (math.hypot(*v) * r) for v in found.cone.normals)
    q0 = slope / (2 * M)
    q1 = 0.75 * slope * q0 * math.sqrt(3) / 2 / r
    path = math.sqrt(gain / mu) / q1
    expected = {
        "size": (1 - float(c.zeta)) * min(y / norms),
        # The slowest start is active on an end point of the plane alone, and has to become active on the other one.
        "activation": max(
            3 * distance / (y[k] * X[k] @ X[2 - k]) for distance, k in zip(distances, (0, 2), strict=True)
        )
        / float(c.zeta),
        "tangent": math.tan(math.asin(sine) / 2),
        "mu": mu,
        "largest": M,
        "radius": np.linalg.norm(beta) + math.sqrt(gain / mu),
        "drift": math.sqrt(M * gain),
        "slope": slope,
        "q0": q0,
        "q1": q1,
        "path": path,
        "eta": (4 * math.sqrt(M * gain) / (math.sqrt(3) * slope) + path) ** -2 / 8,
    }
    for name, value in expected.items():
        assert math.isclose(getattr(c, name), value, rel_tol=1e-9), name


@pytest.mark.parametrize("data", [POINTS, CENTRE, SPACE])
def test_the_closed_form_is_the_minimum_over_the_ellipsoid(data):
    """m(v) beside a search over beta = c + z in floats, along directions in the complement of v."""
    fit = linear_fit_of(data)
    rng, H, b = np.random.default_rng(0), np.array(fit.H, dtype=float), np.array(fit.b, dtype=float)
    for i in range(len(hull_of(fit).members)):
        v = np.array(hull_of(fit).facet(i, F(1, 4)).normal, dtype=float)
        v /= np.linalg.norm(v)
        low = math.inf
        for _ in range(200 if data.d > 2 else 2):
            e = rng.normal(size=data.d)
            e -= e @ v * v
            e /= np.linalg.norm(e)
            end = 2 * (b @ e) / (e @ H @ e)
            low = min(low, *((b - s * H @ e) @ v for s in (0.0, end)))
        found = hull_of(fit).facet(i, F(1, 4)).rough_push(0.0, 0.0)
        assert found <= low + 1e-12
        assert low - found < (1e-9 if data.d == 2 else 0.05)


def test_the_barrier_bounds_the_drift_of_bundles():
    """Step (2b) for random bundles in the plane: a neuron on the facet, the others within the spread of it."""
    hull = hull_of(linear_fit_of(POINTS))
    known, rng = data_constants(hull.fit, StartBounds()), np.random.default_rng(1)
    H, b = np.array(hull.fit.H, dtype=float), np.array(hull.fit.b, dtype=float)
    for facet in published_facets(hull):
        v = np.array(facet.normal, dtype=float)
        v /= np.linalg.norm(v)
        for eta in (1e-5, 1e-4):
            distance = float(known.radius) / math.sqrt(1 - eta) * math.sqrt(2 * eta)
            slack = 2 * float(known.drift) * distance + float(known.largest) * distance**2
            bound = facet.rough_push(slack, distance)
            for _ in range(500):
                e = np.array([-v[1], v[0]]) * np.sign(-v[1] * b[0] + v[0] * b[1])
                beta = rng.uniform(0, float(known.radius)) * e
                beta = beta + distance * rng.uniform(-1, 1) * v
                if beta @ H @ beta <= 2 * b @ beta:
                    assert (b - H @ beta) @ v >= bound


def test_a_set_where_the_theorem_is_false_is_undecided():
    with pytest.raises(Undecided, match=r"condition \(C\) of theory.md 9.1 is not shown .* point 5"):
        certify_every_start(FAILS)


@pytest.mark.parametrize(
    ("inputs", "labels", "reason"),
    [
        ([[1, 0], [1, 1]], [1, 0], "label of point 2 is not positive"),
        ([[1, 0], [0, 1]], [1, 1], "points 1 and 2 have an inner product that is not positive"),
        ([[1, 1], [2, 2]], [1, 1], "do not span the space"),
        ([[1, i] for i in range(65)], [1] * 65, "at most 64"),
    ],
)
def test_data_outside_the_setting_are_undecided(inputs, labels, reason):
    with pytest.raises(Undecided, match=reason):
        certify_every_start(Dataset.from_arrays(inputs, labels))


@pytest.mark.parametrize("bounds", [{"delta": F(0)}, {"delta": F(1)}, {"bound": F(0)}, {"bound": F(-1)}])
def test_impossible_bounds_of_the_start_are_bad_input(bounds):
    with pytest.raises(InputError):
        StartBounds(**bounds)


def test_delta_and_the_bound_enter_as_in_the_last_inequality():
    plain = certify_every_start(POINTS).constants
    larger = certify_every_start(POINTS, StartBounds(bound=F(100))).constants
    assert larger.exponent == plain.exponent + 1
    nearer = certify_every_start(POINTS, StartBounds(delta=F(1, 10**9))).constants
    assert nearer.death > plain.death
    assert nearer.turning < plain.turning


def _turned(data: Dataset) -> Dataset:
    return Dataset.from_arrays([[(3 * u - 4 * v) / 5, (4 * u + 3 * v) / 5] for u, v in data.inputs], data.labels)


def test_turned_and_permuted_data_have_the_same_constants():
    plain = certify_every_start(POINTS).constants
    order = (2, 0, 1)
    permuted = Dataset.from_arrays([POINTS.inputs[k] for k in order], [POINTS.labels[k] for k in order])
    for other in (_turned(POINTS), permuted):
        found = certify_every_start(other).constants
        for name in Constants.__dataclass_fields__:
            assert math.isclose(
                getattr(found, name), getattr(plain, name), rel_tol=1e-4 if name == "exponent" else 1e-9
            )


def test_one_point_and_one_dimension():
    found = certify_every_start(Dataset.from_arrays([[2]], [3]))
    assert (found.constants.activation, found.cells, found.fit.beta) == (0, 1, (F(3, 2),))
    assert math.isclose(found.constants.death, math.log(10 / (1 - found.constants.xi)) / 6, rel_tol=1e-12)
    assert len(certify_every_start(Dataset.from_arrays([[1], [2], [3]], [1, 1, 2])).cone.facets) == 1


def test_bounds_for_all_sets_are_on_the_safe_side_of_those_for_cells():
    for data in (POINTS, CENTRE, SPACE):
        fit = linear_fit_of(data)
        cells = active_cells(fit)
        exact, rough = death_of(fit, F(1, 10), cells), _for_all_sets(fit, F(1, 10))
        assert activation_square(fit, cells) <= activation_square(fit, None)
        assert exact.cells is not None
        assert exact.time <= rough.time
        assert rough.turning <= exact.turning


def test_death_over_the_cells_of_three_points():
    """The cells of three points in the plane are those of the first, the last, and two neighbours; by hand."""
    X, y = POINTS.X, POINTS.y
    order = (0, 1, 2)
    cells = [order[:1], order[2:], order[:2], order[1:], order]
    drift = {cell: sum(y[k] * X[k] for k in cell) / 3 for cell in cells}
    size = {cell: np.linalg.norm(drift[cell]) for cell in cells}

    def entered(cell):
        sines = [drift[cell] @ X[k] / (size[cell] * np.linalg.norm(X[k])) for k in order if k not in cell]
        return math.tan(math.asin(min(sines)) / 2) if sines else math.inf

    def rest(cell):
        below = [math.log(2 / entered(other)) / size[other] + rest(other) for other in cells if set(other) < set(cell)]
        return max(below, default=0.0)

    fit = linear_fit_of(POINTS)
    found = death_of(fit, F(1, 10), active_cells(fit))
    assert math.isclose(float(found.time), max(math.log(20) / size[cell] + rest(cell) for cell in cells), rel_tol=1e-12)
    assert math.isclose(
        float(found.turning), min(size[cell] * min(0.1, entered(cell)) for cell in cells), rel_tol=1e-12
    )


def test_three_dimensions_are_certified():
    found = certify_every_start(SPACE)
    assert len(found.cone.facets) == 3
    for k, point in enumerate(SPACE.inputs):
        row = found.cone.multipliers[k]
        assert min(row) >= 0
        assert all(sum(m * v[i] for m, v in zip(row, found.cone.normals, strict=True)) == point[i] for i in range(3))


def test_the_slope_is_the_minimum_over_the_cone():
    found = certify_every_start(SPACE)
    b = np.array(found.fit.b, dtype=float)
    V = np.array(found.cone.normals, dtype=float)
    rays = [np.cross(V[i], V[j]) for i, j in ((0, 1), (1, 2), (2, 0))]
    rays = [ray * np.sign(ray @ b) for ray in rays]

    def along(i: int, j: int) -> float:
        return minimize_scalar(
            lambda t: b @ (w := t * rays[i] + (1 - t) * rays[j]) / np.linalg.norm(w), bounds=(0, 1), method="bounded"
        ).fun

    least = min(b @ ray / np.linalg.norm(ray) for ray in rays)
    assert math.isclose(found.constants.slope, least, rel_tol=1e-9)
    assert min(along(i, j) for i, j in ((0, 1), (1, 2), (2, 0))) >= least - 1e-9
