"""What the prover builds on: starts in rationals, cells of the plane, the limit path beside SciPy."""

from __future__ import annotations

import math
from fractions import Fraction

import flint
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from early_alignment import Dataset, Start, Undecided, make_start
from early_alignment.numerics.certify.instance import ball, drawn_start, problem_of, rational_above, rational_below
from early_alignment.numerics.certify.one_start.limit_path import DataBox, enclose_path, problem_in_box
from early_alignment.numerics.certify.one_start.tube import cell_holds

POINTS = Dataset.published("three-points")


@pytest.mark.parametrize("kind", ["balanced", "dominated"])
def test_rational_starts_are_dominated_and_near_the_drawn_ones(kind):
    drawn = make_start(200, 1e-12, 3, kind)
    exact = drawn_start(drawn)
    raised = 0
    for (a, u, v), number, w in zip(exact.neurons, drawn.a, drawn.w, strict=True):
        assert a * a >= u * u + v * v
        assert (u, v) == tuple(map(Fraction, w.tolist()))
        assert abs(a / Fraction(float(number)) - 1) <= Fraction(6, 2**52)
        raised += a != Fraction(float(number))
    assert (raised > 0) == (kind == "balanced")
    assert (f"in {raised} neurons" in exact.note) == (raised > 0)


def test_a_start_that_is_not_dominated_is_undecided():
    with pytest.raises(Undecided, match="neuron 1 is not dominated"):
        drawn_start(Start(np.array([0.999]), np.array([[1.0, 0.0]]), "unbalanced", None, None))


def test_rational_bounds_of_balls_are_close_on_both_sides():
    for value in (Fraction(1, 3), Fraction(-22, 7), Fraction(10**30, 7), Fraction(1, 10**30), Fraction(0)):
        low, high = rational_below(ball(value)), rational_above(ball(value))
        assert low <= value <= high
        assert high - low <= abs(value) * Fraction(1, 2**40)
        assert high.denominator.bit_length() + high.numerator.bit_length() < 300


def _vectors(*points):
    return tuple((ball(Fraction(p)), ball(Fraction(q))) for p, q in points)


def test_a_cell_that_the_flow_leaves_sideways_does_not_pass():
    """beta* is near (4/3, 4/3), and the eigenvectors of H are (1, 1) and (1, -1): the flow goes along (1, 1)."""
    problem = problem_of(Dataset.from_arrays([[1, Fraction(1, 10**6)], [Fraction(1, 10**6), 1], [1, 1]], [1, 1, 3]))
    zero = flint.arb(0)
    along = _vectors(("0.3", "0.2"), ("0.7", "0.45"), ("0.45", "0.7"), ("0.2", "0.3"))
    assert cell_holds(problem, zero, along, False)
    assert not cell_holds(problem, flint.arb("0.5"), along, False)
    aside = _vectors(("0.3", "0.2"), ("0.65", "0.2"), ("0.65", "0.3"), ("0.2", "0.3"))
    assert not cell_holds(problem, zero, aside, False)
    turned = (along[1], along[0], along[3], along[2])
    assert not cell_holds(problem, zero, turned, False)
    bent = _vectors(("0.3", "0.2"), ("0.65", "0.5"), ("0.3", "0.3"), ("0.2", "0.3"))
    assert not cell_holds(problem, zero, bent, False)


def test_a_cell_around_the_limit_does_not_pass():
    problem = problem_of(POINTS)
    u, v = problem.limit
    d = Fraction(1, 20)
    around = [(u + d, v - d), (u + d, v + d), (u - d, v + d), (u - d, v - d)]
    assert not cell_holds(problem, flint.arb(0), _vectors(*around), False)


def _path(data: Dataset) -> np.ndarray:
    """S = s omega along the limit path by SciPy, from s = 1e-9 on."""
    X, y = data.X, data.y
    H, b = X.T @ X / len(y), X.T @ y / len(y)

    def velocity(_t, S):
        D = b - H @ S
        return np.linalg.norm(S) * D + (D @ S) * S / np.linalg.norm(S)

    end = 40 / np.linalg.norm(b) + 60
    return solve_ivp(velocity, (0, end), 1e-9 * b, rtol=1e-10, atol=1e-16, max_step=0.05).y.T


@pytest.mark.parametrize("radius", [pytest.param(Fraction(0), marks=pytest.mark.slow), Fraction(1, 300)])
def test_paths_of_data_in_the_box_are_in_the_cells(radius):
    """SciPy's paths for the centre and corners of the box: in the cells, then near beta*, with the cosines bounded."""
    box = DataBox.around(POINTS, radius, 1)
    found = enclose_path(problem_in_box(box))
    left, right = (np.array([[float(v) for v in row] for row in side]) for side in (found.left, found.right))
    cells = [np.array([np.zeros(2), right[0], left[0]])]
    cells += [np.array([right[i - 1], right[i], left[i], left[i - 1]]) for i in range(1, len(left))]
    rng = np.random.default_rng(0)
    for _ in range(4):
        shift = [[radius * int(rng.choice((-1, 1))), 0] for _ in range(3)]
        inputs = [
            [p + s for p, s in zip(point, move, strict=True)] for point, move in zip(POINTS.inputs, shift, strict=True)
        ]
        data = Dataset.from_arrays(inputs, [label + radius * int(rng.choice((-1, 1))) for label in POINTS.labels])
        beta = np.linalg.solve(data.X.T @ data.X, data.X.T @ data.y)
        inside, cosines = True, []
        for S in _path(data):
            held = any(_holds(cell, S) for cell in cells)
            assert inside or not held or np.linalg.norm(S - beta) <= found.distance
            inside = inside and held
            assert inside or np.linalg.norm(S - beta) <= found.distance
            cosines.append(np.min(data.X @ S / np.linalg.norm(data.X, axis=1)) / np.linalg.norm(S))
        assert not inside
        assert min(cosines) >= found.cosine
        assert np.linalg.norm(S - beta) < 1e-3


def _holds(corners, S) -> bool:
    following = np.roll(corners, -1, axis=0)
    return all(
        (B - A)[0] * (S - A)[1] - (B - A)[1] * (S - A)[0] >= -1e-9 * math.hypot(*(B - A)) * math.hypot(*S)
        for A, B in zip(corners, following, strict=True)
    )


def test_a_box_with_parallel_data_is_not_decided():
    with pytest.raises(Undecided, match="parallel"):
        problem_in_box(DataBox.around(POINTS, Fraction(1), 1))
