"""Random cases for property checks: data sets, starts and flows, as frozen dataclasses whose repr can be pasted.

All numbers are dyadic rationals with few bits, so that a case is exact as Fractions and as floats alike, and sums of
products of a few of them are exact too: no neuron starts on a hyperplane by a rounding error, nor off it by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from ...numerics.data.dataset import Dataset
from ...numerics.data.losses import get_loss, lipschitz_losses
from ...numerics.data.problem import Problem
from ..claim.draws import composite, st

Array = NDArray[np.float64]
Point = tuple[Fraction, ...]

LEAKS = (Fraction(0), Fraction(1, 8), Fraction(1, 2), Fraction(7, 8))
"""ReLU, a little leak, half, and almost linear."""

KINDS = ("balanced", "dominated", "undominated")


@dataclass(frozen=True)
class Neurons:
    """A start of m neurons: w_j as it stands, and a_j = ratio_j ||w_j||, so that balanced means a ratio of +-1.

    `ratios` has m entries, `weights` m points of R^d; dominated means |ratio| >= 1.
    """

    ratios: Point
    weights: tuple[Point, ...]

    @cached_property
    def w(self) -> Array:
        """Inner weights (m, d), the exact values."""
        return np.array(self.weights, dtype=float)

    @cached_property
    def a(self) -> Array:
        """Output weights (m,), rounded once: a norm is seldom rational."""
        return np.array(self.ratios, dtype=float) * np.linalg.norm(self.w, axis=1)


class FlowOptions(TypedDict):
    """Keyword arguments of `reference_flow` that a case decides."""

    loss: str
    leak: float


@dataclass(frozen=True)
class ProblemCase:
    """Data, loss and leak apart, so that a search can make each of them simpler; other cases derive from it."""

    data: Dataset
    loss: str
    leak: Fraction

    @property
    def problem(self) -> Problem:
        """The three together."""
        return Problem(self.data, self.loss, self.leak)


@dataclass(frozen=True)
class FlowCase(ProblemCase):
    """A whole flow: a problem, a start and the final time."""

    start: Neurons
    time: Fraction

    @property
    def arrays(self) -> tuple[Array, Array, Array, Array]:
        """X (n, d), y (n,), a (m,), w (m, d): the first arguments of `reference_flow`."""
        return self.data.X, self.data.y, self.start.a, self.start.w

    @property
    def options(self) -> FlowOptions:
        """Loss and leak: the keyword arguments of `reference_flow`."""
        return {"loss": self.loss, "leak": float(self.leak)}


def signed_eighths(rng: np.random.Generator, low: int, shape: tuple[int, ...]) -> NDArray[np.object_]:
    """Fractions of either sign with sizes low/8 to 2, for checks that draw their own data."""
    whole = rng.integers(low, 17, size=shape) * rng.choice((-1, 1), size=shape)
    return np.array([Fraction(int(value), 8) for value in whole.ravel()], dtype=object).reshape(shape)


def dyadic(low: int, high: int, denominator: int = 8) -> st.SearchStrategy[Fraction]:
    """Multiples of 1/denominator, a power of two, in [low, high]; they shrink towards 0."""
    return st.integers(low * denominator, high * denominator).map(lambda value: Fraction(value, denominator))


def points(d: int, size: int = 2, denominator: int = 8) -> st.SearchStrategy[Point]:
    """Non-zero points of R^d with coordinates in [-size, size]."""
    return st.tuples(*[dyadic(-size, size, denominator)] * d).filter(any)


@composite
def datasets(
    draw: st.DrawFn,
    n: tuple[int, int] = (2, 5),
    d: tuple[int, int] = (1, 3),
    loss: str = "square",
    special: bool = True,
) -> Dataset:
    """Data sets with n points in R^d, n and d drawn from closed ranges, labels of both signs once there are two points.

    The inputs are pairwise non-parallel unless `special`, which may add a parallel or opposite copy of a point. For the
    square loss labels lie in [-4, 4] and may be 0 from the third point on; for the others they are +-1.
    """
    dimension, count = draw(st.integers(*d)), draw(st.integers(*n))
    unique = None if dimension == 1 else _direction
    inputs = draw(st.lists(points(dimension), min_size=count, max_size=count, unique_by=unique))
    if special and count > 1 and draw(st.booleans()):
        factor = draw(st.sampled_from((Fraction(1), Fraction(-1), Fraction(2), Fraction(-1, 2))))
        inputs[-1] = tuple(factor * value for value in inputs[0])
    allowed = get_loss(loss).labels
    sizes = dyadic(-4, 4) if allowed is None else st.sampled_from(allowed)
    labels = draw(st.lists(sizes, min_size=count, max_size=count))
    first_sign = draw(st.sampled_from((1, -1)))
    for index, sign in zip(range(min(count, 2)), (first_sign, -first_sign), strict=False):
        labels[index] = sign * (abs(labels[index]) or Fraction(1))
    return Dataset(tuple(inputs), tuple(labels))


def _direction(point: Point) -> Point:
    """The same for parallel points, opposite ones included: divided by the first non-zero coordinate."""
    pivot = next(value for value in point if value)
    return tuple(value / pivot for value in point)


def sliding_datasets() -> st.SearchStrategy[Dataset]:
    """Plane data on which a > 0 neurons between the first two points slide, then cling to the second: theory.md 3.9.

    x = (0, s, 1) with bias, a strongly negative label, a strongly positive one beside it and a weak negative one.
    """
    return st.builds(
        lambda step, low, high, last: Dataset(
            ((Fraction(0), Fraction(1)), (step, Fraction(1)), (Fraction(1), Fraction(1))), (-low, high, -last)
        ),
        st.sampled_from((Fraction(1, 8), Fraction(1, 4))),
        st.sampled_from((Fraction(5, 2), Fraction(3), Fraction(7, 2))),
        st.sampled_from((Fraction(5, 2), Fraction(3), Fraction(7, 2))),
        st.sampled_from((Fraction(3, 4), Fraction(1), Fraction(5, 4))),
    )


def ratios(kind: str) -> st.SearchStrategy[Fraction]:
    """a/||w||: +-1 when balanced, 1 to 3 in size when dominated (equality possible), less than 1 when undominated."""
    size = {
        "balanced": st.just(Fraction(1)),
        "dominated": st.integers(8, 24).map(lambda value: Fraction(value, 8)),
        "undominated": st.integers(1, 7).map(lambda value: Fraction(value, 8)),
    }[kind]
    return st.builds(lambda sign, value: sign * value, st.sampled_from((1, -1)), size)


def weights(data: Dataset, size: int = 1) -> st.SearchStrategy[Point]:
    """Inner weights in [-size, size]^d that lie on no data hyperplane: a regular start.

    Odd multiples of 1/32, which seldom are orthogonal to a point.
    """
    odd = st.integers(-16 * size, 16 * size - 1).map(lambda value: Fraction(2 * value + 1, 32))
    return st.tuples(*[odd] * data.d).filter(lambda w: all(_product(w, x) for x in data.inputs))


def _product(first: Point, second: Point) -> Fraction:
    return sum((p * q for p, q in zip(first, second, strict=True)), Fraction(0))


@composite
def neurons(draw: st.DrawFn, data: Dataset, width: tuple[int, int] = (1, 3), kind: str = "dominated") -> Neurons:
    """Starts of a width from a closed range, regular for the data, all of one kind: see `ratios`."""
    count = draw(st.integers(*width))
    chosen = tuple(draw(weights(data)) for _ in range(count))
    return Neurons(tuple(draw(ratios(kind)) for _ in range(count)), chosen)


@composite
def flow_cases(
    draw: st.DrawFn,
    n: tuple[int, int] = (2, 4),
    d: tuple[int, int] = (1, 3),
    width: tuple[int, int] = (1, 3),
    kinds: tuple[str, ...] = KINDS,
    losses: tuple[str, ...] | None = None,
    leaks: tuple[Fraction, ...] = LEAKS,
    longest: int = 4,
) -> FlowCase:
    """Flows over [0, time] with 1/2 <= time <= longest; one in four square-loss ReLU flows is on sliding data.

    The losses are by default those with a constant kappa: others can begin with pulls of any size, so that the error of
    a flow is not bounded beforehand.
    """
    loss = draw(st.sampled_from(lipschitz_losses() if losses is None else losses))
    leak = draw(st.sampled_from(leaks))
    slides = loss == "square" and leak == 0 and d[0] <= 2 <= d[1] and draw(st.integers(0, 3)) == 3
    data = draw(sliding_datasets() if slides else datasets(n, d, loss))
    start = draw(neurons(data, width, draw(st.sampled_from(kinds))))
    return FlowCase(data, loss, leak, start, draw(dyadic(0, longest, 2).map(lambda value: max(value, Fraction(1, 2)))))


RATIOS = {"dominated": (-12, -8, -8, 8, 8, 12), "any": (-12, -8, -4, 4, 8, 12)}
"""Eighths from which `scattered` draws a/||w||: balanced and dominated, or undominated as well."""


def scattered(
    seed: int,
    loss: str,
    leak: Fraction,
    thirds: int,
    n: tuple[int, int] = (3, 8),
    width: tuple[int, int] = (2, 4),
    kind: str = "dominated",
) -> FlowCase:
    """A few neurons and points with mixed labels in 5 to 30 dimensions, all from one seed; numbers from closed ranges.

    There the engine and the frozen flow follow neurons one by one, and most of them slide, on several hyperplanes at
    once. In a third of the time they grow by e or so at most, at the rate (1/n) sum |y_k| ||x_k||.
    """
    rng = np.random.default_rng(seed)
    count, d, m = (int(rng.integers(low, high + 1)) for low, high in (n, (5, 30), width))
    data = _scattered_points(rng, count, d, loss)
    sizes = rng.choice(RATIOS[kind], m)
    places = 2 * rng.integers(-16, 16, (m, d)) + 1
    weights = tuple(tuple(Fraction(int(value), 128) for value in row) for row in places)
    rate = float(np.mean(np.abs(data.y) * np.linalg.norm(data.X, axis=1)))
    time = Fraction(thirds * max(1, round(128 / rate)), 128)
    return FlowCase(data, loss, leak, Neurons(tuple(Fraction(int(size), 8) for size in sizes), weights), time)


def _scattered_points(rng: np.random.Generator, n: int, d: int, loss: str) -> Dataset:
    """Points of R^d with coordinates of either sign up to 2, and labels of either sign, 1 to 2 where they are free."""
    labels = signed_eighths(rng, 8, (n,)) if get_loss(loss).labels is None else rng.choice((-1, 1), n)
    return Dataset(tuple(map(tuple, signed_eighths(rng, 1, (n, d)))), tuple(map(Fraction, labels.tolist())))


def points_in_many_dimensions(seed: int, n: tuple[int, int], loss: str) -> Dataset:
    """Data with mixed labels in 5 to 30 dimensions from a seed, the number of points from a closed range."""
    rng = np.random.default_rng(seed)
    return _scattered_points(rng, int(rng.integers(n[0], n[1] + 1)), int(rng.integers(5, 31)), loss)


def in_many_dimensions(
    n: tuple[int, int] = (3, 8), width: tuple[int, int] = (2, 4), kind: str = "dominated", longest: int = 3
) -> st.SearchStrategy[FlowCase]:
    """Flows from seeds, see `scattered`; they last `longest` thirds at most."""
    return st.builds(
        scattered,
        st.integers(0, 10**6),
        st.sampled_from(lipschitz_losses()),
        st.sampled_from(LEAKS[:2]),
        st.integers(1, longest),
        st.just(n),
        st.just(width),
        st.just(kind),
    )


def in_any_dimension(
    n: tuple[int, int] = (2, 4),
    d: tuple[int, int] = (1, 3),
    width: tuple[int, int] = (1, 3),
    kinds: tuple[str, ...] = KINDS,
    longest: int = 4,
) -> st.SearchStrategy[FlowCase]:
    """As `flow_cases`; one case in three is in 5 to 30 dimensions, dominated or, where `kinds` has all, of any kind."""
    small = flow_cases(n, d, width, kinds, longest=longest)
    return st.one_of(small, small, in_many_dimensions(n, width, "any" if "undominated" in kinds else "dominated"))


@composite
def leaving_flows(draw: st.DrawFn) -> FlowCase:
    """A neuron that slides and later leaves, as the pulls change: theory.md 2.6.

    Two balanced neurons start almost together. The one with a > 0 slides on the second point's hyperplane, whose label
    is strongly negative, until the other has fitted that label.
    """
    data = Dataset(
        tuple((Fraction(x), Fraction(y)) for x, y in (("-15/8", "-1/2"), ("3/8", "1/8"), ("-9/8", "-7/8"))),
        (Fraction(9, 8), Fraction(-9, 4), Fraction(-5, 4)),
    )
    shift = st.integers(-3, 3).map(lambda value: Fraction(value, 16))
    place = st.tuples(shift, shift).map(lambda moved: (Fraction(17, 32) + moved[0], Fraction(-29, 32) + moved[1]))
    regular = place.filter(lambda w: all(_product(w, x) for x in data.inputs))
    places = (draw(regular), draw(regular))
    return FlowCase(data, "square", Fraction(0), Neurons((Fraction(1), Fraction(-1)), places), Fraction(4))


@composite
def near_corners(draw: st.DrawFn) -> FlowCase:
    """A neuron with a > 0 that crosses two planes all but together, one 2^-11 to 2^-20 of the way after the other.

    The third point drives it towards both: the drift is (-2, -2, 6)/3 at first.
    """
    rows, labels = ((1, 0, 0), (0, 1, 0), (-1, -1, 2)), (1, 1, 3)
    data = Dataset(tuple(tuple(map(Fraction, row)) for row in rows), tuple(map(Fraction, labels)))
    height = Fraction(draw(st.integers(2, 6)), 16)
    later = height * (1 + Fraction(1, 2 ** draw(st.integers(11, 20))))
    place = draw(st.permutations((height, later)))
    return FlowCase(data, "square", Fraction(0), Neurons((Fraction(1),), ((*place, Fraction(1)),)), Fraction(4))


@composite
def leaving_in_space(draw: st.DrawFn, halvings: int = 0) -> FlowCase:
    """A neuron with a < 0 that slides on a plane at h = 0, meets another one there, and leaves the first.

    On a ray in the plane nothing else can be met: to leave a face while the pulls stay takes three dimensions. The
    neuron is balanced, or its |a| is 16 or 64 times ||w||; `halvings` scale it by a power of 1/2.
    """
    rows = ((0, -1, 2), (-2, -1, -1), (2, 1, -1), (-2, -1, 2))
    labels = tuple(map(Fraction, (4, -1, 3, 1)))
    data = Dataset(tuple(tuple(map(Fraction, row)) for row in rows), labels)
    shift = st.integers(-2, 2).map(lambda value: Fraction(value, 32))
    place = tuple((Fraction(value, 64) + draw(shift)) / 2**halvings for value in (33, -39, 35))
    ratio = -Fraction(draw(st.sampled_from((1, 16, 64))))
    return FlowCase(data, "square", Fraction(0), Neurons((ratio,), (place,)), Fraction(4))
