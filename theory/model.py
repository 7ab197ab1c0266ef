"""The network, the activation, the losses and the Clarke gradient flow, written down once (theory.md 1).

Everything else in this folder is derived from the definitions `activation`, `network`, `mean_loss`, `SQUARE`,
`LOGISTIC`, `EXPONENTIAL` and `Pull`, and from `velocity`, which says that the parameters move along minus the Clarke
gradient. What the derivation uses of the activation and of the losses is listed in `equations` and proved there.

Indices run over k = 1..n (points) and j = 1..m (neurons), both symbolic. The inputs `x[k]` and the inner weights `w[j]`
are vectors of an inner-product space of unspecified dimension (`formal/vectors.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import sympy
from sympy import Expr, IndexedBase, Piecewise, Sum, Symbol

from .formal import limits
from .formal.sums import normal_form
from .formal.vectors import Inner, Jet, Vector, as_vector, differential, family, in_terms_of, inner, riesz, vector

n = Symbol("n", integer=True, positive=True)
m = Symbol("m", integer=True, positive=True)
k = Symbol("k", integer=True, positive=True)
j = Symbol("j", integer=True, positive=True)

leak = Symbol("g", nonnegative=True)
preactivation = Symbol("z", real=True)
prediction = Symbol("h", real=True)
label = Symbol("y", real=True)
scale = Symbol("lambda", positive=True)

inputs = family("x")
weights = family("w")
output_weights = IndexedBase("a", real=True)
labels = IndexedBase("y", real=True)
outputs = IndexedBase("h", real=True)
slopes = IndexedBase("eta", nonnegative=True)

DOMAIN: dict[Symbol, tuple[Any, Any]] = {leak: (0, 1)}
"""What the symbols' assumptions do not say about the admissible values: the leak lies in [0, 1)."""


def activation(z: Expr, g: Expr = leak) -> Expr:
    """The leaky ReLU max(z, g z), by its two branches; g = 0 is ReLU."""
    return Piecewise((z, z > 0), (g * z, True))


DISTANCE = Symbol("|z|", positive=True)
"""The distance of a preactivation from the kink; z = |z| is above it, z = -|z| below."""


def branch_slope(side: int, g: Expr = leak) -> Expr:
    """The derivative of the activation above its kink (`side` 1) or below it (-1), in |z| when it is not constant."""
    return side * sympy.diff(activation(side * DISTANCE, g), DISTANCE)


def clarke_slopes(g: Expr = leak) -> tuple[Expr, Expr]:
    """The ends of the Clarke derivative of the activation at its kink: its derivatives from below and from above.

    They are limits at the kink of the derivatives of the branches, which are constant by `equations.activation_goals`.
    """
    return branch_slope(-1, g), branch_slope(1, g)


def network(index: Expr) -> Expr:
    """The output at the point `index`: sum_j a_j sigma(<w_j, x>)."""
    return Sum(_contribution(index), (j, 1, m))


def sloped_network(index: Expr) -> Expr:
    """The output with sigma(z) written as slope times z, for any Clarke slope eta at z.

    The activation is positively homogeneous, so that both agree (`equations.activation_goals`); at the kink both are 0.
    The slopes are locally constant, so that this form also has the derivatives of the network.
    """
    z = _preactivation(index)
    return Sum(_contribution(index).xreplace({activation(z): slopes[j, index] * z}), (j, 1, m))


def _contribution(index: Expr) -> Expr:
    """What neuron j adds to the output: a_j sigma(<w_j, x>)."""
    return output_weights[j] * activation(_preactivation(index))


def _preactivation(index: Expr) -> Expr:
    return inner(vector(weights[j]), vector(inputs[index]))


class SymbolicLoss(Jet):
    """An arbitrary differentiable loss l(h, y): its derivative in the prediction h is minus the pull."""

    nargs = 2

    def fdiff(self, argindex: int = 1) -> Expr:
        """The derivative in h; the label is data and never moves."""
        if argindex != 1:
            raise sympy.ArgumentIndexError(self, argindex)
        return -Pull(*self.args)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _call_latex(r"\ell", self.args, printer, exp)


class Pull(Jet):
    """The pull p = -dl/dh of an arbitrary loss: its derivative in h is minus the curvature."""

    nargs = 2

    def fdiff(self, argindex: int = 1) -> Expr:
        """The derivative in h; the label is data and never moves."""
        if argindex != 1:
            raise sympy.ArgumentIndexError(self, argindex)
        return -Curvature(*self.args)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _call_latex("p", self.args, printer, exp)


class Curvature(Jet):
    """The second derivative of an arbitrary loss in its prediction; its sign is a hypothesis, not an assumption."""

    nargs = 2

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _call_latex(r"\ell''", self.args, printer, exp)


def _call_latex(name: str, arguments: tuple[Any, ...], printer: Any, exp: str | None) -> str:
    body = rf"{name}\left({', '.join(printer.doprint(argument) for argument in arguments)}\right)"
    return body if exp is None else f"{body}^{{{exp}}}"


def mean_loss() -> Expr:
    """The loss (1/n) sum_k l(h_k, y_k), with h_k short for the output `network(k)`."""
    return Sum(SymbolicLoss(outputs[k], labels[k]), (k, 1, n)) / n


def pull(index: Expr) -> Expr:
    """The pull p_k at the present prediction."""
    return Pull(outputs[index], labels[index])


@dataclass(frozen=True)
class Velocity:
    """The right-hand side of the flow at a neuron: `weights` moves w_j (a `Vector`), `output` moves a_j."""

    weights: Vector
    output: Expr

    def direction(self, index: Expr = j) -> dict[Any, Any]:
        """The motion of all neurons, in the form `vectors.differential` takes."""
        return {
            weights: lambda i: self.weights.map(lambda value: value.subs(index, i)),
            output_weights: lambda i: self.output.subs(index, i),
        }


def loss_differential(direction: dict[Any, Any]) -> Expr:
    """The derivative of the mean loss when the neurons move in a direction, by the chain rule through h_k."""
    chain = {**direction, outputs: lambda i: differential(sloped_network(i), direction)}
    return normal_form(differential(mean_loss(), chain))


@lru_cache(maxsize=1)
def velocity() -> Velocity:
    """The Clarke gradient flow at neuron j: minus the gradient, read off the differential of the loss.

    With v_j and b_j an arbitrary direction, dL[v, b] = sum_j <grad_w L, v_j> + (dL/da_j) b_j.
    """
    direction_weights, direction_outputs = family("v"), IndexedBase("b", real=True)
    change = loss_differential(
        {weights: lambda i: vector(direction_weights[i]), output_weights: lambda i: direction_outputs[i]}
    )
    gradient = riesz(change, direction_weights[j])
    scalar = riesz(_as_inner(change, direction_outputs), Symbol("one"))
    neuron = Symbol("j_1", integer=True, positive=True)
    partial = sympy.Add(
        *(
            Sum(value.xreplace({neuron: j}), *(limit for limit in limits if limit[0] != neuron))
            for value, _, limits in scalar.terms
        )
    )
    return Velocity(-gradient, normal_form(-partial))


def _as_inner(linear: Expr, scalars: IndexedBase) -> Expr:
    """The same form with each scalar b_i written as an inner product with a marker, so that `riesz` can read it."""
    one, marker = Symbol("one"), Symbol("unit")
    return linear.xreplace({atom: Inner(one, marker) for atom in linear.atoms(sympy.Indexed) if atom.base == scalars})


def drift() -> Vector:
    """The drift D_j = (1/n) sum_k eta_jk p_k x_k, a definition; `neuron_flow` finds how the flow depends on it."""
    return (vector(inputs[k]) * (slopes[j, k] * pull(k) / n)).over((k, 1, n))


neuron_weights = Symbol("w")
neuron_output = Symbol("a", real=True, nonzero=True)
neuron_drift = Symbol("D")


@dataclass(frozen=True)
class NeuronFlow:
    """The flow of one neuron in its drift: `weights` is w' and `output` is a', in w, a and D of this module."""

    weights: Vector
    output: Expr

    def direction(self) -> dict[Any, Any]:
        """The motion of the neuron, in the form `vectors.differential` takes."""
        return {neuron_weights: self.weights, neuron_output: self.output}

    def at(self, weights: Vector, output: Expr, drift: Vector) -> tuple[Vector, Expr]:
        """(w', a') of a neuron with these weights and output weight in this drift, each any combination of names."""
        names = {neuron_weights: weights, neuron_drift: drift}
        place = {neuron_output: output}
        moved = as_vector(self.weights.expression(), names)
        return moved.map(lambda value: value.xreplace(place)), in_terms_of(self.output, names).xreplace(place)


@lru_cache(maxsize=1)
def neuron_flow() -> NeuronFlow:
    """`velocity` in terms of the drift alone: w' = a D, a' = <w, D>, whatever the sums inside D are.

    The factors are found by division and checked by substitution (`equations.goals`). Raises ValueError when the
    flow is no multiple of the drift, so that nothing that follows could be said of one neuron.
    """
    test = family("v")
    along_test = normal_form(inner(velocity().weights, vector(test[j]))), inner(drift(), vector(test[j]))
    along_weights = velocity().output, inner(drift(), vector(weights[j]))
    factors = []
    for moved, unit in (along_test, along_weights):
        factor = sympy.cancel(normal_form(moved) / normal_form(unit))
        if factor.free_symbols - {output_weights[j], j, *output_weights.free_symbols}:
            raise ValueError(f"the flow is {factor} times the drift; a neuron's factor may hold its output weight only")
        factors.append(factor.xreplace({output_weights[j]: neuron_output}))
    return NeuronFlow(vector(neuron_drift) * factors[0], Inner(neuron_drift, neuron_weights) * factors[1])


@dataclass(frozen=True)
class LossInstance:
    """A loss l(h, y) by its formula in `prediction` and `label`; what follows from it is computed, not stated.

    `labels` lists the admissible labels, or is None when every real label is. `flattens` says that the curvature is at
    most the size of the pull, so that it vanishes with it.
    """

    name: str
    value: Expr
    labels: tuple[int, ...] | None = None
    flattens: bool = False

    @cached_property
    def pull(self) -> Expr:
        """The pull -dl/dh, as an expression in `prediction` and `label`."""
        return sympy.simplify(-sympy.diff(self.value, prediction))

    @cached_property
    def curvature(self) -> Expr:
        """The second derivative in the prediction, non-negative for a convex loss."""
        return sympy.simplify(sympy.diff(self.value, prediction, 2))

    @cached_property
    def kappa(self) -> Expr:
        """The Lipschitz constant of the pull: the largest absolute curvature over all predictions and labels.

        The curvature is compared at its stationary points and at infinity. It is infinite where there is no constant.
        """
        choices = [sympy.Integer(1)] if self.labels is None else [sympy.Integer(value) for value in self.labels]
        values: list[Expr] = []
        for choice in choices:
            curvature = self.curvature.subs(label, choice)
            stationary = sympy.solveset(sympy.diff(curvature, prediction), prediction, sympy.S.Reals)
            points = stationary if isinstance(stationary, sympy.FiniteSet) else [sympy.S.Zero]
            values.extend(abs(curvature.subs(prediction, point)) for point in points)
            values.extend(abs(limits.limit(curvature, prediction, end)) for end in (sympy.oo, -sympy.oo))
        return sympy.nsimplify(sympy.Max(*(sympy.simplify(value) for value in values)))


SQUARE = LossInstance("square", (prediction - label) ** 2 / 2)
LOGISTIC = LossInstance("logistic", sympy.log(1 + sympy.exp(-label * prediction)), (-1, 1), flattens=True)
EXPONENTIAL = LossInstance("exponential", sympy.exp(-label * prediction), (-1, 1), flattens=True)
LOSSES = {loss.name: loss for loss in (SQUARE, LOGISTIC, EXPONENTIAL)}


def drift_at_zero(loss: LossInstance) -> Vector:
    """The drift where every output is 0: D_j = (1/n) sum_k eta_jk p_k(0) x_k with the pulls of this loss."""

    def at_zero(_: Expr, at_label: Expr) -> Expr:
        return loss.pull.subs({prediction: sympy.S.Zero, label: at_label})

    return drift().map(lambda value: value.replace(Pull, at_zero))
