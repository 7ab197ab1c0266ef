"""The equations of motion of one neuron, w' = a D and a' = <w, D>, and what they need of the model (theory.md 1.1).

`model.neuron_flow` reads them off the gradient. Here they are stated as a theorem, with everything that has to be
proved for it: what is used of the activation, branch by branch, what is used of the losses, and that the stated
velocities are minus the gradient of the mean loss. All other modules take the equations from `model.neuron_flow`.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Expr, IndexedBase, Sum, Symbol

from .. import model
from ..formal.derivation import Derivation, Goal, Nonnegative, Step, Zero, equal
from ..formal.sums import normal_form
from ..formal.vectors import Inner, as_vector, component_differences, family, inner, vector

_TIME = Symbol("t")
_FACTOR = Symbol("u", positive=True)
_W, _A, _D = model.neuron_weights, model.neuron_output, model.neuron_drift

STATEMENT: dict[str, sympy.Basic] = {
    "weights": equal(sympy.Derivative(_W, _TIME), _A * _D),
    "output": equal(sympy.Derivative(_A, _TIME), Inner(_D, _W)),
}
"""flow.equations; the right-hand sides may be altered and fed to `goals`."""


def activation_goals() -> tuple[Goal, ...]:
    """What `model.sloped_network` and all that follows use of the activation, branch by branch.

    On either side of the kink sigma(z) is a constant slope times z and positively homogeneous. The one-sided difference
    quotients at the kink are these slopes, so that the Clarke derivative there is the interval between them. Its ends
    are the leak and 1, which are not negative.
    """
    at_kink = model.activation(sympy.S.Zero)
    goals: list[Goal] = [Zero("sigma(0) = 0", at_kink)]
    for side, where, expected in ((1, "z > 0", sympy.S.One), (-1, "z < 0", model.leak)):
        z, slope = side * model.DISTANCE, model.branch_slope(side)
        value = model.activation(z)
        goals += [
            Zero(f"sigma(z) = slope z for {where}", value - slope * z),
            Zero(f"sigma(u z) = u sigma(z) for {where}, u > 0", model.activation(_FACTOR * z) - _FACTOR * value),
            Zero(f"(sigma(z) - sigma(0))/z is the slope for {where}", (value - at_kink) / z - slope),
            Zero(f"the slope for {where} is {expected}", slope - expected),
            Nonnegative(f"the slope for {where} is not negative", slope),
        ]
    lower, upper = model.clarke_slopes()
    return (
        *goals,
        Nonnegative("the Clarke slopes at the kink are an interval", upper - lower, given=(1 - model.leak,)),
    )


def loss_goals() -> tuple[Goal, ...]:
    """The pull of every loss is minus its derivative and its curvature the second one, as for an arbitrary loss."""
    abstract = model.SymbolicLoss(model.prediction, model.label)
    found: list[Goal] = []
    for name, loss in model.LOSSES.items():

        def meant(order: int, loss: model.LossInstance = loss) -> Expr:
            derivative = sympy.diff(abstract, model.prediction, order)
            return derivative.replace(model.Pull, lambda *_: loss.pull).replace(
                model.Curvature, lambda *_: loss.curvature
            )

        slope, bend = (sympy.diff(loss.value, model.prediction, order) for order in (1, 2))
        found += [
            Zero(f"p = -dl/dh, {name} loss", slope + loss.pull),
            Zero(f"dl/dh of an arbitrary loss is -p, {name} loss", meant(1) + loss.pull),
            Zero(f"l'' = d^2 l/dh^2, {name} loss", bend - loss.curvature),
            Zero(f"d^2 l/dh^2 of an arbitrary loss is l'', {name} loss", meant(2) - loss.curvature),
        ]
    return tuple(found)


def gradient_goal() -> Goal:
    """dL in an arbitrary direction plus its inner product with the velocity: zero when this is minus the gradient."""
    direction, scalars = family("v"), IndexedBase("b", real=True)
    change = model.loss_differential(
        {model.weights: lambda i: vector(direction[i]), model.output_weights: lambda i: scalars[i]}
    )
    velocity = model.velocity()
    product = inner(velocity.weights, vector(direction[model.j])) + velocity.output * scalars[model.j]
    return Zero("minus the gradient", normal_form(change + Sum(product, (model.j, 1, model.m))))


def motion_goals(flow: model.NeuronFlow) -> dict[str, tuple[Goal, ...]]:
    """Equations of motion against the velocity of the model at its drift, and against `model.neuron_flow`."""
    weights, output = flow.at(vector(model.weights[model.j]), model.output_weights[model.j], model.drift())
    velocity, derived = model.velocity(), model.neuron_flow()
    along = normal_form(inner(velocity.weights - weights, vector(family("v")[model.j])))
    parts = component_differences(derived.weights, flow.weights)
    return {
        "weights": (
            Zero("w' of the gradient flow, along any vector", along),
            *(Zero(f"w' of one neuron, along {name}", value) for name, value in parts.items()),
        ),
        "output": (
            Zero("a' of the gradient flow", normal_form(velocity.output - output)),
            Zero("a' of one neuron", derived.output - flow.output),
        ),
    }


def stated_flow(statement: Mapping[str, Basic]) -> model.NeuronFlow:
    """The equations of a (possibly altered) `STATEMENT`."""
    names = {name: vector(name) for name in (_W, _D)}
    return model.NeuronFlow(as_vector(statement["weights"].args[1], names), statement["output"].args[1])


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `STATEMENT` needs of the activation, of the losses and of the gradient."""
    motion = motion_goals(stated_flow(statement))
    return (*activation_goals(), *loss_goals(), gradient_goal(), *motion["weights"], *motion["output"])


def model_steps() -> tuple[Step, ...]:
    """How the flow of one neuron comes out of the model: what every derivation under a given drift starts with."""
    flow = model.neuron_flow()
    neuron, drift = model.j, sympy.Indexed("D", model.j)

    def motion(name: str) -> tuple[Goal, ...]:
        return motion_goals(model.neuron_flow())[name]

    return (
        Step(
            "For any slope eta_jk of the activation at <w_j, x_k> the output is",
            equal(model.outputs[model.k], model.sloped_network(model.k)),
            goals=activation_goals,
        ),
        Step("The drift of neuron j", equal(drift, model.drift().expression()), checked=False),
        Step(
            f"The gradient flow moves w_{neuron} along its drift; we write w, a, D for one neuron",
            equal(sympy.Derivative(_W, _TIME), flow.weights.expression()),
            goals=lambda: (gradient_goal(), *motion("weights")),
        ),
        Step(
            "and its output weight by",
            equal(sympy.Derivative(_A, _TIME), flow.output),
            goals=lambda: motion("output"),
        ),
    )


def derivation() -> Derivation:
    """theory.md 1.1."""
    return Derivation("The flow of one neuron", model_steps(), STATEMENT["weights"])
