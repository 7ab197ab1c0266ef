"""Alignment under a constant drift (theory.md 3.1-3.3): the ODE, its closed forms, and the alignment time.

The formulas are written as the theorem states them. `ode_goals`, `closed_form_goals` and `time_goals` say what has to
vanish for a stated formula to be true: it is substituted into the flow of the model, with its initial values. The
derivations also arrive at the closed forms by the exponential of `lorentz`, applied to the start.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Expr, Symbol

from .. import model
from ..flow.equations import model_steps
from ..flow.lorentz import (
    EXPONENTIAL,
    START,
    VectorScalar,
    act,
    field,
    rate,
    start_output,
    start_weights,
    time,
    unit_drift,
)
from ..formal.derivation import Derivation, Goal, Step, Zero, equal
from ..formal.vectors import (
    Inner,
    Vector,
    as_vector,
    component_differences,
    in_terms_of,
    inner,
    vector,
    vector_differential,
)

drift = model.neuron_drift
weights = model.neuron_weights
direction = Symbol("omega")
output = model.neuron_output
weights_along = Symbol("w_along", real=True)
start_cosine = Symbol("c_0", real=True)
cosine = Symbol("c", real=True)
delta = Symbol("delta", positive=True)
DOMAIN = {start_cosine: (-1, 1), cosine: (-1, 1), delta: (0, 1)}
"""Cosines of a dominated neuron that is neither aligned nor opposed, and 0 < delta < 1."""

_MOMENT = Symbol("t")
_LOG_A = Symbol("log|a|", real=True)


def _rate(quantity: Expr) -> Expr:
    return sympy.Derivative(quantity, _MOMENT)


ODE: dict[str, sympy.Basic] = {
    "direction": equal(direction, weights / output),
    "omega": equal(_rate(direction), drift - Inner(drift, direction) * direction),
    "log_a": equal(_rate(_LOG_A), Inner(drift, direction)),
    "cosine": equal(_rate(cosine), rate * (1 - cosine**2)),
    "monotone": equal(_rate(Inner(drift, direction)), rate**2 - Inner(drift, direction) ** 2),
}
"""alignment.ode: left sides are the time derivatives of omega, log|a|, c = <omega, D>/r and <D, omega>."""


def ode_goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `ODE` statement needs: each stated rate minus the rate along the flow of the model.

    omega is whatever the statement's "direction" says, so that an altered definition is refuted by the flow.
    """
    return tuple(goal for goals in _ode_goals_by_relation(statement).values() for goal in goals)


def _ode_goals_by_relation(statement: Mapping[str, Basic]) -> dict[str, tuple[Goal, ...]]:
    flow = model.neuron_flow()
    omega = as_vector(statement["direction"].args[1], {weights: vector(weights)})
    names = {direction: omega, drift: vector(drift)}
    moved = vector_differential(omega, flow.direction())
    along, along_rate = inner(vector(drift), omega), inner(vector(drift), moved)
    stated = as_vector(statement["omega"].args[1], names)
    turned = {f"omega along {name}": value for name, value in component_differences(moved, stated).items()}
    logarithm = flow.output / output - in_terms_of(statement["log_a"].args[1], names)
    cosine_rate = along_rate / rate - statement["cosine"].args[1].subs(cosine, along / rate)
    along_residual = along_rate - in_terms_of(statement["monotone"].args[1], names)
    residuals = {
        "omega": turned,
        "log_a": {"log|a|": logarithm},
        "cosine": {"cosine": cosine_rate},
        "monotone": {"<D,omega>": along_residual},
    }
    return {
        key: tuple(Zero(name, value.xreplace(_LENGTHS)) for name, value in named.items())
        for key, named in residuals.items()
    }


_LENGTHS = {Inner(drift, drift): rate**2, Inner(drift, weights): Symbol("w_D", real=True)}
"""r^2 = ||D||^2, and <w, D> as one free real number."""


def _scalars(value: Expr) -> Expr:
    return value.xreplace({Inner(unit_drift, unit_drift): sympy.S.One, Inner(unit_drift, start_weights): weights_along})


_COSH, _SINH = sympy.cosh(rate * time), sympy.sinh(rate * time)

output_path: Expr = start_output * _COSH + weights_along * _SINH
"""a(t) in `start_output`, `weights_along`, r and t."""

weights_coefficient: Expr = start_output * _SINH + weights_along * (_COSH - 1)
"""w(t) = w0 + weights_coefficient * Dhat."""

growth_factor: Expr = _COSH + start_cosine * _SINH
"""a(t)/a(0)."""

perpendicular_factor: Expr = 1 / growth_factor
"""omega_perp(t) = perpendicular_factor * omega_perp(0)."""

cosine_quotient: Expr = (_SINH + start_cosine * _COSH) / growth_factor
"""c(t) = <w(t), Dhat>/a(t), the quotient of the two closed forms."""

_artanh_path: Expr = rate * time + sympy.atanh(start_cosine)
"""artanh c(t): its rate c'/(1 - c^2) is constant by the ODE of c."""

cosine_path: Expr = sympy.tanh(_artanh_path)
"""c(t), which equals `cosine_quotient`."""

alignment_time: Expr = (sympy.atanh(1 - delta) - sympy.atanh(start_cosine)) / rate
"""The time to c = 1 - delta, for c0 < 1 - delta."""

angle = Symbol("phi", positive=True)
angle_time: Expr = alignment_time.subs(delta, 1 - sympy.cos(angle))
"""The time until the cosine c = <omega, Dhat> reaches cos(angle); for ||omega|| = 1 the angle to Dhat itself."""


def _logarithmic(expression: Expr) -> Expr:
    """atanh(1 - delta) by logarithms of positive arguments (0 < delta < 1)."""
    exact = (sympy.log(2 - delta) - sympy.log(delta)) / 2
    plain = expression.subs(sympy.atanh(1 - delta), exact).subs(sympy.atanh(delta - 1), -exact)
    return sympy.expand(sympy.expand_log(plain))


asymptotic_time: Expr = sympy.log(2 / delta) / (2 * rate) - sympy.atanh(start_cosine) / rate
"""The alignment time up to o(1) as delta -> 0."""

_STATED = {name: Symbol(name) for name in ("c_t", "perp_t", "a_t", "w_t", "T")}
CLOSED_FORM: dict[str, sympy.Basic] = {
    "cosine": equal(_STATED["c_t"], cosine_path),
    "perpendicular": equal(_STATED["perp_t"], perpendicular_factor),
    "output": equal(_STATED["a_t"], output_path),
    "weights": equal(_STATED["w_t"], start_weights + weights_coefficient * unit_drift),
}
"""alignment.closed-form: c(t), the factor of omega_perp(0), a(t), and w(t)."""


def vanishing_error(asymptote: Expr) -> sympy.Basic:
    """The relation that the time T minus an asymptote tends to 0 as delta -> 0."""
    return equal(sympy.Limit(_STATED["T"] - asymptote, delta, 0, "+"), 0)


TIME: dict[str, sympy.Basic] = {
    "time": equal(_STATED["T"], alignment_time),
    "asymptote": vanishing_error(asymptotic_time),
}
"""alignment.time: the time to c >= 1 - delta and its form up to o(1) as delta -> 0."""


def asymptote_of(relation: Basic) -> Expr:
    """The asymptote of the time in a relation made by `vanishing_error`."""
    return _STATED["T"] - relation.args[0].args[0]


def closed_form_goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `CLOSED_FORM` needs: the flow of the model and the initial values, by substitution."""
    return tuple(goal for goals in _closed_form_goals_by_relation(statement).values() for goal in goals)


def _closed_form_goals_by_relation(statement: Mapping[str, Basic]) -> dict[str, tuple[Goal, ...]]:
    c, factor = statement["cosine"].args[1], statement["perpendicular"].args[1]
    a, w = statement["output"].args[1], statement["weights"].args[1]
    path = as_vector(w, {start_weights: vector(start_weights), unit_drift: vector(unit_drift)})
    along = _scalars(inner(vector(unit_drift), path))
    flow = field(VectorScalar(path, a))
    moved = path.map(lambda value: sympy.diff(value, time))
    begin = path.map(lambda value: value.subs(time, 0))
    across = (path - vector(unit_drift) * along) / a
    across_start = (vector(start_weights) - vector(unit_drift) * weights_along) / start_output
    residuals = {
        "weights": {
            **_by_component("w' = a D", moved, flow.weights),
            **_by_component("w(0)", begin, vector(start_weights)),
        },
        "output": {
            "a' = <w, D>": sympy.diff(a, time) - _scalars(flow.output),
            "a(0)": a.subs(time, 0) - start_output,
        },
        "cosine": {
            "c a = <w, Dhat>": (c * a - along).subs(_RATIO),
            "c' by the alignment ODE": sympy.diff(c, time) - ODE["cosine"].args[1].subs(cosine, c),
            "c(0)": c.subs(time, 0) - start_cosine,
        },
        "perpendicular": _by_component("omega - c Dhat", across, across_start * factor),
    }
    return {key: tuple(Zero(name, value, DOMAIN) for name, value in named.items()) for key, named in residuals.items()}


_RATIO = {weights_along: start_cosine * start_output}


def _by_component(name: str, left: Vector, right: Vector) -> dict[str, Expr]:
    found = component_differences(left, right)
    return {f"{name}, along {generator}": _scalars(value).subs(_RATIO) for generator, value in found.items()}


def time_goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) `TIME` needs: c at the stated time is 1 - delta; the asymptote's error has limit 0."""
    stated, (error, value) = statement["time"].args[1], statement["asymptote"].args
    reached = sympy.tanh(sympy.simplify(_artanh_path.subs(time, stated))) - (1 - delta)
    in_logarithms = _logarithmic(error.args[0].subs(_STATED["T"], alignment_time))
    return (
        Zero("c at the stated time", reached, DOMAIN),
        Zero("limit of the error as delta -> 0", sympy.Limit(in_logarithms, delta, 0, "+") - value, DOMAIN),
    )


def ode_derivation() -> Derivation:
    """theory.md 3.1, by differentiating omega = w/a along the flow."""
    goals = _ode_goals_by_relation(ODE)
    steps = (
        *model_steps(),
        Step("The normalised neuron", ODE["direction"], checked=False),
        Step("By the quotient rule it turns by", ODE["omega"], goals=goals["omega"]),
        Step("while |a| grows by", ODE["log_a"], goals=goals["log_a"]),
        Step("Take the inner product with a constant D, r = ||D||", ODE["monotone"], goals=goals["monotone"]),
        Step("In units of r, for c = <omega, D>/r", ODE["cosine"], goals=goals["cosine"]),
    )
    return Derivation("Alignment under a constant drift", steps, ODE["omega"])


def exponential_goals() -> dict[str, tuple[Goal, ...]]:
    """The closed forms of a and w against exp(tA) of `lorentz`, applied to the start."""
    path = act(EXPONENTIAL, START)
    output = _scalars(path.output) - output_path
    along = _scalars(path.weights.coefficient(unit_drift)) - weights_coefficient
    return {
        "output": (Zero("the last coordinate of exp(tA) z_0", output),),
        "weights": (Zero("the coefficient of Dhat in exp(tA) z_0", along),),
    }


def closed_form_derivation() -> Derivation:
    """theory.md 3.2: the exponential applied to the start, then checked against the flow."""
    goals = _closed_form_goals_by_relation(CLOSED_FORM)
    applied = exponential_goals()
    artanh = Symbol("artanh(c)", real=True)
    constant_rate = {_rate(artanh): sympy.diff(sympy.atanh(cosine), cosine) * ODE["cosine"].args[1]}
    quotient = Symbol("c_t")
    steps = (
        Step(
            "Apply exp(tA) to the start (w_0, a_0), with w_along = <w_0, Dhat>: last coordinate",
            CLOSED_FORM["output"],
            goals=(*applied["output"], *goals["output"]),
        ),
        Step("First coordinates", CLOSED_FORM["weights"], goals=(*applied["weights"], *goals["weights"])),
        Step(
            "Divide <w_t, Dhat> by a_t, with w_along = c_0 a_0",
            equal(quotient, cosine_quotient),
            {quotient: ((weights_along + weights_coefficient) / output_path).subs(_RATIO)},
            domain=DOMAIN,
        ),
        Step(
            "By c' = r (1 - c^2) the artanh of c grows at a constant rate",
            equal(_rate(artanh), rate),
            constant_rate,
            domain=DOMAIN,
        ),
        Step("so that this quotient is", CLOSED_FORM["cosine"], goals=goals["cosine"]),
        Step(
            "w moves along Dhat only: omega_perp(t) = perp_t omega_perp(0) shrinks as a grows",
            CLOSED_FORM["perpendicular"],
            goals=goals["perpendicular"],
        ),
    )
    return Derivation("Closed forms under a constant drift", steps, CLOSED_FORM["cosine"])


def time_derivation() -> Derivation:
    """theory.md 3.3."""
    reached, limit = time_goals(TIME)
    stated = _STATED["T"]
    condition = equal(sympy.atanh(1 - delta), _artanh_path.subs(time, stated))
    steps = (
        Step(
            "c = 1 - delta is reached when artanh c = r t + artanh c_0 is",
            condition,
            {stated: alignment_time},
            domain=DOMAIN,
        ),
        Step("Solve for the time", TIME["time"], goals=(reached,)),
        Step(
            "artanh(1 - delta) = (log(2 - delta) - log(delta))/2; let delta -> 0 in the first logarithm",
            TIME["asymptote"],
            goals=(limit,),
        ),
    )
    return Derivation("Alignment time", steps, TIME["time"])
