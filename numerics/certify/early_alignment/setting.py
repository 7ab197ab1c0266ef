"""What early alignment is certified for: a rational problem and unscaled start, and bounds of the drift."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, TextIO

from ....theory import model
from ...data.problem import Problem
from ...data.table import read_table
from ...errors import InputError
from ...extremal.longest_drift import longest_drift
from ...geometry.hyperplanes import merge_points
from ...geometry.integers import span_coordinates
from ...rounding import balanced_allowance
from ..errors import Undecided
from ..every_start.cone import dot
from ..instance import LARGEST_POINTS, norm_above

Vector = tuple[Fraction, ...]
LARGEST_WIDTH = 10_000


@dataclass(frozen=True)
class UnscaledNeuron:
    """(a, w) before it is multiplied by lambda/sqrt(m), with |a| >= ||w|| and a != 0."""

    a: Fraction
    w: Vector

    @property
    def sign(self) -> int:
        """The sign of a."""
        return 1 if self.a > 0 else -1

    @property
    def balanced(self) -> bool:
        """Whether |a| = ||w|| exactly."""
        return self.a * self.a == dot(self.w, self.w)


@dataclass(frozen=True)
class UnscaledStart:
    """The neurons, the half width of the box around each of their coordinates, and where they come from."""

    neurons: tuple[UnscaledNeuron, ...]
    box: Fraction
    note: str

    @property
    def bound(self) -> Fraction:
        """The largest c_0 = (1/m) sum a_j^2 of a start in the box."""
        return sum(((abs(neuron.a) + self.box) ** 2 for neuron in self.neurons), Fraction(0)) / len(self.neurons)


def read_unscaled_start(source: str | os.PathLike[str] | TextIO, box: Fraction = Fraction(0)) -> UnscaledStart:
    """The numbers of a start file as they are written; the caller has read it with `Start.from_csv` before."""
    table = read_table(source)
    return unscaled_start([(row[0], row[1:]) for row in table.rows], box, f"from {table.source}")


def unscaled_start(
    rows: Sequence[tuple[Fraction, Sequence[Fraction]]], box: Fraction = Fraction(0), note: str = ""
) -> UnscaledStart:
    """A start from (a, w) in rationals; |a| is raised to ||w|| where it is below by rounding only.

    Undecided for a neuron that is not dominated, InputError for a box of negative size.
    """
    if box < 0:
        raise InputError(f"the box has half width {box}; it must be 0 or greater")
    if len(rows) > LARGEST_WIDTH:
        raise Undecided(f"the start has {len(rows)} neurons; a certificate holds at most {LARGEST_WIDTH}")
    raised, neurons = 0, []
    for j, (a, w) in enumerate(rows, 1):
        square = dot(w, w)
        if a == 0 or a * a < (1 - Fraction(balanced_allowance(len(w)))) * square:
            raise Undecided(f"neuron {j} is not dominated: |a| = {abs(float(a)):.6g} < ||w||")
        if a * a < square:
            raised += 1
            a = norm_above(square) * (1 if a > 0 else -1)
        neurons.append(UnscaledNeuron(a, tuple(w)))
    if raised:
        note += f"; |a| raised to at least ||w|| by rounding up, relative 2^-64, in {raised} neurons"
    return UnscaledStart(tuple(neurons), box, note)


@dataclass(frozen=True)
class Setting:
    """The data with the pulls p_k(0), the leak, and the start."""

    problem: Problem
    start: UnscaledStart
    known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """The cells that were met (`cells.Cell.of`)."""

    def __post_init__(self) -> None:
        data, loss = self.problem.data, self.problem.loss
        if model.LOSSES[loss].kappa.is_infinite:
            raise InputError(
                f"the pull of the {loss} loss has no Lipschitz constant kappa, which a certificate of early alignment "
                "needs; choose another loss"
            )
        if data.n > LARGEST_POINTS:
            raise Undecided(f"there are {data.n} points; a certificate holds at most {LARGEST_POINTS}")
        if not any(self.pulls):
            raise Undecided("every label is 0, so that D_max = 0 and there is no early phase")

    @cached_property
    def points(self) -> tuple[Vector, ...]:
        """The inputs."""
        return self.problem.data.inputs

    @cached_property
    def pulls(self) -> tuple[Fraction, ...]:
        """p_k(0)."""
        return self.problem.pulls_at_zero

    @property
    def leak(self) -> Fraction:
        """The slope for negative input."""
        return self.problem.leak

    @cached_property
    def squares(self) -> tuple[Fraction, ...]:
        """||x_k||^2."""
        return tuple(dot(x, x) for x in self.points)

    @cached_property
    def mean_square(self) -> Fraction:
        """R_2."""
        return sum(self.squares, Fraction(0)) / len(self.squares)

    @cached_property
    def kappa(self) -> Fraction:
        """The Lipschitz constant of the pull."""
        kappa = model.LOSSES[self.problem.loss].kappa
        return Fraction(int(kappa.p), int(kappa.q))

    @cached_property
    def strength(self) -> Fraction:
        """kappa R_2 c_0: at the time t the drift deviates by at most this times lambda^2 e^{2 D_max t}."""
        return self.kappa * self.mean_square * self.start.bound

    @cached_property
    def norm_square(self) -> Fraction:
        """D_max^2."""
        spanned = span_coordinates(merge_points(self.points, self.pulls, self.leak))
        drift, settled = longest_drift(spanned)
        if not settled:
            raise Undecided("D_max could not be determined exactly")
        longest = spanned.lift(drift)
        return dot(longest, longest)

    @cached_property
    def parallel(self) -> tuple[frozenset[int], ...]:
        """For each point the points with the same hyperplane, itself included."""
        order = range(len(self.points))
        return tuple(
            frozenset(j for j in order if dot(self.points[k], self.points[j]) ** 2 == self.squares[k] * self.squares[j])
            for k in order
        )
