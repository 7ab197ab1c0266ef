"""The least norm of a network of any width that interpolates, with a bracket that is proved (theory.md 6.4)."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from ..arrays import Floats
from ..data.dataset import Dataset
from ..data.problem import Problem
from ..geometry.integers import primitive
from .cells import Cells, find_cells, unit
from .certificate import CellBound, Multipliers, NormCertificate, proved_bounds
from .exact_network import interpolating_network, refuse_impossible_labels
from .exchange import Bound, Exchanged, exchange
from .program import solve_program

NEGLIGIBLE = 1e-10
"""Part of the norm below which a neuron only corrects roundings of others, and is left out of the network in floats."""


@dataclass(frozen=True)
class LeastNorm:
    """The least ||theta||^2/2 = sum_j |a_j| ||w_j|| of networks of any width that interpolate the data.

    `lower` <= least value <= `upper` are proved by `certificate` (`certificate.check`). `norm` is that of the
    certificate's network, which interpolates exactly; `a` (m,) and `w` (m, d) are this network in floats, balanced and
    without negligible neurons, with which it interpolates up to NEGLIGIBLE. `dual` (n,) has |sum_k dual_k s(<w, x_k>)|
    <= ||w|| for all w, up to the gap between the bounds. `cells` is the number of activation patterns.
    """

    norm: float
    lower: float
    upper: float
    dual: Floats
    a: Floats
    w: Floats
    cells: int
    seconds: float
    certificate: NormCertificate


def least_norm(problem: Problem | Dataset) -> LeastNorm:
    """Solve the convex program over all activation patterns, sharpen its solution, and prove a bracket.

    Raises InputError if no network interpolates or if there are too many patterns, ConvexSolverMissing if CVXPY or
    Clarabel is not installed, and ConvexSolverFailed if they find nothing.
    """
    start = time.perf_counter()
    posed = Problem.of(problem)
    data, slope = posed.data, posed.leak
    cells = find_cells(data.inputs)
    refuse_impossible_labels(data, cells, slope)
    certificate = _certificate(data, cells, slope) if any(data.labels) else _nothing(data)
    lower, upper = proved_bounds(certificate, data.inputs, data.labels, slope)
    certificate = replace(certificate, lower=lower, upper=upper)
    norm, a, w = _balanced(certificate, data.d)
    dual = np.array([float(nu) for nu in certificate.dual])
    seconds = time.perf_counter() - start
    return LeastNorm(norm, lower, upper, dual, a, w, len(cells), seconds, certificate)


def _nothing(data: Dataset) -> NormCertificate:
    """For labels 0: the empty network, and a dual vector that bounds nothing below 0."""
    return NormCertificate((Fraction(0),) * data.n, (), (), (), 0.0, 0.0)


def _certificate(data: Dataset, cells: Cells, leak: Fraction) -> NormCertificate:
    """Everything but the bounds, which are stated as the trivial ones."""
    lengths = np.linalg.norm(data.X, axis=1)
    x, y = data.X / lengths[:, None], data.y / lengths
    scale = np.abs(y).max()
    y = y / scale
    found = exchange(x, y, cells, float(leak), solve_program(x, y, cells.signs, cells.facets, float(leak)))
    a, w = interpolating_network(data, cells, leak, found.neurons, scale * found.amounts)
    # g does not change when nu_k x_k does not; mu_k x_k likewise.
    dual = tuple(Fraction(float(value)) for value in found.dual / lengths)
    return NormCertificate(dual, _cell_bounds(cells, found, lengths), a, w, 0.0, np.inf)


def _cell_bounds(cells: Cells, found: Exchanged, lengths: Floats) -> tuple[CellBound, ...]:
    """The bound of every cell, floats taken as the rationals they are: any mu >= 0 is a valid bound."""
    multipliers = {(bound.cell, bound.orientation): _multipliers(bound, lengths) for bound in found.bounds}
    return tuple(
        CellBound(inside, multipliers.get((place, 1), ()), multipliers.get((place, -1), ()))
        for place, inside in enumerate(cells.inside)
    )


def _multipliers(bound: Bound, lengths: Floats) -> Multipliers:
    pairs = zip(bound.facets, bound.multipliers / lengths[bound.facets], strict=True)
    return tuple((int(point), Fraction(float(mu))) for point, mu in pairs if mu > 0)


def _balanced(certificate: NormCertificate, d: int) -> tuple[float, Floats, Floats]:
    """The norm of the certificate's network; this network in floats, |a_j| = ||w_j||, without NEGLIGIBLE neurons."""
    directions = unit([primitive(w)[0] for w in certificate.w]) if certificate.w else np.empty((0, d))
    # a ||w||, from the largest coordinate of w: an ordinary number where a and w need not be.
    places = np.abs(directions).argmax(axis=1)
    parts = [float(a * w[place]) for a, w, place in zip(certificate.a, certificate.w, places, strict=True)]
    sizes = np.array(parts) / np.take_along_axis(directions, places[:, None], axis=1)[:, 0]
    norm = float(np.abs(sizes).sum())
    kept = np.abs(sizes) > NEGLIGIBLE * norm
    roots = np.sqrt(np.abs(sizes[kept]))
    return norm, np.sign(sizes[kept]) * roots, roots[:, None] * directions[kept]
