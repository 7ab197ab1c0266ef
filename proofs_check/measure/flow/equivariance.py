"""What the evidence of `flow.equivariance` measures (theory.md 2.7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...cases.flow.equivariance import Symmetry
from ...claim.draws import assume
from ...claim.evidence import Margin
from ...claim.statement import Predicate
from ..trajectories import DERIVATION, Array, Trajectory, follow, solve

Start = tuple[Array, Array]


@dataclass(frozen=True)
class Image:
    """What the statement says is a flow as well: problem, solver options, the times, and how (a, w) is mapped."""

    problem: tuple[Array, Array, Array, Array]
    times: Array
    map: Callable[[Array, Array], Start]
    multiple: float = 1.0


def image_beside_the_flow(statement: Predicate, symmetry: Symmetry) -> Margin:
    """The mapped trajectory beside the reference on the mapped problem."""
    case = symmetry.case
    times = np.linspace(0.0, float(case.time), 17)
    base = follow(case, times)
    image = _IMAGES[symmetry.name](statement, symmetry, times)
    points, _, _, neurons = image.problem
    assume(np.all(neurons @ points.T != 0))  # a start that is turned alone may come to lie on a hyperplane
    other = solve(*image.problem, image.times, multiple=image.multiple, **case.options)
    (a, w), (b, v) = image.map(base.fine.a, base.fine.w), (other.fine.a, other.fine.w)
    gap = max(float(np.max(np.abs(a - b))), float(np.max(np.abs(w - v))))
    allowed = _error(base) + _error(other)
    return Margin(gap, allowed, f"of both flows: {DERIVATION}", {"transformation": symmetry.name})


def _error(trajectory: Trajectory) -> float:
    return trajectory.error(lambda a, w: np.concatenate([a[..., None], w], axis=-1))


def _rotated(statement: Predicate, symmetry: Symmetry, times: Array) -> Image:
    X, y, a, w = symmetry.case.arrays
    Q = symmetry.orthogonal()
    points = X @ Q.T if statement["rotated"] else X
    return Image((points, y, a, w @ Q.T), times, lambda a, w: (a, w @ Q.T))


def _reordered(statement: Predicate, symmetry: Symmetry, times: Array) -> Image:
    X, y, a, w = symmetry.case.arrays
    rng = np.random.default_rng(symmetry.seed)
    points, neurons = rng.permutation(len(y)), rng.permutation(len(a))
    problem = (X[points], y[points], a[neurons], w[neurons])
    return Image(problem, times, lambda a, w: (a[..., neurons], w[..., neurons, :]))


def _split(statement: Predicate, symmetry: Symmetry, times: Array) -> Image:
    X, y, a, w = symmetry.case.arrays
    chosen = symmetry.seed % len(a)

    def with_copies(a: Array, w: Array) -> Start:
        share = np.ones(a.shape[-1])
        share[chosen] = statement["copy"]
        a, w = a * share, w * share[:, None]
        copies = a[..., chosen : chosen + 1], w[..., chosen : chosen + 1, :]
        return np.concatenate([a, copies[0]], axis=-1), np.concatenate([w, copies[1]], axis=-2)

    return Image((X, y, *with_copies(a, w)), times, with_copies)


def _multiplied(statement: Predicate, symmetry: Symmetry, times: Array) -> Image:
    factor = float(symmetry.factor)
    return Image(symmetry.case.arrays, times / factor ** statement["clock"], lambda a, w: (a, w), factor)


def _repeated(statement: Predicate, symmetry: Symmetry, times: Array) -> Image:
    X, y, a, w = symmetry.case.arrays
    return Image((np.tile(X, (2, 1)), np.tile(y, 2), a, w), times, lambda a, w: (a, w))


_IMAGES: dict[str, Callable[[Predicate, Symmetry, Array], Image]] = {
    "split": _split,
    "multiplied": _multiplied,
    "rotated": _rotated,
    "reordered": _reordered,
    "repeated": _repeated,
}
