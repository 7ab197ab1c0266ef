"""The trap for two patterns (theory.md 10.7): neurons with a > 0 active on I_+, and neurons with a < 0 active on I_-.

Points are of three parts: those of I_+ alone, those of I_- alone, and those of both; on all others the output is 0.
Where the patterns are disjoint there is no third part, the outputs and the loss split, and each group of neurons
obeys `trap` with the points of its own pattern, with its own mu, M, Q, Delta, rho and ||beta*||.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy
from sympy import Basic, Expr, IndexedBase, Sum, Symbol

from .. import model
from ..formal.derivation import Goal, Zero, equal
from ..formal.sums import normal_form
from ..formal.vectors import Vector, inner, vector
from . import trap

common = Symbol("common", integer=True, nonnegative=True)
"""The number of points in both patterns."""
SIDES = ("+", "-")

outputs = {side: Symbol(f"h_{side}", real=True) for side in SIDES}
seen = {side: Symbol(f"<S_{side}, x_k>", real=True) for side in SIDES}
elsewhere, loss, constant = Symbol("h_0", real=True), Symbol("L", nonnegative=True), Symbol("L_0", nonnegative=True)
losses = {side: Symbol(f"L_{side}", nonnegative=True) for side in SIDES}

_OWN = sorted(set().union(*(relation.free_symbols for relation in trap.STATEMENT.values())), key=str)
SYMBOLS: dict[str, dict[Basic, Basic]] = {
    side: {symbol: Symbol(f"{symbol.name}_{side}", **symbol.assumptions0) for symbol in _OWN} for side in SIDES
}
"""The symbols of the trap, by those of each group."""


def named(side: str, name: str) -> str:
    """The name of a bound of the trap for one of the groups."""
    return f"{name}_{'plus' if side == '+' else 'minus'}"


STATEMENT: dict[str, Basic] = {
    "output_plus": equal(outputs["+"], seen["+"]),
    "output_minus": equal(outputs["-"], seen["-"]),
    "output_elsewhere": equal(elsewhere, 0),
    "loss": equal(loss, losses["+"] + losses["-"] + constant),
    **{
        named(side, name): relation.xreplace(SYMBOLS[side])
        for side in SIDES
        for name, relation in trap.STATEMENT.items()
    },
}
HYPOTHESES: dict[str, Basic] = {"disjoint": equal(common, 0)}
"""spurious.two-patterns; every relation may be altered, and the hypothesis dropped, and fed to `goals`."""


@dataclass(frozen=True)
class Part:
    """The points of the given patterns: their inputs, labels and number."""

    patterns: tuple[str, ...]
    inputs: IndexedBase
    labels: IndexedBase
    count: Symbol

    @property
    def range(self) -> tuple[Symbol, int, Symbol]:
        """k = 1, .., count."""
        return (model.k, 1, self.count)

    @property
    def point(self) -> Vector:
        """The point k."""
        return vector(self.inputs[model.k])


def _part(patterns: tuple[str, ...], tag: str) -> Part:
    count = Symbol(f"n_{tag}", integer=True, positive=True)
    return Part(patterns, IndexedBase(f"x{tag}"), IndexedBase(f"y{tag}", real=True), count)


_ALONE = tuple(_part((side,), side) for side in SIDES)
_BOTH, _REST = _part(SIDES, "b"), _part((), "0")
_WEIGHTS = {side: IndexedBase(f"w{side}") for side in SIDES}
_OUTPUT_WEIGHTS = {side: IndexedBase(f"a{side}", real=True) for side in SIDES}
_NEURONS = {side: (model.j, 1, Symbol(f"m_{side}", integer=True, positive=True)) for side in SIDES}


def parts(disjoint: bool) -> tuple[Part, ...]:
    """The parts of the data on which some neuron is active."""
    return _ALONE if disjoint else (*_ALONE, _BOTH)


def effective(side: str) -> Vector:
    """S = sum a_j w_j over a group."""
    return (vector(_WEIGHTS[side][model.j]) * _OUTPUT_WEIGHTS[side][model.j]).over(_NEURONS[side])


def output(part: Part) -> Expr:
    """The model's output at the point k of a part: the slope of a neuron is 1 on its pattern, and 0 elsewhere."""
    body = model.sloped_network(model.k).function
    total = sympy.S.Zero
    for side in SIDES:
        own = {model.weights: _WEIGHTS[side], model.output_weights: _OUTPUT_WEIGHTS[side], model.inputs: part.inputs}
        slope = sympy.Integer(side in part.patterns)
        renamed = body.xreplace({model.slopes[model.j, model.k]: slope}).xreplace(own)
        total += Sum(renamed, _NEURONS[side])
    return normal_form(total)


def _square(formula: Expr, at: Expr, part: Part) -> Expr:
    return formula.subs({model.prediction: at, model.label: part.labels[model.k]}, simultaneous=True)


def drift_goal(side: str, disjoint: bool) -> Goal:
    """The model's drift of a group is H (beta* - S) with H, beta* over its pattern: as in `trap.drift_goal`.

    By the normal equations sum y_k x_k = sum <beta*, x_k> x_k over the pattern.
    """
    test, fit = vector("v"), vector("beta")
    ((coefficient, _, _),) = model.drift().terms
    gap = sympy.S.Zero
    for part in parts(disjoint):
        if side not in part.patterns:
            continue
        pull = _square(model.SQUARE.pull, output(part), part)
        own = coefficient.replace(model.Pull, lambda *_, pull=pull: pull).xreplace(
            {model.slopes[model.j, model.k]: sympy.S.One}
        )
        along, label = inner(part.point, test), part.labels[model.k]
        normal_equations = (label - inner(fit, part.point)) / model.n
        stated = inner(fit - effective(side), part.point) / model.n
        gap += Sum((own - normal_equations - stated) * along, part.range)
    return Zero(f"D = H (beta* - S) for the neurons of I_{side}", normal_form(gap))


def _output_goals(stated: Mapping[str, Expr], disjoint: bool) -> Iterator[Goal]:
    """h(x_k) on every part of each pattern, and on the other points."""
    for side, name in zip(SIDES, ("output_plus", "output_minus"), strict=True):
        for part in parts(disjoint):
            if side in part.patterns:
                said = stated[name].subs(seen[side], inner(effective(side), part.point))
                yield Zero(f"h(x_k) = <S, x_k> on I_{side}", normal_form(output(part) - said))
    yield Zero("h(x_k) = 0 elsewhere", output(_REST) - stated["output_elsewhere"])


def _mean(part: Part, of: Expr) -> Expr:
    """(1/n) sum of the square loss over a part, at the given outputs."""
    return Sum(_square(model.SQUARE.value, of, part), part.range) / model.n


def loss_goal(stated: Expr, disjoint: bool) -> Goal:
    """L = L_+ + L_- + the loss of the other points, L_+ being (1/2n) sum (<S_+, x_k> - y_k)^2 over I_+."""
    whole = sum((_mean(part, output(part)) for part in (*parts(disjoint), _REST)), sympy.S.Zero)
    values: dict[Basic, Expr] = {constant: _mean(_REST, sympy.S.Zero)}
    for side in SIDES:
        own = [part for part in parts(disjoint) if side in part.patterns]
        values[losses[side]] = sum((_mean(part, inner(effective(side), part.point)) for part in own), sympy.S.Zero)
    return Zero("L = L_+ + L_- + L_0", normal_form(whole - stated.xreplace(values)))


def trap_relations(statement: Mapping[str, Basic], side: str) -> dict[str, Basic]:
    """The bounds of one group as relations of `trap`, in its symbols."""
    back = {own: symbol for symbol, own in SYMBOLS[side].items()}
    return {name: statement[named(side, name)].xreplace(back) for name in trap.STATEMENT}


def goals(statement: Mapping[str, Basic], hypotheses: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `STATEMENT` needs; without the hypothesis there are points in both patterns."""
    disjoint = hypotheses["disjoint"] == HYPOTHESES["disjoint"]
    stated = {name: relation.args[1] for name, relation in statement.items()}
    return (
        *_output_goals(stated, disjoint),
        loss_goal(stated["loss"], disjoint),
        *(drift_goal(side, disjoint) for side in SIDES),
        *trap.identities(),
        *(goal for side in SIDES for goal in trap.goals(trap_relations(statement, side))),
    )
