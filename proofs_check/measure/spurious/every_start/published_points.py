"""What the evidence of `spurious.published-points` decides (theory.md 9.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import sympy
from sympy import Basic, Expr, Rational, Symbol

from .....numerics.certify.data_only.certificate import certify_three_points
from .....numerics.certify.errors import Undecided
from .....numerics.certify.every_start.certificate import certify_every_start
from .....numerics.certify.every_start.constants import StartBounds
from .....numerics.data.dataset import Dataset
from .....theory.formal.derivation import at_least
from .....theory.spurious import three_points as points
from .....theory.spurious.every_start import cone_condition
from .....theory.spurious.sharp import SYMBOLS
from ....claim.evidence import Certificate
from ....claim.statement import Predicate
from ....kinds.rechecks import AtPoint, EveryStartEndsAtLeastSquares, exact
from ....recheck import Rejected, recheck_every_start

Vector = tuple[Expr, Expr]
INTERPOLATING = (
    (Fraction(1, 2), Fraction(0), Fraction(1, 5)),
    (Fraction(3), Fraction(-20, 9), Fraction(-4, 3)),
    (Fraction(3, 2), Fraction(56, 39), Fraction(56, 195)),
)
"""Neurons (a, w_1, w_2) that fit the published points: dominated, a > 0, none on a hyperplane."""
A, SIZE = Symbol("a", real=True), Symbol("C0", positive=True)


def theorem_a_on_the_published_points(statement: Predicate) -> Certificate:
    """Condition (C) in the stated cone, and a certificate of Theorem A with at least the stated lambda_0."""
    data = Dataset.published("three-points")
    found = _start_without_a_live_neuron(statement, data) or _large_start_that_fits(statement, data)
    if found is not None:
        return found
    place = _place(data)
    rechecks: list[AtPoint | EveryStartEndsAtLeastSquares] = []
    for ray, stated in zip(statement["rays"], statement["numbers"], strict=True):
        number, relations = _facet(ray, data)
        value = number.xreplace(place)
        if value != exact(stated) or value <= 0:
            where = {"ray": ray, "the number of (C)": Fraction(int(value.p), int(value.q))}
            fails = _at(sympy.Ne(number, exact(stated), evaluate=False) if value > 0 else number <= 0, place)
            checks = () if value > 0 else (fails,)
            return Certificate(1, "(C) does not hold at this facet as stated", where, rechecks=checks)
        rechecks += [_at(relation, place) for relation in relations]
    bound = statement["bound"]
    for delta, stated in ((statement["delta"], statement["exponent"]), (Fraction(0), statement["any_angle"])):
        text = _proved(data, delta, bound)
        try:
            exponent = recheck_every_start(text).exponent
        except Rejected as reason:
            return Certificate(1, "", undecided=f"the certificate is rejected: {reason}")
        if exponent != stated:
            return Certificate(1, "", undecided=f"the certificate gives lambda_0 = 10^-{exponent}")
        rechecks.append(EveryStartEndsAtLeastSquares(text, data.inputs, data.labels, exponent, delta, bound))
    return Certificate(2, "(C) holds, and both certificates are accepted", rechecks=tuple(rechecks))


def _place(data: Dataset) -> dict[Symbol, Rational]:
    numbers = [value for x in data.inputs for value in x] + list(data.labels)
    return {symbol: exact(value) for symbol, value in zip(SYMBOLS, numbers, strict=True)}


def _at(relation: Basic, place: dict[Symbol, Rational]) -> AtPoint:
    return AtPoint(relation, {symbol: place[symbol] for symbol in relation.free_symbols if isinstance(symbol, Symbol)})


def _facet(ray: tuple[int, int], data: Dataset) -> tuple[Expr, list[Basic]]:
    """The number of (C) for the facet of the ray e, and what has to hold there.

    v is orthogonal to e with <b, v> > 0. The ray lies in the closure of K, <b, e> > 0, and <b, v> and the number are
    positive. The cone between two such rays, one on each side of b, then lies in the closure of K.
    """
    e = (sympy.Integer(ray[0]), sympy.Integer(ray[1]))
    b = points.drift((1, 2, 3))
    turn = 1 if cone_condition.along(b, (-e[1], e[0])).xreplace(_place(data)) > 0 else -1
    v = (-turn * e[1], turn * e[0])
    number = cone_condition.number(v, e) / points.N**2
    inside = [at_least(cone_condition.along(e, x), 0) for x in points.inputs]
    positive = (cone_condition.along(b, e), cone_condition.along(b, v), number)
    return number, [*inside, *(sympy.Gt(value, 0, evaluate=False) for value in positive)]


def _start_without_a_live_neuron(statement: Predicate, data: Dataset) -> Certificate | None:
    """One neuron a = -lambda, w = lambda (0, 1), where the statement admits it: h <= 0 for all times.

    cos(theta) = <w, b>/(|a| ||b||) <= (1 - delta^2)/(1 + delta^2), since the neuron is active on all points.
    """
    if statement["live"]:
        return None
    place, delta = _place(data) | {A: Rational(-1)}, exact(statement["delta"])
    b = points.drift((1, 2, 3))
    cosine = (1 - delta**2) / (1 + delta**2)
    admitted = (A < 0, sympy.Le(b[1] ** 2, cosine**2 * (b[0] ** 2 + b[1] ** 2), evaluate=False))
    fit = (points.determinant(), *(points.prediction(k) for k in (1, 2, 3)))
    relations = (*admitted, *(sympy.Gt(value, 0, evaluate=False) for value in fit))
    where = {"a": "-lambda", "w": ("0", "lambda")}
    checks = tuple(_at(relation, place) for relation in relations)
    return Certificate(1, "h <= 0 for all times, and every prediction is positive", where, rechecks=checks)


def _large_start_that_fits(statement: Predicate, data: Dataset) -> Certificate | None:
    """A start with loss 0, where lambda_0 is so large that it is admitted: it never moves."""
    size = sum((a * a for a, *_ in INTERPOLATING), Fraction(0))
    power = min(statement["exponent"], statement["any_angle"])
    ratio = size / statement["bound"]
    if power > 0 or ratio**power.denominator > Fraction(10) ** (-2 * power.numerator):
        return None
    outputs = [
        sum((a * max(u * x[0] + v * x[1], Fraction(0)) for a, u, v in INTERPOLATING), Fraction(0)) for x in data.inputs
    ]
    heights = [u * x[0] + v * x[1] for _, u, v in INTERPOLATING for x in data.inputs]
    dominated = all(a > 0 and a * a >= u * u + v * v for a, u, v in INTERPOLATING)
    if tuple(outputs) != data.labels or not dominated or 0 in heights:
        return Certificate(1, "", undecided="the start that should fit the points does not")
    return Certificate(1, "a start of this size with loss 0 stays where it is", {"neurons": INTERPOLATING})


@cache
def _proved(data: Dataset, delta: Fraction, bound: Fraction) -> str:
    """The prover's file, of Theorem A' where delta is 0; Undecided without one."""
    if delta == 0:
        return json.dumps(certify_three_points(data, bound).to_json())
    return json.dumps(certify_every_start(data, StartBounds(delta, bound)).to_json())


def other_data() -> Iterator[Dataset]:
    """The centre of T(1/6), data next to the corner where (C) fails first, two points on a line, and points in space.

    Next to the corner the barrier of step (2b) decides eta_2. In space there are 3, 5 and 33 points: three, and small
    positive combinations of these.
    """
    twelfths = [(Fraction(u, 12), Fraction(v, 12)) for u, v in ((-11, 13), (0, 12), (11, 13))]
    yield Dataset(tuple(twelfths), (Fraction(13, 12), Fraction(1, 12), Fraction(13, 12)))
    e = Fraction(198, 1000)
    yield Dataset(((e - 1, Fraction(1)), (-e, 1 + e), (1 - e, 1 + e)), (Fraction(1), e / 200, 1 + e))
    yield Dataset(((Fraction(1),), (Fraction(2),)), (Fraction(1), Fraction(3)))
    tenths = ((10, 2, 1), (2, 10, 2), (1, 2, 10))
    basis = [tuple(Fraction(entry, 10) for entry in row) for row in tenths]
    for count in (3, 5, 33):
        inputs, labels = list(basis), [Fraction(1)] * 3
        for k in range(1, count - 2):
            shares = (Fraction(7 * k % 11 + 1, 160), Fraction(5 * k % 13 + 1, 160), Fraction(3 * k % 7 + 1, 160))
            point = tuple(
                sum((s * row[i] for s, row in zip(shares, basis, strict=True)), Fraction(0)) for i in range(3)
            )
            inputs.append(point)
            labels.append(sum(point, Fraction(0)) * Fraction(9 + k % 3, 10))
        yield Dataset(tuple(inputs), tuple(labels))


def other_certificates() -> Certificate:
    """The certificates of `other_data`, and those of Theorem A' for three points; in the last case many cells."""
    proved: list[EveryStartEndsAtLeastSquares] = []
    delta, bound = StartBounds().delta, StartBounds().bound
    cases = [(data, delta) for data in other_data()]
    cases += [(data, Fraction(0)) for data in other_data() if (data.n, data.d) == (3, 2)]
    for data, chosen in cases:
        try:
            text = _proved(data, chosen, bound)
            exponent = recheck_every_start(text).exponent
        except (Undecided, Rejected) as reason:
            return Certificate(len(proved) + 1, "", undecided=f"{data.n} points in dimension {data.d}: {reason}")
        proved.append(EveryStartEndsAtLeastSquares(text, data.inputs, data.labels, exponent, chosen, bound))
    return Certificate(len(proved), "every certificate is accepted", rechecks=tuple(proved))
