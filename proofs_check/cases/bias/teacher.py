"""Data labelled by one neuron, with every point within an angle of it, and a small start (theory.md 6).

Everything is exact: the angle is decided by squares of rationals, and the labels are the teacher's values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ....numerics.oracles.rational import inner
from ...claim.draws import composite, st
from ..classification.correlated import moved
from ..early.early_starts import EarlyStart
from ..strategies import Array, Point, points, signed_eighths


def within(point: Point, axis: Point, cosine_squared: Fraction) -> bool:
    """Whether the angle between two points is acute and its cosine squared is larger than the one given."""
    product = inner(point, axis)
    return product > 0 and product**2 > cosine_squared * inner(point, point) * inner(axis, axis)


def teacher_data(teacher: Point, cloud: Sequence[Point], cosine_squared: Fraction) -> Dataset:
    """Each point moved towards v until cos(v, x)^2 exceeds the one stated; y_k = <v, x_k> = sigma(<v, x_k>)."""
    inputs = [moved([point], teacher, lambda one: within(one[0], teacher, cosine_squared))[0] for point in cloud]
    return Dataset(tuple(inputs), tuple(inner(teacher, point) for point in inputs))


@dataclass(frozen=True)
class TeacherCase:
    """A teacher v, points before they are moved towards it, and a balanced start.

    `share` is epsilon as a share of the largest allowed, `below` the same of lambda.
    """

    teacher: Point
    cloud: tuple[Point, ...]
    width: int
    seed: int
    share: Fraction
    below: Fraction

    def early_start(self, cosine_squared: Fraction, largest_epsilon: Fraction) -> EarlyStart:
        """Data within the angle of this cosine, and the start."""
        data, epsilon = teacher_data(self.teacher, self.cloud, cosine_squared), self.share * largest_epsilon
        return EarlyStart(data, "square", Fraction(0), self.width, "balanced", self.seed, epsilon, self.below)


SHARES = (Fraction(1, 4), Fraction(1, 2), Fraction(15, 16), Fraction(15, 16))


@composite
def teacher_cases(draw: st.DrawFn) -> TeacherCase:
    """One to six points in R^2 or R^3; lambda down to 10^-20 of the largest allowed."""
    d = draw(st.integers(2, 3))
    return TeacherCase(
        teacher=draw(points(d)),
        cloud=tuple(draw(st.lists(points(d), min_size=1, max_size=6))),
        width=draw(st.one_of(st.integers(1, 6), st.integers(7, 60))),
        seed=draw(st.integers(0, 10**6)),
        share=draw(st.sampled_from(SHARES)),
        below=Fraction(1, 10 ** draw(st.integers(0, 20))),
    )


def random_teacher_case(rng: np.random.Generator) -> TeacherCase:
    """The same for checks that draw their own: d to d + 2 points in R^2 or R^3, widths 8 to 40."""
    d = int(rng.integers(2, 4))
    cloud = tuple(map(tuple, signed_eighths(rng, 1, (d + int(rng.integers(0, 3)), d))))
    teacher: Point = tuple(signed_eighths(rng, 1, (d,)))
    width, seed = int(rng.integers(8, 41)), int(rng.integers(0, 10**6))
    return TeacherCase(teacher, cloud, width, seed, Fraction(1, 2), Fraction(1))


def eigenvalues_of(X: Array) -> Array:
    """The positive eigenvalues of H = X^T X / n in increasing order."""
    return np.asarray(np.linalg.eigvalsh(X.T @ X / len(X)), dtype=float)[-int(np.linalg.matrix_rank(X)) :]
