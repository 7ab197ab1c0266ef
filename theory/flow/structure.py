"""Balancedness, domination and energy (theory.md 2.1, 2.2, 2.4), for symbolic n and m and an arbitrary loss."""

from __future__ import annotations

import sympy
from sympy import Basic, Expr, Symbol

from .. import model
from ..formal.derivation import Derivation, Goal, Nonnegative, Step, Zero, at_least, difference, equal
from ..formal.sums import normal_form
from ..formal.vectors import Inner, differential, squared_norm
from .equations import model_steps

output_squared, weights_squared = (Symbol(name, nonnegative=True) for name in ("a^2", "||w||^2"))
loss_rate, speed_squared = Symbol("L'", real=True), Symbol("||theta'||^2", nonnegative=True)
output_size, weights_size, drift_size, drift_bound = (
    Symbol(name, nonnegative=True) for name in ("|a|", "||w||", "||D||", "K")
)
alignment_product = Symbol("u", real=True)
signed_output = Symbol("a_signed", real=True)
"""sign(a(0)) a(t)."""

_A = model.output_weights[model.j]
_W = model.weights[model.j]
_POINT = Symbol("x")
_TIME = Symbol("t")

BALANCEDNESS = equal(sympy.Derivative(output_squared - weights_squared, Symbol("t")), 0)
"""flow.balancedness: the conserved quantity stands inside the derivative."""
ENERGY = equal(loss_rate, -speed_squared)
"""flow.energy: dL/dt in terms of ||theta'||^2."""
DOMINATION = at_least(output_size, weights_size)
"""flow.domination: the hypothesis under which |a| cannot vanish."""


def balancedness_goals(statement: Basic) -> tuple[Goal, ...]:
    """The derivative along the model's flow of the stated quantity in (output_squared, weights_squared)."""
    stated = statement.args[0].args[0].subs({output_squared: _A**2, weights_squared: Inner(_W, _W)})
    rate = differential(stated, model.velocity().direction())
    return (Zero("derivative along the flow", rate - statement.args[1]),)


def speed() -> Expr:
    """||theta'||^2 = sum_j (||w_j'||^2 + a_j'^2), with symbolic n and m."""
    velocity = model.velocity()
    return sympy.Sum(squared_norm(velocity.weights) + velocity.output**2, (model.j, 1, model.m))


def energy_goals(statement: Basic) -> tuple[Goal, ...]:
    """dL/dt by the chain rule minus the stated value, the slopes being any Clarke slopes; sliding by `face_goal`."""
    stated = statement.args[1].subs(speed_squared, speed())
    rate = model.loss_differential(model.velocity().direction())
    return (Zero("dL/dt", normal_form(rate - stated)), face_goal())


ON_FACE = (Inner(model.neuron_weights, _POINT), Inner(model.neuron_drift, _POINT))
"""What vanishes while a neuron slides on the face of a point x: <w, x>, and <D, x> as the drift is tangent to it."""


def face_goal(vanishing: tuple[Expr, ...] = ON_FACE) -> Goal:
    """Along a face two slopes eta, eta' of the neuron give the same change of its output a eta <w, x>.

    The chain rule therefore holds with any slope, the sliding one included, and so does dL/dt.
    """
    slope, other = sympy.symbols("eta eta'", real=True)
    gap = model.neuron_output * (slope - other) * Inner(model.neuron_weights, _POINT)
    change = differential(gap, model.neuron_flow().direction())
    return Zero("on a face the slope does not matter", change.xreplace(dict.fromkeys(vanishing, sympy.S.Zero)))


def domination_goals(hypothesis: Basic = DOMINATION) -> tuple[Goal, ...]:
    """(a^2 e^{2Kt})' >= 0 for K >= ||D||: then |a| >= |a(0)| e^{-Kt} > 0, and omega stays in the ball by 2.1.

    With u = sign(a) <w, D> it is 2 e^{2Kt} |a| (K |a| + u). Cauchy-Schwarz gives ||w|| ||D|| + u >= 0.
    An altered hypothesis may be weaker, such as |a| >= 0; the inequality is then refuted at a point.
    """
    given = [drift_bound - drift_size, weights_size * drift_size + alignment_product]
    if isinstance(hypothesis, sympy.Ge):
        given.append(hypothesis.args[0] - hypothesis.args[1])
    certificate = (
        (drift_bound - drift_size) * output_size**2,
        drift_size * (output_size - weights_size) * output_size,
        (weights_size * drift_size + alignment_product) * output_size,
    )
    return tuple(
        Nonnegative(f"(a^2 e^{{2Kt}})' >= 0, sign(a) = {sign:+d}", growth, certificate, tuple(given))
        for sign, growth in ((sign, _growth_of_size(sign)) for sign in (1, -1))
    )


def persistence_goals(hypothesis: Basic, conclusion: Basic) -> tuple[Goal, ...]:
    """What makes domination persist, of a stated hypothesis and conclusion (theory.md 10.2).

    a^2 - ||w||^2 is constant, not negative at the start by the hypothesis, and (|a| + ||w||) times what the conclusion
    says is not negative. With `domination_goals` a^2 e^{2Kt} does not decrease, so that a keeps its sign by continuity.
    """
    conserved = output_size**2 - weights_size**2
    assumed, said = difference(hypothesis), difference(conclusion).xreplace({signed_output: output_size})
    together = output_size + weights_size
    return (
        *balancedness_goals(BALANCEDNESS),
        Nonnegative("a^2 - ||w||^2 >= 0 at the start", conserved, (assumed * together,), (assumed,)),
        Zero("(|a| + ||w||) times the conclusion is a^2 - ||w||^2", sympy.expand(together * said - conserved)),
        *domination_goals(hypothesis),
    )


def _growth_of_size(sign: int) -> Expr:
    """(a^2 e^{2Kt})' / (2 e^{2Kt}) along the flow, for an output weight of this sign, in |a| and u."""
    rate = (
        differential(model.neuron_output**2, model.neuron_flow().direction()) / 2 + drift_bound * model.neuron_output**2
    )
    product = Inner(model.neuron_drift, model.neuron_weights)
    return sympy.expand(
        rate.xreplace({product: sign * alignment_product}).xreplace({model.neuron_output: sign * output_size})
    )


def balancedness_derivation() -> Derivation:
    """theory.md 2.1."""
    w, a, D = model.neuron_weights, model.neuron_output, model.neuron_drift
    direction = model.neuron_flow().direction()
    squares = ((output_squared, a**2, "a' = <w, D>"), (weights_squared, Inner(w, w), "w' = a D"))
    steps = [
        Step(
            f"By {reason}",
            equal(sympy.Derivative(name, _TIME), 2 * a * Inner(D, w)),
            {sympy.Derivative(name, _TIME): differential(value, direction)},
        )
        for name, value, reason in squares
    ]
    last = Step("Their difference is constant, for every drift", BALANCEDNESS, goals=balancedness_goals(BALANCEDNESS))
    return Derivation("Balancedness", (*model_steps(), *steps, last), BALANCEDNESS)


def domination_derivation() -> Derivation:
    """theory.md 2.2."""
    product, grown = Inner(model.neuron_drift, model.neuron_weights), sympy.exp(2 * drift_bound * _TIME)
    sign_of = sympy.sign(model.neuron_output)
    steps = (
        Step("As long as the neuron is dominated (kept by balancedness)", DOMINATION, checked=False),
        Step("Write u for", equal(alignment_product, sign_of * product), checked=False),
        Step(
            "Cauchy-Schwarz bounds it from below",
            at_least(weights_size * drift_size + alignment_product, 0),
            checked=False,
        ),
        Step("Let K bound the drift over the time considered", at_least(drift_bound, drift_size), checked=False),
        Step(
            "Then |a| cannot fall faster than e^{-Kt}",
            at_least(sympy.Derivative(output_squared * grown, _TIME), 0),
            goals=domination_goals(),
        ),
    )
    return Derivation("Domination persists", (*model_steps(), *steps), steps[-1].relation)


def energy_derivation() -> Derivation:
    """theory.md 2.4."""
    rate = model.loss_differential(model.velocity().direction())
    w_rate, a_rate = (sympy.Indexed(name, model.j) for name in ("w'", "a'"))
    velocities = sympy.Sum(Inner(w_rate, w_rate) + a_rate**2, (model.j, 1, model.m))
    steps = (
        Step("The chain rule through h, with any Clarke slopes", equal(loss_rate, rate), checked=False),
        Step("The squared speed of all neurons", equal(speed_squared, velocities), checked=False),
        Step(
            "On a face, where <w, x> = <D, x> = 0, the neuron's term a eta <w, x> of h changes alike for every slope",
            equal(ON_FACE[0], 0),
            goals=(face_goal(),),
        ),
        Step("So the loss falls at the squared speed, sliding included", ENERGY, goals=energy_goals(ENERGY)),
    )
    return Derivation("Energy", (*model_steps(), *steps), ENERGY)
