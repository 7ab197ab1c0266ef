"""What a certificate carries for the runner to decide again, from exact numbers alone.

A certified check finds something out; what it returns counts only as far as the runner itself can repeat it from
the data it is handed: relations at rational points, positivity on boxes by given steps, balls on boxes that fill a
region, certificates of a flow. Floats are refused: a check that rounds certifies nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import flint
import sympy
from sympy import Basic, Expr, Rational, Symbol

from ...theory.formal.balls import NotEnclosed, enclose_over
from ...theory.positivity.algebraic import Root
from ...theory.positivity.bernstein import Range
from ...theory.positivity.prover import NotProved, PositivityStep, Prover
from ..claim.evidence import Recheck
from ..claim.reading import NumericGoal, goal_of

BITS = 128
"""The precision of balls on boxes."""


def faults(rechecks: Sequence[Recheck]) -> list[str]:
    """What does not hold of them, one text each; TypeError for anything but the classes of this module."""
    found = []
    for item in rechecks:
        if not isinstance(item, KINDS):
            raise TypeError(f"a certificate carries points, boxes, balls or flows, not {type(item).__name__}")
        fault = item.fault()
        if fault:
            found.append(fault)
    return found


def exact(value: Any) -> Rational:
    """A number as a SymPy rational; TypeError for a float or anything else that is not exact."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Rational):
        raise TypeError(f"{value!r} is not an exact rational number; a certificate holds no floats")
    return Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else Rational(value)


def _without_floats(expression: Basic) -> None:
    if expression.atoms(sympy.Float):
        raise TypeError(f"{expression} holds a floating-point number; a certificate is exact")


@dataclass(frozen=True)
class AtPoint:
    """The relation holds at the rational point `where`; every symbol of it has a value there."""

    relation: Basic
    where: Mapping[Symbol, Any] = field(default_factory=dict)

    def fault(self) -> str:
        """Decided in rationals, or in balls where the relation is not rational."""
        _without_floats(self.relation)
        values = {symbol: exact(value) for symbol, value in self.where.items()}
        goal = goal_of("relation", self.relation)
        value = goal.expression.xreplace(values)
        if value.free_symbols:
            return f"{self.relation} has symbols without a value: {sorted(map(str, value.free_symbols))}"
        holds = goal.sign.certain(value) if isinstance(value, Rational) else _holds_on(goal, value, {})
        return "" if holds else f"{self.relation} at {dict(self.where)}"


@dataclass(frozen=True)
class PositiveOnBox:
    """`expression` > 0 on the box `ranges`, whose ends move with `parameter`, for all parameters below `largest`.

    With `at_largest` for the largest value too. `largest` None means every positive value.
    """

    expression: Expr
    ranges: tuple[Range, ...]
    parameter: Symbol
    largest: Root | None
    steps: tuple[PositivityStep, ...]
    at_largest: bool = False

    def fault(self) -> str:
        """The steps are replayed (`theory/positivity/prover.py`)."""
        _without_floats(self.expression)
        try:
            sign = Prover(self.ranges, self.parameter, self.largest).prove(self.expression, self.steps)
        except NotProved as reason:
            return f"{self.expression} > 0: {reason}"
        if not sign.positive_below or (self.at_largest and not sign.positive_at):
            return f"{self.expression} is shown to be non-negative only"
        return ""


Box = Mapping[Symbol, tuple[Any, Any]]


@dataclass(frozen=True)
class HoldsOnBoxes:
    """The relation holds on every box, in balls, and the boxes fill the box `region`.

    A box maps each symbol to its closed interval (low, high) of rationals.
    """

    relation: Basic
    boxes: tuple[Box, ...]
    region: Box

    def fault(self) -> str:
        """One ball evaluation a box; that they fill the region is decided by splitting it along their ends."""
        _without_floats(self.relation)
        goal = goal_of("relation", self.relation)
        region = _exact_box(self.region)
        boxes = [_exact_box(box) for box in self.boxes]
        if goal.expression.free_symbols - set(region):
            return f"{self.relation} has symbols that the region does not bound"
        if any(set(box) != set(region) for box in boxes):
            return "a box does not bound the symbols of the region"
        for box in boxes:
            if not _holds_on(goal, goal.expression, box):
                return f"{self.relation} is not certain on {_shown(box)}"
        gap = _uncovered(region, boxes)
        return "" if gap is None else f"no box covers {_shown(gap)}"


@dataclass(frozen=True)
class FlowEndsAtLeastSquares:
    """A certificate of `proofs-check certify`, as the text that it writes; `recheck` accepts it."""

    certificate: str

    def fault(self) -> str:
        """Decided by the checker, which shares no code with what made the certificate."""
        from ..recheck import Rejected, recheck_flow

        try:
            recheck_flow(self.certificate)
        except Rejected as reason:
            return str(reason)
        return ""


@dataclass(frozen=True)
class EveryStartEndsAtLeastSquares:
    """A certificate of `proofs-check certify --every-start`: Theorem A of theory.md 9.1 with its constants.

    `recheck` accepts it for the data with these `inputs` (n, d) and `labels` (n,), with `delta` and `bound` as they are
    here or asking less of the starts, and for all lambda <= 10^-`exponent`. A `delta` of 0 stands for Theorem A', which
    asks more of a regular solution: its certificates are not taken for those of Theorem A, nor the other way round.
    """

    certificate: str
    inputs: tuple[tuple[Fraction, ...], ...]
    labels: tuple[Fraction, ...]
    exponent: Fraction
    delta: Fraction
    bound: Fraction

    def fault(self) -> str:
        """Decided by the checker, which shares no code with what made the certificate."""
        from ..recheck import NotACertificate, Rejected, recheck_every_start

        _fractions((self.inputs, self.labels, self.exponent, self.delta, self.bound))
        try:
            found = recheck_every_start(self.certificate)
        except (Rejected, NotACertificate) as reason:
            return str(reason)
        if (found.inputs, found.labels) != (self.inputs, self.labels):
            return "the certificate is about other data"
        if (found.delta == 0) != (self.delta == 0):
            return "the certificate is about other solutions"
        if found.delta > self.delta or found.bound < self.bound:
            return "the certificate is about fewer starts"
        return "" if found.exponent <= self.exponent else f"the certificate gives lambda_0 = 10^-{found.exponent} only"


@dataclass(frozen=True)
class FatesInEarlyPhase:
    """A certificate of `proofs-check certify --early`, as the text that it writes.

    `recheck` accepts it for the data with these `inputs` (n, d) and `labels` (n,), this `loss` and `leak`, the
    `neurons` (m, 1 + d) with a box of half width `box`, and `epsilon`.
    """

    certificate: str
    inputs: tuple[tuple[Fraction, ...], ...]
    labels: tuple[Fraction, ...]
    loss: str
    leak: Fraction
    neurons: tuple[tuple[Fraction, ...], ...]
    box: Fraction
    epsilon: Fraction

    def fault(self) -> str:
        """Decided by the checker, which shares no code with what made the certificate."""
        from ..recheck import EarlyAccepted, NotACertificate, Rejected, recheck

        _fractions((self.inputs, self.labels, self.leak, self.neurons, self.box, self.epsilon))
        try:
            found = recheck(self.certificate)
        except (NotACertificate, Rejected) as reason:
            return str(reason)
        if not isinstance(found, EarlyAccepted):
            return "it is no certificate of early alignment"
        if (found.inputs, found.labels, found.loss, found.leak) != (self.inputs, self.labels, self.loss, self.leak):
            return "the certificate is about another problem"
        stated = found.neurons, found.box, found.epsilon
        return "" if stated == (self.neurons, self.box, self.epsilon) else "the certificate is about another start"


@dataclass(frozen=True)
class PathStaysInCone:
    """The limit path of all data in intervals lies in cells, and sees every point at a cosine of more than `cosine`.

    `inputs` and `labels` are intervals (low, high); `left` and `right` the ends of the cells' front edges.
    """

    inputs: tuple[Any, ...]
    labels: tuple[Any, ...]
    left: tuple[Any, ...]
    right: tuple[Any, ...]
    cosine: Fraction

    def fault(self) -> str:
        """Decided by the checker, which shares no code with what made the enclosure."""
        from ..recheck import Rejected
        from ..recheck.limit_path import recheck_path

        _fractions((self.inputs, self.labels, self.left, self.right, self.cosine))
        try:
            recheck_path(self.inputs, self.labels, self.left, self.right, self.cosine)
        except Rejected as reason:
            return str(reason)
        return ""


@dataclass(frozen=True)
class LimitPathLeavesCone:
    """The limit path of these data comes to a place where <S, x> < 0 for the input of number `point` (theory.md 9.2).

    `path` and `constants` as in a certificate for every start by the limit path.
    """

    inputs: tuple[Any, ...]
    labels: tuple[Any, ...]
    path: Mapping[str, Any]
    constants: Mapping[str, Fraction]
    point: int

    def fault(self) -> str:
        """Decided by the checker, which shares no code with what made the tube."""
        from ..recheck import Rejected
        from ..recheck.path.leaving import recheck_leaving

        _fractions((self.inputs, self.labels, *self.path.values(), *self.constants.values()))
        try:
            recheck_leaving(self.inputs, self.labels, dict(self.path), dict(self.constants), self.point)
        except Rejected as reason:
            return str(reason)
        return ""


KINDS = (
    AtPoint,
    PositiveOnBox,
    HoldsOnBoxes,
    FlowEndsAtLeastSquares,
    EveryStartEndsAtLeastSquares,
    FatesInEarlyPhase,
    PathStaysInCone,
    LimitPathLeavesCone,
)
"""What a certificate may carry."""


def _fractions(value: Any) -> None:
    """TypeError unless every number in nested tuples is exact."""
    if isinstance(value, tuple | list):
        for entry in value:
            _fractions(entry)
    else:
        exact(value)


Exact = dict[Symbol, tuple[Rational, Rational]]


def _exact_box(box: Box) -> Exact:
    return {symbol: (exact(low), exact(high)) for symbol, (low, high) in box.items()}


def _shown(box: Exact) -> str:
    return ", ".join(f"{low} <= {symbol} <= {high}" for symbol, (low, high) in box.items())


def _holds_on(goal: NumericGoal, expression: Expr, box: Exact) -> bool:
    """Whether the ball of the expression over a box certainly has the sign of the goal."""
    try:
        return goal.sign.certain(enclose_over(expression, {symbol: _ball(*ends) for symbol, ends in box.items()}, BITS))
    except NotEnclosed:
        return False


def _ball(low: Rational, high: Rational) -> Any:
    ends = (flint.arb(flint.fmpq(int(end.p), int(end.q))) for end in (low, high))
    return next(ends).union(next(ends))


def _uncovered(region: Exact, boxes: Sequence[Exact]) -> Exact | None:
    """A part of the region that no box contains, or None when they fill it."""
    inside = [
        box
        for box in boxes
        if all(
            (box[s][0] < region[s][1] and region[s][0] < box[s][1])
            or (region[s][0] == region[s][1] and box[s][0] <= region[s][0] <= box[s][1])
            for s in region
        )
    ]
    if any(all(box[s][0] <= region[s][0] and region[s][1] <= box[s][1] for s in region) for box in inside):
        return None
    for box in inside:
        for symbol, (low, high) in region.items():
            for end in box[symbol]:
                if low < end < high:
                    halves = ({**region, symbol: (low, end)}, {**region, symbol: (end, high)})
                    return next((gap for half in halves if (gap := _uncovered(half, inside)) is not None), None)
    return region
