"""Starts of the flow: every neuron's initial weights, drawn from a stated seed or read from a file (theory.md 7)."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..rounding import balanced_allowance
from .table import Table, read_table

KINDS = ("balanced", "dominated", "unbalanced")
LARGEST_WIDTH = 10**7
"""Most neurons that are drawn: some gigabytes of weights and fates."""
SMALLEST_SCALE, LARGEST_SCALE = 1e-280, 1e100
"""Of 10^7 neurons drawn at the scale lambda the smallest is some 1e-12 lambda, and doubles have all their digits down
to 1e-292 (`flow.simulation.SMALLEST_NEURON`)."""


@dataclass(frozen=True)
class Start:
    """A network to start from: output weights `a` (m,) and input weights `w` (m, d), and where they come from.

    `kind` is balanced (|a_j| = ||w_j||), dominated (|a_j| >= ||w_j||) or unbalanced (neither: outside the theory).
    `scale` is lambda, None for a file that does not say; `seed` is None for a file. `symmetrised` says that the second
    half are the neurons of the first half with -a.
    """

    a: NDArray[np.float64]
    w: NDArray[np.float64]
    kind: str
    scale: float | None
    seed: int | None
    symmetrised: bool = False

    @property
    def width(self) -> int:
        """The number of neurons m."""
        return len(self.a)

    @property
    def within_theory(self) -> bool:
        """Whether every neuron is dominated, as theory.md 2.2 and all that follows it assume."""
        return self.kind != "unbalanced"

    @property
    def c0(self) -> float | None:
        """c0 = S(0) / lambda^2 = (1/m) sum of squared unscaled output weights; None without a scale (theory.md 1)."""
        return None if self.scale is None else float(np.sum((self.a / self.scale) ** 2))

    def symmetrise(self) -> Start:
        """The first half of the neurons, and each of them again with -a: the output is 0 at every input.

        Raises InputError for an odd width.
        """
        half = check_even(self.width) // 2
        a, w = self.a[:half], self.w[:half]
        return replace(self, a=np.concatenate([a, -a]), w=np.concatenate([w, w]), symmetrised=True)

    def times(self, factor: float) -> Start:
        """The start with all weights multiplied by a factor; raises InputError where its scale leaves the range."""
        scale = None if self.scale is None else factor * self.scale
        if scale is not None:
            _check_scale(scale)
        return replace(self, a=factor * self.a, w=factor * self.w, scale=scale)

    def check_dimension(self, d: int) -> None:
        """Raise InputError unless the neurons live in R^d, as the data do."""
        if self.w.shape[1] != d:
            raise InputError(f"the start has dimension {self.w.shape[1]}, but the data have dimension {d}")

    @classmethod
    def from_csv(cls, source: str | os.PathLike[str] | TextIO, d: int, *, scale: float | None = None) -> Start:
        """Read a start file: header a,w1,..,wd, one neuron a row; the weights are used as they stand.

        `scale` is the lambda the file was drawn with; it is not applied to the weights and serves c0 only. Raises
        InputError, with row and column, for everything a table refuses, for another header, and for zero weights.
        """
        table = read_table(source)
        expected = ("a", *(f"w{i + 1}" for i in range(d)))
        if table.header != expected:
            found = ",".join(table.header)
            raise InputError(
                f"{table.source}: the header is {found[:60]!r}; for d = {d} it must be {','.join(expected)}"
            )
        for row, (a, *w) in enumerate(table.rows):
            if a == 0:
                raise InputError(f"{table.place(row, 0)}: the output weight is 0; it must be positive or negative")
            if not any(w):
                raise InputError(
                    f"{table.place(row)}, columns 2 to {d + 1}: all input weights are 0; a neuron needs a direction"
                )
        rows = np.array([[float(value) for value in row] for row in table.rows])
        if scale is not None:
            _check_scale(scale)
        return cls(rows[:, 0].copy(), rows[:, 1:].copy(), _kind(table, d), scale, None)


def make_start(width: int, scale: float, seed: int, kind: str = "balanced", d: int = 2) -> Start:
    """Draw a start of `width` neurons in dimension `d` at scale lambda = `scale` (theory.md 7).

    balanced: w ~ N(0, (lambda^2/m) I), a = +-||w||; dominated: entries of w uniform in +-lambda/sqrt(m),
    a = +-sqrt(d) lambda/sqrt(m); unbalanced: all entries N(0, lambda^2/m). The generator is
    numpy.random.default_rng(seed): first w, row by row, then the signs of a (or a itself when unbalanced). The unscaled
    draw does not depend on the scale. Raises InputError for an impossible width, scale, seed, dimension or kind.
    """
    check_start(width, scale, seed, kind, d)
    rng = np.random.default_rng(seed)
    unscaled_w = rng.uniform(-1.0, 1.0, (width, d)) if kind == "dominated" else rng.standard_normal((width, d))
    if kind == "unbalanced":
        unscaled_a = rng.standard_normal(width)
    else:
        signs = 2.0 * rng.integers(0, 2, width) - 1.0
        size = np.linalg.norm(unscaled_w, axis=1) if kind == "balanced" else np.full(width, np.sqrt(d))
        unscaled_a = signs * size
    factor = scale / np.sqrt(width)
    return Start(factor * unscaled_a, factor * unscaled_w, kind, float(scale), int(seed))


def check_start(width: int, scale: float, seed: int, kind: str, d: int = 2) -> None:
    """Raise InputError, as `make_start` does, without drawing anything."""
    if not 1 <= width <= LARGEST_WIDTH:
        raise InputError(f"the width is {width}; it must be between 1 and {LARGEST_WIDTH}")
    if d < 1:
        raise InputError(f"the dimension is {d}; it must be at least 1")
    if seed < 0:
        raise InputError(f"the seed is {seed}; it must be 0 or larger")
    if kind not in KINDS:
        raise InputError(f"there is no start named {kind!r}; the starts are {', '.join(KINDS)}, or a FILE.csv")
    _check_scale(scale)


def check_even(width: int) -> int:
    """The width of a start that is symmetrised; InputError where it is odd."""
    if width % 2:
        raise InputError(f"the width of a symmetrised start is {width}; it must be even, as neurons come in pairs")
    return width


def _check_scale(scale: float) -> None:
    if not SMALLEST_SCALE <= scale <= LARGEST_SCALE:
        raise InputError(
            f"the scale is {scale:g}; it must be positive, between {SMALLEST_SCALE:g} and {LARGEST_SCALE:g}"
        )


def _kind(table: Table, d: int) -> str:
    """The kind of start the rows are, in exact arithmetic: a balanced start that was written out stays balanced."""
    allowance = Fraction(balanced_allowance(d))
    balanced = True
    for a, *w in table.rows:
        square, excess = sum(v * v for v in w), a * a - sum(v * v for v in w)
        if excess < -allowance * square:
            return "unbalanced"
        balanced = balanced and excess <= allowance * square
    return "balanced" if balanced else "dominated"
