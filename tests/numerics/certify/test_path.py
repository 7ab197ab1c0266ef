"""Certificates by the limit path: the tube beside the identity of theory.md 9.2, the plane, and what is undecided."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from early_alignment import Dataset, PathCertificate, Undecided, certify_by_limit_path, certify_every_start, recheck
from early_alignment.numerics.certify.every_start.cone import linear_fit_of
from early_alignment.numerics.certify.one_start.limit_path import DataBox, enclose_path, problem_in_box
from early_alignment.numerics.certify.path.curve import limit_path
from early_alignment.numerics.certify.path.either import DecidedConditions, certify_by_either
from early_alignment.proofs_check.cases.spurious.every_start.limit_paths import FOUR, LEAVING, OUTSIDE, SPACE

from ...proofs_check.recheck.path_kit import POINTS, Floats, distance, outward

F = Fraction


def test_the_derivative_of_the_distance_is_that_of_theory():
    """theory.md 9.2: the identity for V' and the bound of its last term, at random places."""
    rng = np.random.default_rng(0)
    for d in (2, 3, 5):
        A = rng.normal(size=(d, d))
        H, b, S, C, E, velocity = A @ A.T, *rng.normal(size=(5, d))
        s, c = np.linalg.norm(S), np.linalg.norm(C)
        omega, unit = S / s, C / c
        D, at_C = b - H @ S, b - H @ C
        delta = velocity / c - at_C - (at_C @ unit) * unit
        rate = s * (D + (D @ omega) * omega + E)
        m, theta, A2 = (s + c) / 2, (s - c) / (s + c), 2 - 2 * omega @ unit
        main = -(S - C) @ H @ (S - C) / m + theta * (D + at_C) @ (omega - unit)
        main -= A2 / 2 * (D @ omega + at_C @ unit)
        h = 1e-6
        found = (distance(S + h * rate, C + h * velocity) - distance(S - h * rate, C - h * velocity)) / (2 * h)
        assert abs(found - main) <= (np.linalg.norm(E) + np.linalg.norm(delta)) * math.sqrt(A2 + theta**2) + 1e-6
        E_off, delta_off = E - (E @ omega) * omega, delta - (delta @ unit) * unit
        error = -E_off @ unit - delta_off @ omega + theta * (E @ omega - delta @ unit)
        assert math.isclose(found, main + error, rel_tol=1e-6, abs_tol=1e-6)


@pytest.mark.parametrize("data", [POINTS, SPACE, FOUR], ids=["plane", "space", "four"])
def test_on_the_boundary_of_the_tube_the_flow_of_a_bundle_points_inwards(data):
    found = certify_by_limit_path(data)
    given = Floats(found.to_json())
    slack = [allowed - grown for grown, allowed in outward(given, given.c["eta"], 2000, np.random.default_rng(1))]
    assert min(slack) > 0


def test_the_published_points():
    """lambda_0 is larger than by condition (C), and the tube lies in the planar cells of spurious.path."""
    found = certify_by_limit_path(POINTS)
    assert F(6) < found.constants.exponent < F(7)
    assert found.constants.exponent < certify_every_start(POINTS).constants.exponent
    plane = enclose_path(problem_in_box(DataBox.around(POINTS, F(0), 1)))
    path = limit_path(linear_fit_of(POINTS), 1e-4)
    for enclosure in (plane.cosine, found.tube.cosine):
        assert 0.5 * path.least_cosine < enclosure <= path.least_cosine + 1e-6
    zero = (F(0), F(0))
    edges = [*zip(plane.right, plane.left, strict=True)]
    cells = [(zero, *edges[0]), *((R, R2, L2, L) for (R, L), (R2, L2) in pairwise(edges))]

    def within(point: tuple[Fraction, ...], corners: tuple[tuple[Fraction, ...], ...]) -> bool:
        edges = zip(corners, (*corners[1:], corners[0]), strict=True)
        return all((v[0] - u[0]) * (point[1] - u[1]) >= (v[1] - u[1]) * (point[0] - u[0]) for u, v in edges)

    for point in found.tube.points[::2]:
        near = math.dist(map(float, point), map(float, found.known.fit.beta)) < plane.distance
        assert near or any(within(point, corners) for corners in cells)


def test_the_path_is_followed_from_the_drift_to_the_least_squares_solution():
    fit = linear_fit_of(SPACE)
    path, b, beta = limit_path(fit, 1e-5), np.array(fit.b, dtype=float), np.array(fit.beta, dtype=float)
    begin, end = path.place(0.0), path.place(path.length)
    assert np.allclose(begin, 1e-5 * b / np.linalg.norm(b))
    assert np.linalg.norm(end - beta) < 0.05 * np.linalg.norm(beta)


@pytest.mark.parametrize(
    ("data", "below"),
    [
        (Dataset.from_arrays([["-11/12", "13/12"], [0, 1], ["11/12", "13/12"]], ["13/12", "1/12", "13/12"]), F(15, 2)),
        (Dataset.from_arrays([[1], [2], [3]], [1, 1, 2]), F(4)),
        (Dataset.from_arrays([[2, 1, 0], [2, -1, 0], [2, 0, 1], [2, 0, -1]], [1, 1, 1, 1]), F(9)),
    ],
    ids=["plane", "line", "space"],
)
def test_a_straight_limit_path_is_enclosed(data, below):
    """b is an eigenvector of H, so that the path is a segment: what bounds its curvature is 0 up to rounding."""
    found = certify_by_limit_path(data)
    assert recheck(json.dumps(found.to_json())).exponent == found.constants.exponent < below


@pytest.mark.parametrize("data", [SPACE, FOUR])
def test_condition_p_alone_is_certified_with_the_reason_why_c_is_not(data):
    found = certify_by_either(data)
    assert (found.chosen, set(found.certificates), set(found.reasons)) == ("P", {"P"}, {"C"})
    assert isinstance(found.certificate, PathCertificate)
    with pytest.raises(Undecided, match=r"condition \(C\) of theory[.]md 9[.]1 is not shown"):
        certify_by_either(data, conditions=("C",))


def test_the_condition_with_the_larger_scale_is_taken_and_its_certificate_accepted():
    asked = []
    found = certify_by_either(POINTS, announce=asked.append)
    assert asked == ["C", "P"]
    exponents = {name: one.constants.exponent for name, one in found.certificates.items()}
    assert exponents == {
        "C": certify_every_start(POINTS).constants.exponent,
        "P": certify_by_limit_path(POINTS).constants.exponent,
    }
    assert found.certificate.constants.exponent == min(exponents.values())
    assert recheck(json.dumps(found.to_json())).exponent == min(exponents.values())
    worse = replace(found.certificates["P"].constants, exponent=exponents["C"] + 1)
    other = DecidedConditions({**found.certificates, "P": replace(found.certificates["P"], constants=worse)}, {})
    assert other.chosen == "C"
    assert other.to_json() == found.certificates["C"].to_json()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (OUTSIDE, "the least-squares solution is not active on point 5"),
        (LEAVING, "the limit path seems to leave the cone where all points are active, at point"),
    ],
)
def test_what_has_no_tube_is_undecided(data, reason):
    with pytest.raises(Undecided, match=reason):
        certify_by_limit_path(data)
    with pytest.raises(Undecided, match=r"condition \(C\).*; the l"):
        certify_by_either(data)


def test_what_is_outside_of_the_theorem_is_said_once():
    with pytest.raises(Undecided) as found:
        certify_by_either(Dataset.from_arrays([[1, 0], [0, 1]], [1, 1]))
    assert str(found.value) == "points 1 and 2 have an inner product that is not positive"


@pytest.mark.parametrize("factor", [F(1, 10**30), F(1), F(10**30)])
def test_the_unit_of_the_data_does_not_matter(factor):
    rows = [[value * factor for value in row] for row in SPACE.inputs]
    found = certify_by_limit_path(Dataset.from_arrays(rows, [label / 7 for label in SPACE.labels]))
    assert recheck(json.dumps(found.to_json())).exponent == found.constants.exponent
