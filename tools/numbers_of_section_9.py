"""The numbers of section 9 of docs/theory.md: every width and every start."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

import numpy as np
from numbers_of_section_8 import AT_THE_FIT, SEED, irreducible_factor, published_points
from stated_numbers import Number
from theory_statistics import cubic, positive_somewhere

from early_alignment import (
    Dataset,
    Network,
    Simulation,
    Start,
    certify_by_limit_path,
    certify_every_start,
    certify_three_points,
    least_squares,
    make_start,
    reference_flow,
    simulate,
)
from early_alignment.numerics.certify.every_start.activation import Activation, activation_square, active_cells
from early_alignment.numerics.certify.every_start.cone import Facet, LinearFit, dot, hull_of, linear_fit_of, times
from early_alignment.numerics.certify.every_start.constants import (
    XIS,
    ZETAS,
    DataConstants,
    StartBounds,
    constants_of,
    data_constants,
)
from early_alignment.numerics.certify.every_start.death import death_of
from early_alignment.numerics.certify.instance import ball, rational_above, rational_below
from early_alignment.numerics.certify.path.curve import limit_path
from early_alignment.proofs_check.cases.spurious.every_start.limit_paths import LEAVING, OUTSIDE
from early_alignment.proofs_check.cases.spurious.every_start.repellers import RepellerCase
from early_alignment.proofs_check.cases.spurious.three_points import random_three_points
from early_alignment.proofs_check.claims.spurious.every_start.extra_condition import LABELS, POINTS
from early_alignment.proofs_check.measure.published.unbalanced import centre
from early_alignment.theory.positivity.algebraic import ETA
from early_alignment.theory.positivity.bernstein import coefficients
from early_alignment.theory.spurious.every_start import cone_condition
from early_alignment.theory.spurious.sharp import RANGES

Array = np.ndarray
OFF_THE_HYPERPLANE = 1e-9
"""A dead neuron rests on a hyperplane up to rounding; a live one has a larger sine than this."""
IN_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven")
PUBLISHED_NORMALS = ((-3, 4), (40, 17))
"""The normals of the cone of item 9.1 for the published points."""


@cache
def published_fit() -> LinearFit:
    """The linear fit of the published points."""
    return linear_fit_of(published_points())


def cone_number(fit: LinearFit, v: Sequence[int], e: Sequence[int]) -> Fraction:
    """<b, v> <e, He> - 2 <b, e> <He, v>: positive if and only if (C) holds on the ray of e, where <b, v> > 0."""
    ray = [Fraction(entry) for entry in e]
    image = times(fit.H, ray)
    return dot(fit.b, v) * dot(ray, image) - 2 * dot(fit.b, ray) * dot(image, v)


def cones() -> Iterator[Number]:
    """Item 9.1: where (C) holds."""
    verify = "verify spurious.cone-condition"
    root = cone_condition.LARGEST
    digits = r"0.198554787131588\dots"
    yield Number("9.1", r"$\eta_C$", digits, (Decimal(root.decimal(18)),), verify)
    quote = "2e^7+4e^6-16e^5-22e^4+41e^3+27e^2-37e+6"
    computed = irreducible_factor(cone_condition.at_first_failure(), root)
    yield Number("9.1", r"polynomial of $\eta_C$, from the corner", quote, (computed,), verify)
    table = coefficients(cone_condition.excess(), RANGES, ETA)[1]
    yield Number("9.1", "Bernstein coefficients behind (C) on the box", "51,200", (len(table),), verify)
    yield Number("9.1", r"rays with (C) next to the corner of $T(\frac15)$", "no ray", (_rays_at_the_corner(),))
    fit, verify = published_fit(), "verify spurious.published-points"
    closure = cone_number(fit, (1, 8), (-8, 1))
    yield Number("9.1", "number of (C) at $x_3$", r"-\frac{6413}{180}", (closure,), verify)
    first, second = (cone_number(fit, v, e) for v, e in zip(PUBLISHED_NORMALS, ((4, 3), (-17, 40)), strict=True))
    yield Number("9.1", "number of (C) at $(4,3)$", r"\frac{5011}{1440} = 3.4799", (first, first), verify)
    yield Number("9.1", "number of (C) at $(-17,40)$", r"\frac{6187291}{2880} = 2148.36", (second, second), verify)
    heights = tuple(dot(fit.b, v) for v in PUBLISHED_NORMALS)
    yield Number("9.1", r"$\langle b,v\rangle$ at both", r"\frac{413}{120}$ and $1", heights, verify)


def _rays_at_the_corner() -> str:
    """Whether (C) holds on a ray between the facet of x_1 and b, for data in T(1/5) next to the corner of item 9.1."""
    e = Fraction(1, 5)
    data = Dataset(((e - 1, Fraction(1)), (-e, 1 + e), (1 - e, 1 + e)), (Fraction(1), Fraction(1, 1000), 1 + e))
    return "a ray" if positive_somewhere(cubic(linear_fit_of(data), data.inputs[0])) else "no ray"


def _known(fit: LinearFit) -> DataConstants:
    """The constants for delta = 1/10 and C_0 = 1."""
    return data_constants(fit, StartBounds(Fraction(1, 10), Fraction(1)))


def _crude_time(fit: LinearFit) -> float:
    """T_a of step (1a) of the proof: the largest 2 ||x_l||/c_l."""
    x, y, n = fit.data.inputs, fit.data.labels, fit.data.n
    rates = [min(y[k] * dot(x[k], x[j]) / n for k in range(n) if k != j) for j in range(n)]
    return max(2 * math.sqrt(dot(point, point)) / float(rate) for point, rate in zip(x, rates, strict=True))


def _by_the_proof(fit: LinearFit) -> DataConstants:
    """Those of phase 1 as in the proof, with zeta = xi = 1/2 and the crude T_a, in place of all that are tried."""
    known, half = _known(fit), Fraction(1, 2)
    squares = zip(fit.data.labels, fit.data.inputs, strict=True)
    size = rational_below(ball(min(y * y / dot(x, x) for y, x in squares)).sqrt() / 2)
    crude = Activation(half, size, rational_above(ball(Fraction(_crude_time(fit) * (1 + 1e-12)))))
    death = death_of(fit, known.start.delta, active_cells(fit))
    return replace(known, activations=(crude,) * len(ZETAS), deaths=(death,) * len(XIS))


def _narrow_facets(fit: LinearFit) -> list[Facet]:
    """The cone of item 9.1 for the published points."""
    return [Facet(fit, point, Fraction(0), normal) for point, normal in zip((0, 2), PUBLISHED_NORMALS, strict=True)]


def _closure_facets(fit: LinearFit) -> list[Facet]:
    """The closure of K."""
    hull = hull_of(fit)
    return [hull.facet(i, Fraction(0)) for i in range(len(hull.members))]


def thresholds() -> Iterator[Number]:
    """Item 9.1: lambda_0 in full, with C_0 = 1 and delta = 1/10."""
    verify = "verify spurious.published-points"
    certify = "certify --every-start --condition C"
    middle = linear_fit_of(centre())
    for fit, facets, name, crude, proof, sharper, searched, by_path in (
        (published_fit(), _narrow_facets, "published points", "64.498", "25.187", "8.564", "8.371", "6.758"),
        (middle, _closure_facets, r"centre of $T(\frac16)$", "94.317", "36.869", "8.086", "7.896", "7.213"),
    ):
        yield Number("9.1", f"$T_a$ of the proof, {name}", crude, (_crude_time(fit),))
        cone = facets(fit)
        for what, quote, known in (
            ("times of the proof", proof, _by_the_proof(fit)),
            ("sharper times", sharper, _known(fit)),
        ):
            exponent = -float(constants_of(known, cone).exponent)
            what = rf"$\lambda_0$, {name}, cone of the text, {what}"
            yield Number("9.1", what, f"10^{{-{quote}}}", (exponent,))
        found = -float(certify_every_start(fit.data).constants.exponent)
        command = verify if name == "published points" else certify
        yield Number("9.1", rf"$\lambda_0$, {name}, by (C)", f"10^{{-{searched}}}", (found,), command)
        found = -float(certify_by_limit_path(fit.data).constants.exponent)
        command = "certify --every-start --condition P"
        yield Number("9.1", rf"$\lambda_0$, {name}, by (P')", f"10^{{-{by_path}}}", (found,), command)
    slowest = math.sqrt(activation_square(published_fit(), active_cells(published_fit())))
    yield Number("9.1", r"sharper $T_a$ times $\zeta$, published points", "3.593", (slowest,), certify)


def any_angle() -> Iterator[Number]:
    """Item 9.3: lambda_0 of Theorem A' with C_0 = 1, where neurons with a < 0 may start at any angle."""
    command = "certify --every-start --delta 0"
    for data, name, scale, most in (
        (published_points(), "published points", "51.992", "110.8"),
        (centre(), r"centre of $T(\frac16)$", "17.020", "28.3"),
    ):
        found = certify_three_points(data).constants
        what = rf"$\lambda_0$ of Theorem A', {name}"
        yield Number("9.3", what, f"10^{{-{scale}}}", (-float(found.exponent),), command)
        yield Number("9.3", f"$W$ of Theorem A', {name}", most, (float(found.growth),), command)


def _limit_path(data: Dataset) -> float:
    """The least cosine between the limit path and a point, in floats; the path ends near beta*, in K or not."""
    from scipy.integrate import solve_ivp

    X, H, b = data.X, data.X.T @ data.X / data.n, data.y @ data.X / data.n
    directions = X / np.linalg.norm(X, axis=1)[:, None]

    def field(_: float, beta: Array) -> Array:
        size = float(np.linalg.norm(beta))
        D = b - H @ beta
        return np.asarray(size * D + (D @ beta) / size * beta)

    start = 1e-8 * b / np.linalg.norm(b)
    late = 40 / float(np.linalg.norm(b)) + 60 / float(np.linalg.eigvalsh(H)[0])
    path = solve_ivp(field, (0.0, late), start, "LSODA", rtol=1e-10, atol=1e-14, max_step=late / 2000)
    return float((directions @ path.y / np.linalg.norm(path.y, axis=0)).min())


def _flow(data: Dataset, start: Network | Start, late: float) -> Simulation:
    """The flow up to the time `late`."""
    return simulate(data, start, late, tolerance=1e-10)


def _off_the_fit(data: Dataset, flow: Simulation) -> float:
    """How far the outputs at the end are from the least-squares fit."""
    fit = data.X @ np.array([float(value) for value in least_squares(data).coefficients])
    return float(np.max(np.abs(flow.outputs[-1] - fit)))


def _distance(data: Dataset, start: Network | Start, late: float) -> float:
    """How far the outputs are from the least-squares fit at the time `late`."""
    return _off_the_fit(data, _flow(data, start, late))


def without_the_condition() -> Iterator[Number]:
    """Items 9.1 and 9.2, false neighbours: the limit path leaves K."""
    verify = "verify spurious.every-start"
    residuals = least_squares(OUTSIDE).residuals
    angles = np.arctan2(OUTSIDE.X[:, 1], OUTSIDE.X[:, 0])
    extreme = tuple(residuals[int(k)] for k in (angles.argmin(), angles.argmax()))
    yield Number("9.1", "residuals of the extreme points", "0.2092$ and $0.3929", extreme)
    yield Number("9.1", "least cosine of the limit path", "-0.3109", (_limit_path(OUTSIDE),))
    for power in (4, 6, 8):
        start = make_start(20, 10.0**-power, SEED)
        what = rf"distance from least squares, 20 neurons, $\lambda = 10^{{-{power}}}$"
        yield Number("9.1", what, "0.39289", (_distance(OUTSIDE, start, 4000.0),), verify)
    fit = linear_fit_of(LEAVING)
    lengths = [math.sqrt(dot(x, x) * dot(fit.beta, fit.beta)) for x in LEAVING.inputs]
    least = min(float(h) / size for h, size in zip(fit.outputs, lengths, strict=True))
    verify = "verify spurious.limit-path"
    yield Number("9.2", r"least cosine of $\beta^{\ast}$", "0.027", (least,), verify)
    cosine = limit_path(fit, 1e-6, stays=False).least_cosine
    yield Number("9.2", "least cosine of the limit path", "-0.082", (cosine,), verify)
    for power in (4, 6):
        start = make_start(4, 10.0**-power, SEED, d=3)
        what = rf"distance from least squares, 4 neurons, $\lambda = 10^{{-{power}}}$"
        yield Number("9.2", what, "0.0544", (_distance(LEAVING, start, 20_000.0),))


def five_points() -> Iterator[Number]:
    """Item 9.3: the five points that satisfy (C) but not (M)."""
    verify, flows = "verify spurious.extra-condition", "verify spurious.extra-condition-flows"
    data = Dataset(POINTS, LABELS)
    fit, residuals = linear_fit_of(data), least_squares(data).residuals
    for v, e, quote in (((3, 4), (-4, 3), r"\frac{171}{6400}"), ((-5, 6), (6, 5), r"\frac{1589483}{25600}")):
        yield Number("9.3", f"number of (C) at ${e}$", quote, (cone_number(fit, v, e),), verify)
    for k, quote in ((0, r"\frac{9885}{138016}"), (4, r"\frac{11911}{138016}")):
        yield Number("9.3", f"residual at $x_{k + 1}$", quote, (residuals[k],), verify)
    ray = (Fraction(9, 8), Fraction(-1, 4))
    heights = [dot(ray, x) for x in data.inputs]
    values = {
        sum((r * max(side * h, Fraction(0)) for r, h in zip(residuals, heights, strict=True)), Fraction(0)) / data.n
        for side in (1, -1)
    }
    quote = r"-\frac{97827}{2324480} = -0.04209"
    yield Number("9.3", r"$G_r$ at $(\frac98,-\frac14)$ and its negative", quote, (*values, *values), verify)
    value = min(values)
    yield Number("9.3", "$-G_r$ at the unit vector", "0.0365", (-float(value) / math.sqrt(dot(ray, ray)),), flows)
    active = sum((h * h for h in heights if h > 0), Fraction(0)) / data.n
    yield Number("9.3", "the loss falls for $q$ below", r"\frac{391308}{344359}", (-2 * value / active,), verify)
    for scale, angle in ((1e-3, 1e-2), (1e-3, -1e-2), (1e-5, 1e-4), (1e-5, -1e-4)):
        what = rf"distance from least squares, $\lambda = {scale:g}$, angle ${angle:g}$"
        yield Number("9.3", what, "0.567", (_second_neuron(data, scale, angle),), flows)
    below = tuple(_below_the_fit(data, angle) for angle in (1e-2, -1e-2))
    what = "$L(\\beta^{\\ast})-L$ at the time 300, both sides, by an independent integrator"
    yield Number("9.3", what, "0.00109$ and $0.00301", below, flows)
    others = [_second_neuron(data, 1e-3, side * angle) for angle in (1.0, 0.1, 1e-3, 1e-4) for side in (1, -1)]
    what = r"largest distance at the angles $1, 0.1, 0.001, 0.0001$, $\lambda = 0.001$"
    yield Number("9.3", what, "10^{-6}", (math.log10(max(others)),), bound=True)


def _two_neurons(data: Dataset, scale: float, angle: float) -> Network:
    """Two balanced neurons, one along b, and one with a < 0 at an angle from b."""
    axis = data.y @ data.X / np.linalg.norm(data.y @ data.X)
    second = math.cos(angle) * axis + math.sin(angle) * np.array([-axis[1], axis[0]])
    return Network(scale * np.array([1.0, -1.0]), scale * np.array([axis, second]))


def _second_neuron(data: Dataset, scale: float, angle: float) -> float:
    """The distance from least squares at the time 6000 of these two neurons."""
    return _distance(data, _two_neurons(data, scale, angle), 6000.0)


def _below_the_fit(data: Dataset, angle: float) -> float:
    """By how much the loss is below L(beta*) at the time 300, for lambda = 1/1000, by the independent integrator."""
    start = _two_neurons(data, 1e-3, angle)
    flow = reference_flow(data.X, data.y, start.a, start.w, np.array([0.0, 300.0]))
    outputs = flow.a[-1] @ np.maximum(flow.w[-1] @ data.X.T, 0.0)
    residuals = [float(value) for value in least_squares(data).residuals]
    return (float(np.dot(residuals, residuals)) - float(np.sum((outputs - data.y) ** 2))) / (2 * data.n)


def _late(data: Dataset, scale: float) -> float:
    """A time at which a network from this scale has come to the fit."""
    b, slowest = data.y @ data.X / data.n, float(np.linalg.eigvalsh(data.X.T @ data.X / data.n)[0])
    beta = np.array([float(value) for value in least_squares(data).coefficients])
    return 100 + 20 * math.log(1 / scale) / float(np.linalg.norm(b)) + 40 / (slowest * float(np.linalg.norm(beta)))


def published_starts() -> Iterator[Number]:
    """Item 9.1: random starts on the published points, sum a^2 = 10^-6, widths 2 to 100."""
    data, rng = published_points(), np.random.default_rng(SEED)
    found: list[float] = []
    while len(found) < 19:
        width, kind, seed = int(rng.integers(2, 101)), rng.choice(["balanced", "dominated"]), int(rng.integers(10**6))
        start = make_start(width, 1.0, seed, kind)
        if np.any((start.w @ data.X.T > 0).any(axis=1) & (start.a > 0)):
            size = 1e-3 / float(np.linalg.norm(start.a))
            found.append(_distance(data, Network(size * start.a, size * start.w), _late(data, 1e-3)))
    largest = (math.log10(max(found)),)
    yield Number("9.1", "largest error of 19 runs on the published points", "10^{-10}", largest, bound=True)


def next_to_repellers() -> Iterator[Number]:
    """Item 9.3: starts on random data in T(1/6) with neurons a < 0 next to the repellers of cells.

    1 to 7 of them, at angles from 1 to 10^-14, the logarithms uniform; sum a^2 from 10^-10 to 10^-6.
    """
    rng, cells = np.random.default_rng(SEED), ((0,), (0, 1), (0, 1, 2), (1, 2), (2,))
    found, alive = [], 0
    for _ in range(60):
        data, count = random_three_points(rng), int(rng.integers(1, 8))
        chosen = tuple(cells[int(k)] for k in rng.integers(0, len(cells), count))
        angles = tuple((2 * rng.integers(0, 2, count) - 1) * 10 ** rng.uniform(-14, 0, count))
        scale = 10 ** rng.uniform(-5, -3) / math.sqrt(count + 1)
        flow = _flow(data, RepellerCase(data, chosen, angles, scale).start(), _late(data, scale))
        found.append(_off_the_fit(data, flow))
        heights = flow.w @ data.X.T / np.outer(np.linalg.norm(flow.w, axis=1), np.linalg.norm(data.X, axis=1))
        alive = max(alive, int(((flow.a < 0) & (heights > OFF_THE_HYPERPLANE).any(axis=1)).sum()))
    ended = sum(value <= AT_THE_FIT for value in found)
    what, verify = "runs next to repellers that end at least squares", "verify spurious.data-only"
    yield Number("9.3", what, "60 runs", (f"{ended} runs",), verify)
    yield Number("9.3", "largest error of these runs", "10^{-10}", (math.log10(max(found)),), verify, bound=True)
    yield Number("9.3", "most neurons with $a < 0$ alive at the end of one", "three", (IN_WORDS[alive],), verify)
