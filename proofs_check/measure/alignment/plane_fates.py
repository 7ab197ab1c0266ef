"""What the evidence of `alignment.plane-fates` measures (theory.md 10.5)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import flint
import numpy as np
import sympy
from sympy import Basic, Rational, Symbol

from ....numerics.data.dataset import Dataset
from ....numerics.data.network import Network
from ....numerics.data.problem import Problem
from ....numerics.frozen.alignment import Fate, frozen_alignment
from ....numerics.frozen.plane_basins import BITS, Ending, Piece, PlaneFlow, Transit, cross, inner
from ....theory import model
from ....theory.alignment import plane
from ....theory.formal.balls import enclose
from ....theory.formal.derivation import Goal, at_least
from ...cases.flow.hand_calculations import EPS
from ...cases.strategies import FlowCase, Neurons, flow_cases
from ...claim.draws import assume, st
from ...claim.evidence import Certificate, Margin, Run
from ...claim.statement import Predicate
from ...kinds.rechecks import AtPoint
from ..trajectories import worst

PINNED = Dataset(
    ((Fraction(0), Fraction(1)), (Fraction(1, 10), Fraction(1)), (Fraction(1), Fraction(1))),
    (Fraction(-3), Fraction(3), Fraction(-1)),
)
"""The example of theory.md 3.9, where neurons with a > 0 are pinned or dead."""


def plane_cases() -> st.SearchStrategy[FlowCase]:
    """Balanced neurons in the plane; parallel points, labels 0 and orthogonal points occur."""
    return flow_cases(n=(1, 5), d=(2, 2), width=(1, 3), kinds=("balanced",))


HELD_FROM_ONE_SIDE = Dataset(((Fraction(1), Fraction(0)), (Fraction(-1), Fraction(1))), (Fraction(-1), Fraction(-1)))
"""With a > 0 and w at (0, 1) the slope 1 at the first point makes the drift (0, -1/2); on either side w turns
clockwise, at a rate that tends to 0 at (0, 1) on the far side."""


def special_cases() -> tuple[FlowCase, ...]:
    """A neuron that is pinned, one that never moves, and one that is pinned to a ray from one side only."""
    starts = ((PINNED, (31, 1)), (PINNED, (-32, -32)), (HELD_FROM_ONE_SIDE, (-4, 20)))
    return tuple(
        FlowCase(
            data,
            "square",
            Fraction(0),
            Neurons((Fraction(1),), ((Fraction(start[0], 32), Fraction(start[1], 32)),)),
            Fraction(1),
        )
        for data, start in starts
    )


def obligations(statement: Predicate) -> Iterator[Goal]:
    """The angle as a scalar equation, its rest points, and the time of a transit."""
    yield from plane.arc_goals()
    yield from plane.turning_goals(statement["signed"])
    yield from plane.rest_goals()
    yield from plane.jump_goals(plane.JUMP)
    growths = {fate: statement[f"growth_{fate}"] * plane.norm for fate in (plane.EXTREMAL, plane.PINNED)}
    yield from plane.held_goals(growths, statement["fates"])
    yield from plane.transit_goals(statement["transit"])


def ended_as_the_frozen_flow_does(statement: Predicate, case: FlowCase) -> Margin:
    """Exact endings of every neuron beside the frozen flow in floating-point numbers: fate, drift and arrival."""
    flow = PlaneFlow(case.problem)
    _, _, a, w = case.arrays
    frozen = frozen_alignment(case.problem, Network(a, w))
    compared = []
    for neuron, start in enumerate(case.start.weights):
        ending = flow.ending(1 if case.start.ratios[neuron] > 0 else -1, (start[0], start[1]))
        if ending.fate == Fate.UNDETERMINED:
            continue
        where = {"neuron": neuron, "fate": ending.fate.name, "found": str(frozen.fate_names[neuron])}
        if ending.fate.name.lower() not in statement["fates"]:
            return Margin(1.0, 0.0, "a fate that is not stated", where)
        if frozen.fate[neuron] != ending.fate:
            return Margin(1.0, 0.0, "the same fate", where)
        drift = np.array([float(value) for value in ending.drift])
        size = float(np.max(np.abs(case.data.X))) * float(np.max(np.abs(case.data.y)))
        compared.append(Margin(float(np.max(np.abs(frozen.drift[neuron] - drift))), 64 * EPS * size, "rounding of D"))
        arrival = ending.arrival()
        assert arrival is not None
        gap = abs(float(frozen.last_event_time[neuron]) - float(arrival.mid()))
        compared.append(Margin(gap, _rounding(ending, float(arrival.mid())), "rounding of each direction", where))
    assume(compared)
    return worst(*compared)


def _rounding(ending: Ending, arrival: float) -> float:
    """How far rounding moves the arrival: some roundings of the angle at both ends of a transit, over the rate |F|."""
    total = 8 * EPS * arrival
    for transit in ending.transits:
        for ray in (transit.first, transit.last):
            rate = abs(float(cross(ray, transit.drift))) / float(inner(ray, ray)) ** 0.5
            total += 32 * EPS / rate
    return total


def transits_are_integrals(statement: Predicate, case: FlowCase) -> Margin:
    """The stated time of every transit beside the integral of d(angle)/(sign(a) F), both as balls."""
    flow = PlaneFlow(case.problem)
    endings = [
        flow.ending(1 if ratio > 0 else -1, (start[0], start[1]))
        for ratio, start in zip(case.start.ratios, case.start.weights, strict=True)
    ]
    transits = [transit for ending in endings for transit in ending.transits]
    assume(transits)
    with flint.ctx.workprec(BITS):
        gaps = [_stated_time(statement, transit) - _integral(transit) for transit in transits]
    return worst(*(Margin(abs(float(gap.mid())), float(gap.rad()), "the radii of the balls") for gap in gaps))


def _stated_time(statement: Predicate, transit: Transit) -> flint.arb:
    values = []
    for ray in (transit.first, transit.last):
        length = sympy.sqrt(_rational(inner(ray, ray)))
        place = {
            plane.along: _rational(transit.sign * inner(ray, transit.drift)) / length,
            plane.across: _rational(abs(cross(ray, transit.drift))) / length,
            plane.norm: sympy.sqrt(_rational(inner(transit.drift, transit.drift))),
        }
        values.append(enclose(statement["transit"].xreplace(place), {}, BITS))
    return values[1] - values[0]


def _integral(transit: Transit) -> flint.arb:
    """The integral over the angle from the first to the last direction, which are less than half a turn apart."""
    first, drift = (tuple(_ball(value) for value in ray) for ray in (transit.first, transit.drift))
    turn = flint.arb.atan2(_ball(cross(transit.first, transit.last)), _ball(inner(transit.first, transit.last)))
    begin = flint.arb.atan2(first[1], first[0])

    def slowness(angle: flint.acb, _: bool) -> flint.acb:
        return transit.sign / (drift[1] * angle.cos() - drift[0] * angle.sin())

    return flint.acb.integral(slowness, flint.acb(begin), flint.acb(begin + turn)).real


def _ball(value: Fraction) -> flint.arb:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


def _rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


def certified_pieces(statement: Predicate, run: Run) -> Certificate:
    """The pieces of the circle for published and random data, each with its pattern, drift and sign of F.

    A piece is at most half a turn: signs at its ends and in its middle decide those of <w, x_k> and F inside of it.
    """
    problems = [Problem(Dataset.published(name)) for name in ("three-points", "non-orthogonal-toy")]
    problems += [Problem(PINNED), Problem(PINNED, leak=Fraction(1, 4))]
    problems += [_random_problem(run.rng) for _ in range(run.choose(3, 30))]
    rechecks: list[AtPoint] = []
    for problem in problems:
        flow = PlaneFlow(problem)
        pieces = tuple(item for piece in flow.pieces for item in _of_a_piece(problem, piece))
        for sign in (1, -1):
            for basin in flow.basins(sign):
                if basin.fate.name.lower() not in statement["fates"]:
                    where = {"x": problem.data.inputs, "y": problem.data.labels, "sign of a": sign}
                    found = {"direction": basin.direction or basin.first, "fate": basin.fate.name.lower()}
                    return Certificate(len(problems), "a fate that is not stated", where | found, rechecks=pieces)
        rechecks += pieces
    return Certificate(len(problems), "pieces with one pattern and one sign of F", rechecks=tuple(rechecks))


_V, _X, _D = (tuple(Symbol(f"{name}{axis}", real=True) for axis in (1, 2)) for name in ("v", "x", "D"))


def _of_a_piece(problem: Problem, piece: Piece) -> Iterator[AtPoint]:
    """<v, x_k> and F at the ends (not of the wrong sign) and in the middle (of the right one); D from the slopes."""
    middle = _middle(piece)
    seen, rate = _V[0] * _X[0] + _V[1] * _X[1], _V[0] * _D[1] - _V[1] * _D[0]
    total = [sympy.S.Zero, sympy.S.Zero]
    for x, pull in zip(problem.data.inputs, problem.pulls_at_zero, strict=True):
        height = middle[0] * x[0] + middle[1] * x[1]
        side = 1 if height > 0 else -1
        yield from _signs(side * seen, _at(_X, x), piece, middle)
        slope = model.branch_slope(side).subs(model.leak, _rational(problem.leak))
        total = [value + slope * _rational(pull * entry) for value, entry in zip(total, x, strict=True)]
    drift = _at(_D, piece.drift)
    for symbol, value in zip(_D, total, strict=True):
        yield AtPoint(sympy.Eq(problem.data.n * symbol, value, evaluate=False), {symbol: drift[symbol]})
    yield AtPoint(at_least(_V[0] * _X[1] - _V[1] * _X[0], 0), _at(_V, piece.start) | _at(_X, piece.end))
    if piece.turning:
        yield from _signs(piece.turning * rate, drift, piece, middle)


def _signs(
    value: sympy.Expr, place: dict[Symbol, Fraction], piece: Piece, middle: tuple[Fraction, Fraction]
) -> Iterator[AtPoint]:
    relations: list[tuple[Basic, tuple[Fraction, Fraction]]] = [
        (at_least(value, 0), piece.start),
        (sympy.Gt(value, 0, evaluate=False), middle),
        (at_least(value, 0), piece.end),
    ]
    for relation, ray in relations:
        yield AtPoint(relation, place | _at(_V, ray))


def _at(symbols: tuple[Symbol, ...], values: tuple[Fraction, ...]) -> dict[Symbol, Fraction]:
    return dict(zip(symbols, values, strict=True))


def _middle(piece: Piece) -> tuple[Fraction, Fraction]:
    if cross(piece.start, piece.end) == 0:
        return -piece.start[1], piece.start[0]
    return piece.start[0] + piece.end[0], piece.start[1] + piece.end[1]


def _random_problem(rng: np.random.Generator) -> Problem:
    """Two to six points with odd coordinates, no two parallel, and a leak that may be 0."""
    count = int(rng.integers(2, 7))
    inputs: list[tuple[Fraction, ...]] = []
    while len(inputs) < count:
        x = tuple(Fraction(2 * int(value) + 1, 8) for value in rng.integers(-8, 8, 2))
        if all(cross((x[0], x[1]), (u[0], u[1])) for u in inputs):
            inputs.append(x)
    labels = tuple(Fraction(2 * int(value) + 1, 8) for value in rng.integers(-8, 8, count))
    return Problem(Dataset(tuple(inputs), labels), leak=Fraction(int(rng.integers(0, 4)), 4))
