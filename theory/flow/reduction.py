"""The reduction of a network to its activation patterns (theory.md 2.5), for symbolic width and dimension.

Neurons with one pattern u share the slopes slope_u(k), so the drift, so the map Phi_u; their part of the outputs, and
what moves it, are functions of M_u = sum z z^T. The statement is checked on the model's network and flow.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Expr, Function, IndexedBase, MatrixSymbol, Sum, Symbol

from .. import model
from ..formal.derivation import Derivation, Goal, Step, Zero, equal
from ..formal.sums import normal_form
from ..formal.vectors import Inner, Vector, family, inner, vector
from . import lorentz
from .equations import model_steps
from .lorentz import OTHER, PHI, START, J, VectorScalar, euclidean, field, form_goals

slope = IndexedBase("slope", nonnegative=True)
"""slope[k] of a group at the point k."""
moment_vector = Symbol("beta_u")
"""beta_u = sum_j a_j w_j over the group: the w-a block of sum_j z_j z_j^T."""
any_time = Symbol("t", nonnegative=True)
pattern, weights_at = Function("u_j"), Function("w_j")
activation_pattern = Function("A")
starting_pattern = activation_pattern(weights_at(0))
"""The pattern that a neuron starts with."""

_AT, _BEGIN = (MatrixSymbol(name, lorentz.dimension + 1, 1) for name in ("z(t)", "z(0)"))
_MOMENT_AT, _MOMENT_BEGIN = (MatrixSymbol(name, *PHI.shape) for name in ("M(t)", "M(0)"))

_INVERSE = MatrixSymbol("Psi", *PHI.shape)

STATEMENT: dict[str, sympy.Basic] = {
    "pattern": equal(pattern(any_time), activation_pattern(weights_at(any_time))),
    "outputs": equal(Symbol("h_u"), slope[model.k] * Inner(moment_vector, model.inputs[model.k])),
    "transfer": equal(PHI**-1, J * PHI.T * J),
}
"""flow.reduction: neuron j moves by the map of the pattern u_j(t); h_u is its group's part of the output at x_k."""


def _shared(expression: Expr) -> Expr:
    """The same with every neuron's slopes eta_jk replaced by slope_k."""
    return expression.replace(
        lambda atom: isinstance(atom, sympy.Indexed) and atom.base == model.slopes, lambda atom: slope[atom.indices[1]]
    )


def shared_drift_goal() -> Goal:
    """The drift of neuron j, its slopes being those of the group, minus (1/n) sum_k slope_k p_k x_k: no j is left."""
    k, test = model.k, vector(family("v")[1])
    shared = (vector(model.inputs[k]) * (slope[k] * model.pull(k) / model.n)).over((k, 1, model.n))
    return Zero("D_j - D_u along any vector", normal_form(_shared(inner(model.drift(), test)) - inner(shared, test)))


def shared_map_goals() -> tuple[Goal, ...]:
    """A(D) (x z + y z') = x A(D) z + y A(D) z': so that z_j(t) = Phi_u(t) z_j(0) for every neuron of the group."""
    x, y = sympy.symbols("x y", real=True)
    left, right = field(START.scaled(x) + OTHER.scaled(y)), field(START).scaled(x) + field(OTHER).scaled(y)
    return tuple(Zero(f"A(D) is linear: {part}", value) for part, value in left.differences(right).items())


def outputs_goal(relation: Basic) -> Goal:
    """sum_j a_j slope_k <w_j, x_k> over a group of m neurons minus its stated part of the output."""
    k, j = model.k, model.j
    along = Sum(model.output_weights[j] * Inner(model.weights[j], model.inputs[k]), (j, 1, model.m))
    stated = relation.args[1].xreplace({Inner(moment_vector, model.inputs[k]): along})
    return Zero("the group's part of h(x_k)", normal_form(_shared(model.sloped_network(k)) - stated))


def moment_goals() -> tuple[Goal, ...]:
    """For one neuron: <(v, 0), z z^T (0, 1)> = a <v, w>, and (z z^T)' q = A z z^T q + z z^T A^T q for every q."""
    test = Vector(), sympy.S.One
    block = euclidean(VectorScalar(vector("v"), sympy.S.Zero), _moment(START, VectorScalar(*test)))
    moved = field(START).scaled(euclidean(START, OTHER)) + START.scaled(euclidean(field(START), OTHER))
    stated = field(_moment(START, OTHER)) + _moment(START, field(OTHER))
    return (
        Zero("the w-a block of z z^T is a w", block - START.output * inner(START.weights, vector("v"))),
        *(Zero(f"(z z^T)' = A M + M A^T: {part}", value) for part, value in moved.differences(stated).items()),
    )


def _moment(of: VectorScalar, point: VectorScalar) -> VectorScalar:
    """z z^T applied to a pair."""
    return of.scaled(euclidean(of, point))


def transfer_goals(relation: Basic) -> tuple[Goal, ...]:
    """PHI^T J PHI = J for any drift in time, so PHI^T = J PHI^-1 J: the stated inverse must then reduce to PHI^-1.

    exp(tA), itself one of those inverses, stands for PHI^-1.
    """
    maps = {_INVERSE: lorentz.EXPONENTIAL}
    stated = relation.args[1].xreplace({PHI.T: J * _INVERSE * J})
    left, right = lorentz.act(stated, START, maps), lorentz.act(_INVERSE, START, maps)
    same = (Zero(f"inverse: {part}", value) for part, value in left.differences(right).items())
    return (*form_goals(lorentz.STATEMENT["form"]), *same)


def continuity_goal() -> Goal:
    """A neuron's term of the network with one slope minus that with another, on the hyperplane <w_j, x_k> = 0."""
    k, j = model.k, model.j
    term, (before, after) = model.sloped_network(k).args[0], sympy.symbols("before after", nonnegative=True)
    change: Expr = term.subs(model.slopes[j, k], before) - term.subs(model.slopes[j, k], after)
    on_hyperplane = {Inner(model.weights[j], model.inputs[k]): sympy.S.Zero}
    return Zero("the jump of h at an event", change.xreplace(on_hyperplane))


def goals(statement: Mapping[str, Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) statement needs; "pattern" is for flows to decide."""
    return (
        shared_drift_goal(),
        *shared_map_goals(),
        outputs_goal(statement["outputs"]),
        *moment_goals(),
        *transfer_goals(statement["transfer"]),
        continuity_goal(),
    )


def derivation() -> Derivation:
    """theory.md 2.5."""
    drift, shared = sympy.Indexed("D", model.j), Symbol("D_u")
    steps = (
        *model_steps(),
        Step(
            "Neurons with one pattern have the same slopes, so the same drift",
            equal(drift, shared),
            goals=(shared_drift_goal(),),
        ),
        Step(
            "z' = A(D) z is linear in z: one map Phi_u, Phi_u' = A(D_u) Phi_u, moves all of them",
            equal(_AT, PHI * _BEGIN),
            goals=shared_map_goals(),
        ),
        Step("Their part of the output at x_k", STATEMENT["outputs"], goals=(outputs_goal(STATEMENT["outputs"]),)),
        Step(
            "beta_u is the w-a block of M = sum z z^T, which moves by M' = A M + M A^T, as Phi_u M(0) Phi_u^T does",
            equal(_MOMENT_AT, PHI * _MOMENT_BEGIN * PHI.T),
            goals=moment_goals(),
        ),
        Step(
            "A neuron that changes its pattern is put into the other group's frame without a solve",
            STATEMENT["transfer"],
            goals=transfer_goals(STATEMENT["transfer"]),
        ),
        Step("and no output jumps", equal(Symbol("h_k(t+)"), Symbol("h_k(t-)")), goals=(continuity_goal(),)),
    )
    return Derivation("Reduction to activation patterns", steps, STATEMENT["outputs"])
