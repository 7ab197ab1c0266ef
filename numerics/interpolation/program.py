"""The convex program of theory.md 6.4 over all cells, solved in floats; nothing here is trusted (`certificate.py`)."""

from __future__ import annotations

import warnings
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats

if TYPE_CHECKING:
    from scipy import sparse


TOLERANCES = (1e-11, 1e-8)
"""Asked of the solver in turn: its default, the second, would show in the bracket, but some programs fail at the first.
Where it only gets stuck before, it says so and its last iterate serves."""


class ConvexSolverMissing(ImportError):
    """CVXPY or Clarabel is not installed; the message names the extra that brings them."""


class ConvexSolverFailed(RuntimeError):
    """The solver returned no solution; the message holds its status."""


def solve_program(x: Floats, y: Floats, signs: NDArray[np.int8], facets: NDArray[np.bool_], leak: float) -> Floats:
    """The dual vector nu (n,) of the program over all cells, in floats.

    The program: minimise sum_u ||v_u|| + ||v'_u|| subject to sum_u diag(A_u) x (v_u - v'_u) = y, v_u and v'_u in the
    closure of cell u. `x` (n, d) and `y` (n,) should be of size 1, for tolerances are absolute. `signs` and `facets`
    (c, n) are as in `Cells`: only the inequalities of facets are kept, which imply the others. Raises
    ConvexSolverMissing and ConvexSolverFailed.
    """
    cvxpy = _cvxpy()
    count, d = len(signs), x.shape[1]
    v = cvxpy.Variable((2 * count, d))
    lengths = cvxpy.Variable(2 * count)
    flat = cvxpy.vec(v, order="C")
    interpolate = _outputs(x, signs, leak) @ flat == y
    in_cells = _heights(x, signs, facets) @ flat >= 0
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum(lengths)), [interpolate, in_cells, cvxpy.SOC(lengths, v, axis=1)])
    for tolerance in TOLERANCES:
        if _solved(cvxpy, problem, tolerance) and interpolate.dual_value is not None:
            break
    else:
        raise ConvexSolverFailed(f"the convex program was not solved; the solver's status is {problem.status}")
    # CVXPY adds <dual, left - right> to the objective, so that its multiplier is -nu.
    return np.asarray(-interpolate.dual_value)


def _solved(cvxpy: Any, problem: Any, tolerance: float) -> bool:
    with warnings.catch_warnings():
        # The bracket says better how accurate it is.
        warnings.filterwarnings("ignore", message="Solution may be inaccurate")
        try:
            problem.solve(solver=cvxpy.CLARABEL, tol_gap_abs=tolerance, tol_gap_rel=tolerance, tol_feas=tolerance)
        except cvxpy.error.SolverError:
            return False
    return True


def _cvxpy() -> Any:
    if any(find_spec(package) is None for package in ("cvxpy", "clarabel")):
        raise ConvexSolverMissing(
            "the convex program needs the packages cvxpy and clarabel: install the extra `convex` of this distribution"
        )
    return import_module("cvxpy")


def _outputs(x: Floats, signs: NDArray[np.int8], leak: float) -> sparse.csr_array:
    """The outputs on the data (n, 2 c d): diag(A_u) x for each v_u, its opposite for each v'_u."""
    from scipy import sparse

    slopes = np.where(signs > 0, 1.0, leak)
    blocks = (slopes.T[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    return sparse.csr_array(np.hstack([blocks, -blocks]))


def _heights(x: Floats, signs: NDArray[np.int8], facets: NDArray[np.bool_]) -> sparse.csr_array:
    """s_k <v_u, x_k> (2 f, 2 c d) for the f facets k of all cells u, for the v_u and for the v'_u."""
    from scipy import sparse

    d = x.shape[1]
    cell, point = np.nonzero(facets)
    values = signs[cell, point][:, None] * x[point]
    rows = np.repeat(np.arange(len(cell)), d)
    columns = (cell[:, None] * d + np.arange(d)).ravel()
    once = sparse.csr_array((values.ravel(), (rows, columns)), shape=(len(cell), len(signs) * d))
    return sparse.csr_array(sparse.block_diag([once, once]))
