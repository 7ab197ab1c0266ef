"""Theory.md 2.7: equivariances of the flow.

Theorem. If (a, w)(t) is a flow, so are
(a) (a, Qw)(t) on the inputs Q x_k, for Q orthogonal; (b) the same with points or neurons in another order;
(c) the flow in which a neuron (a_j, w_j) is replaced by two copies of (a_j, w_j)/sqrt(2);
(d) (a, w)(ct) for the loss cL, c > 0; (e) (a, w)(t) on the data set taken twice, as L is a mean.
Hypothesis: the start lies on no hyperplane of the data, where the flow is unique.

Source: this project; elementary.
Tested on random flows with crossings and sliding, each transformed flow beside the reference on the transformed
problem.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ....numerics.data.dataset import Dataset
from ...cases.strategies import FlowCase, Neurons, flow_cases
from ...claim.draws import assume, composite, st
from ...claim.evidence import Margin, property_check
from ...claim.statement import Claim, Mutant, Predicate, Source
from ...measure.trajectories import DERIVATION, Array, Trajectory, follow, solve

STATEMENT = Predicate(
    "equivariance of the flow",
    r"(a, Qw)(t) \text{ on the data } $rotated,\ \text{points or neurons in another order},\ "
    r"$copy\big((a_j, w_j), (a_j, w_j)\big)(t),\ (a, w)($clock)\ \text{under}\ cL,\ "
    r"\text{the data set twice: these are flows again}",
    {"rotated": True, "copy": 1 / math.sqrt(2), "clock": 1},
    words={
        "rotated": {True: "(Qx_k, y_k)", False: "(x_k, y_k)"},
        "copy": {
            1 / math.sqrt(2): r"\tfrac{1}{\sqrt 2}",
            1.0: "",
            (1 + 1e-7) / math.sqrt(2): r"(1 + 10^{-7}) \tfrac{1}{\sqrt 2}",
        },
        "clock": {1: "ct", -1: "t/c"},
    },
)

CLAIM = Claim(
    id="flow.equivariance",
    title="Equivariances: rotations, permutations, splitting a neuron, multiplying the loss, duplicating the data set",
    kind="equality",
    statement=STATEMENT,
    hypotheses=("Q is orthogonal; c > 0; the start lies on no hyperplane of the data (the flow is then unique)",),
    scope="every width, dimension, data set, leak, both losses; crossings and sliding included",
    source=Source("this project", "symmetries of the loss and of its gradient flow", "2.7"),
    needs=("property",),
    mutants=(
        Mutant(
            "splitting without the 1/sqrt(2)",
            STATEMENT.altered(copy=1.0),
            "n = d = m = 1, x = y = a = w = 1, square loss: at rest, as h = 1 = y; with the neuron twice h = 2",
        ),
        Mutant(
            "splitting with 10^-7 more",
            STATEMENT.altered(copy=(1 + 1e-7) / math.sqrt(2)),
            "n = d = m = 1, x = y = a = w = 1, square loss: at rest, as h = 1 = y; split, h = (1 + 10^-7)^2",
        ),
        Mutant(
            "the clock runs the wrong way",
            STATEMENT.altered(clock=-1),
            "n = d = m = 1, x = y = 1, a = w = 1/2, square loss: a' = 3/8, under 2L it is 3/4, not 3/16",
        ),
        Mutant(
            "rotating the neurons alone",
            STATEMENT.altered(rotated=False),
            "n = m = 1, d = 2, x = (1, 0), y = a = 1, w = (1, 1)/2, Q a quarter turn, Qw = (-1, 1)/2: "
            "a' = 1/4, but the turned neuron is inactive and rests",
        ),
    ),
    depends_on=("flow.equations",),
)

Start = tuple[Array, Array]


@dataclass(frozen=True)
class Symmetry:
    """A case, a transformation, and the transformation's own parameters: an orthogonal map, an order, a factor c."""

    case: FlowCase
    name: str
    mirror: tuple[Fraction, ...]
    seed: int
    factor: Fraction

    def orthogonal(self) -> Array:
        """I - 2 v v^T/||v||^2 in the dimension of the data, times -1 for an odd seed."""
        v = np.array([float(value) for value in self.mirror])
        return np.asarray((-1) ** self.seed * (np.eye(len(v)) - 2 * np.outer(v, v) / (v @ v)))


@dataclass(frozen=True)
class Image:
    """What the statement says is a flow as well: problem, solver options, the times, and how (a, w) is mapped."""

    problem: tuple[Array, Array, Array, Array]
    times: Array
    map: Callable[[Array, Array], Start]
    multiple: float = 1.0


@composite
def symmetries(draw: st.DrawFn) -> Symmetry:
    """Random flows with mixed labels, of any kind of start, beside each transformation in turn."""
    case = draw(flow_cases(d=(1, 3), width=(1, 3)))
    component = st.integers(-4, 4).map(Fraction)
    mirror = draw(st.tuples(*[component] * case.data.d).filter(any))
    factor = draw(st.sampled_from((Fraction(1, 4), Fraction(1, 2), Fraction(2), Fraction(3))))
    return Symmetry(case, draw(st.sampled_from(tuple(_IMAGES))), mirror, draw(st.integers(0, 7)), factor)


def cases_by_hand() -> tuple[Symmetry, ...]:
    """A cheap case for each transformation that a mutant alters: like those of `why_false`."""
    line = Dataset(((Fraction(1),),), (Fraction(1),))
    plane = Dataset(((Fraction(1), Fraction(0)),), (Fraction(1),))
    ratios, half = (Fraction(1),), Fraction(1, 2)
    still, growing = (
        FlowCase(line, "square", Fraction(0), Neurons(ratios, ((w,),)), half) for w in (Fraction(1), half)
    )
    turned = FlowCase(plane, "square", Fraction(0), Neurons(ratios, ((half, half),)), half)
    one, two = (Fraction(1),), Fraction(2)
    return (
        Symmetry(still, "split", one, 0, two),
        Symmetry(growing, "multiplied", one, 0, two),
        Symmetry(turned, "rotated", (Fraction(1), Fraction(0)), 0, two),
    )


@property_check(symmetries, quick=17, full=400, edges=cases_by_hand)
def the_image_is_the_flow_of_the_image(statement: Predicate, symmetry: Symmetry) -> Margin:
    """The mapped trajectory beside the reference run on the mapped problem, at 17 times."""
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
