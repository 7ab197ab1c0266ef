"""Exact linear algebra of a data set: its rank, whether it is in general position, and its least-squares fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import flint
import numpy as np
from numpy.typing import NDArray

from ..data.dataset import Dataset
from ..data.losses import get_loss

_PRIME = 2**31 - 1
LARGEST_SEARCH = 2 * 10**9
"""Most minors that `general_position` looks at."""


@dataclass(frozen=True)
class LeastSquares:
    """The linear map <beta*, x> that fits the labels best, of least norm when several do.

    `coefficients` are rational, shape (d,); `residuals` r_k = y_k - <beta*, x_k> and `labels`, shape (n,). The fit is
    the least-squares one whatever the loss; `loss_name` says which loss is reported.
    """

    coefficients: tuple[Fraction, ...]
    residuals: tuple[Fraction, ...]
    labels: tuple[Fraction, ...]
    loss_name: str

    @cached_property
    def loss(self) -> float:
        """(1/n) sum_k l(<beta*, x_k>, y_k)."""
        labels = np.array([float(label) for label in self.labels])
        predictions = np.array([float(y - r) for y, r in zip(self.labels, self.residuals, strict=True)])
        return float(np.mean(get_loss(self.loss_name).value(predictions, labels)))


def rank(data: Dataset) -> int:
    """The rank of the inputs, in exact arithmetic."""
    return int(_matrix(data.inputs).rank())


def least_squares(data: Dataset, loss: str = "square") -> LeastSquares:
    """The exact least-squares fit beta* of theory.md 5; of least norm when the inputs are dependent.

    Every minimiser of least norm is C^T gamma with C a basis of rows of X, where C X^T X C^T gamma = C X^T y has one
    solution: beta* is rational.
    """
    x, y = _matrix(data.inputs), _matrix([[label] for label in data.labels])
    basis = _row_basis(x)
    gram = basis * (x.transpose() * x) * basis.transpose()
    solution = basis.transpose() * gram.solve(basis * (x.transpose() * y))
    fitted = x * solution
    coefficients = tuple(_fraction(solution[i, 0]) for i in range(data.d))
    residuals = tuple(_fraction(y[k, 0] - fitted[k, 0]) for k in range(data.n))
    return LeastSquares(coefficients, residuals, data.labels, loss)


class _GivenUp(Exception):
    """The search for dependent points was given up."""


def general_position(data: Dataset, given_up: Callable[[], bool] = lambda: False) -> bool | None:
    """Whether every min(n, d) points are linearly independent, exactly; None when that is too much to search.

    Minors are computed modulo a prime: a non-zero residue proves independence, a zero one is decided by an exact rank.
    The search costs about n^2 C(n, d-2) operations and is not begun beyond `LARGEST_SEARCH`; it ends when `given_up`,
    which is asked often, says so.
    """
    if data.n <= data.d:
        return rank(data) == data.n
    if data.d == 1:
        return True
    if data.n**2 * math.comb(data.n, data.d - 2) > LARGEST_SEARCH:
        return None
    points = [_integer_direction(point) for point in data.inputs]
    residues = np.array([[value % _PRIME for value in point] for point in points], dtype=np.int64)
    suspects = _dependent_modulo_prime(residues, tuple(range(data.n)), given_up)
    try:
        return all(int(flint.fmpz_mat([points[k] for k in suspect]).rank()) == len(suspect) for suspect in suspects)
    except _GivenUp:
        return None


def correlations(data: Dataset) -> tuple[float, float] | None:
    """The least and the largest cosine <x_k, x_l> / (||x_k|| ||x_l||) over k < l; None for a single point."""
    if data.n == 1:
        return None
    directions = data.X / np.linalg.norm(data.X, axis=1, keepdims=True)
    low, high = np.inf, -np.inf
    for k in range(data.n - 1):
        cosines = directions[k + 1 :] @ directions[k]
        low, high = min(low, float(cosines.min())), max(high, float(cosines.max()))
    return min(max(low, -1.0), 1.0), max(min(high, 1.0), -1.0)


def _matrix(rows: object) -> flint.fmpq_mat:
    return flint.fmpq_mat([[flint.fmpq(v.numerator, v.denominator) for v in row] for row in rows])  # type: ignore[attr-defined]


def _fraction(value: flint.fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _row_basis(matrix: flint.fmpq_mat) -> flint.fmpq_mat:
    """The non-zero rows of the reduced echelon form: a basis of the row space."""
    reduced, size = matrix.rref()
    return flint.fmpq_mat([[reduced[i, j] for j in range(matrix.ncols())] for i in range(size)])


def _integer_direction(point: tuple[Fraction, ...]) -> list[int]:
    """The point times the least common denominator: the same direction in integers."""
    common = math.lcm(*(value.denominator for value in point))
    return [int(value * common) for value in point]


def _dependent_modulo_prime(
    residues: NDArray[np.int64], labels: tuple[int, ...], given_up: Callable[[], bool]
) -> Iterator[tuple[int, ...]]:
    """All minimal sets of at most d of the points `residues` (n, d) that are dependent modulo the prime, by label.

    Projects along each point in turn; what is dependent with it is dependent after the projection. Raises _GivenUp.
    """
    count, d = residues.shape
    if d == 2:
        for k in range(count - 1):
            first, later = residues[k], residues[k + 1 :]
            minors = (first[0] * later[:, 1] % _PRIME - first[1] * later[:, 0] % _PRIME) % _PRIME
            for other in np.flatnonzero(minors == 0):
                yield labels[k], labels[k + 1 + int(other)]
        return
    for k in range(count - d + 1):
        if given_up():
            raise _GivenUp
        pivot = residues[k]
        columns = np.flatnonzero(pivot)
        if not columns.size:
            yield (labels[k],)
            continue
        column = int(columns[0])
        factors = residues[k + 1 :, column] * pow(int(pivot[column]), -1, _PRIME) % _PRIME
        projected = (residues[k + 1 :] - factors[:, None] * pivot % _PRIME) % _PRIME
        for rest in _dependent_modulo_prime(np.delete(projected, column, axis=1), labels[k + 1 :], given_up):
            yield labels[k], *rest
