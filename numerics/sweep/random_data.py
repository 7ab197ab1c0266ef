"""Random data sets of stated size and seed: Gaussian inputs, and labels of a teacher."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..data.dataset import Dataset
from ..data.losses import get_loss
from ..errors import InputError

TEACHERS = ("linear", "neurons")
DIGITS = 6
"""Decimals of all that is drawn, so that a data set is exact, and a file of it is short."""
LARGEST_SIZE = 10**6
"""Most numbers n d of the inputs."""
_STREAM = 1
"""Data and starts of the same seed come from different streams; otherwise neurons would start at the points."""


@dataclass(frozen=True)
class RandomData:
    """n = `points` inputs of N(0, I) in R^d, d = `dimension`, with the labels of a teacher.

    linear: y = <v, x> with v uniform on the sphere. neurons: y = sum_i s_i max(0, <v_i, x>)/k over k = `neurons` of
    them, with s_1 = 1 and signs that alternate. Then N(0, noise^2) is added, and a loss whose labels are 1 and -1 takes
    the sign.
    """

    points: int
    dimension: int
    seed: int
    teacher: str = "neurons"
    neurons: int = 1
    noise: float = 0.0

    def check(self) -> None:
        """Raise InputError for sizes, seeds, teachers or noise that make no sense."""
        if self.points < 1 or self.dimension < 1 or self.points * self.dimension > LARGEST_SIZE:
            raise InputError(
                f"{self.points} points in dimension {self.dimension}; both must be at least 1, and their product at "
                f"most {LARGEST_SIZE}"
            )
        if self.seed < 0:
            raise InputError(f"the seed is {self.seed}; it must be 0 or larger")
        if self.teacher not in TEACHERS:
            raise InputError(f"there is no teacher named {self.teacher!r}; the teachers are {', '.join(TEACHERS)}")
        if self.neurons < 1:
            raise InputError(f"the teacher has {self.neurons} neurons; it needs one at least")
        if not 0 <= self.noise < 1e6:
            raise InputError(f"the noise is {self.noise:g}; it must be at least 0 and less than 1e6")

    def draw(self, loss: str, name: str) -> Dataset:
        """The data set, of decimals; InputError for what `check` refuses."""
        self.check()
        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(_STREAM,)))
        inputs = [[_decimal(value) for value in row] for row in rng.standard_normal((self.points, self.dimension))]
        vectors = rng.standard_normal((self.neurons if self.teacher == "neurons" else 1, self.dimension))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        teacher = [[_decimal(value) for value in row] for row in vectors]
        errors = rng.standard_normal(self.points)
        labels = [
            self._output(teacher, point) + _decimal(self.noise * error)
            for point, error in zip(inputs, errors, strict=True)
        ]
        if get_loss(loss).labels is not None:
            labels = [Fraction(1 if label > 0 else -1) for label in labels]
        return Dataset.from_arrays(inputs, labels, loss=loss, name=name)

    def _output(self, teacher: list[list[Fraction]], point: list[Fraction]) -> Fraction:
        heights = [sum((v * x for v, x in zip(vector, point, strict=True)), Fraction(0)) for vector in teacher]
        if self.teacher == "linear":
            return heights[0]
        active = [max(height, Fraction(0)) for height in heights]
        if len(active) == 1:
            return active[0]
        return _decimal(float(sum(active[::2], Fraction(0)) - sum(active[1::2], Fraction(0))) / len(active))


def _decimal(value: float) -> Fraction:
    return Fraction(round(float(value) * 10**DIGITS), 10**DIGITS)
