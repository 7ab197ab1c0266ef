"""The Lorentz form of the flow of one neuron (theory.md 2.3), for every dimension.

z = (w, a) obeys z' = A(D) z. Matrices of symbolic size d + 1 state the relations; `act` applies such a matrix
expression to a pair (vector, scalar), so that any stated relation, true or altered, is checked on a generic pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy
from sympy import Expr, Identity, MatrixSymbol, Symbol, ZeroMatrix
from sympy.matrices.expressions import MatAdd, MatMul, MatPow, MatrixExpr, Transpose

from .. import model
from ..formal.derivation import Derivation, Goal, Step, Zero, equal
from ..formal.vectors import Inner, Vector, component_differences, inner, vector
from .equations import model_steps

dimension = Symbol("d", integer=True, positive=True)
rate = Symbol("r", positive=True)
time = Symbol("t", nonnegative=True)
unit_drift = Symbol("Dhat")
start_weights = Symbol("w_0")
start_output = Symbol("a_0", real=True, nonzero=True)

_SIZE = dimension + 1
A = MatrixSymbol("A", _SIZE, _SIZE)
J = MatrixSymbol("J", _SIZE, _SIZE)
PHI = MatrixSymbol("Phi", _SIZE, _SIZE)
IDENTITY = Identity(_SIZE)
ZERO = ZeroMatrix(_SIZE, _SIZE)


@dataclass(frozen=True)
class VectorScalar:
    """A point z = (w, a) of R^(d+1): a vector and a scalar."""

    weights: Vector
    output: Expr

    def __add__(self, other: VectorScalar) -> VectorScalar:
        return VectorScalar(self.weights + other.weights, self.output + other.output)

    def scaled(self, factor: Expr) -> VectorScalar:
        """The pair times a scalar."""
        return VectorScalar(self.weights * factor, self.output * factor)

    def differences(self, other: VectorScalar) -> dict[str, Expr]:
        """This pair minus another: along every generator of either, and in the last coordinate, with ||Dhat|| = 1."""
        along = component_differences(self.weights, other.weights)
        found = {f"component along {name}": value for name, value in along.items()}
        return {name: _unit(value) for name, value in {**found, "last coordinate": self.output - other.output}.items()}


def _unit(value: Expr) -> Expr:
    return sympy.sympify(value).xreplace({Inner(unit_drift, unit_drift): sympy.S.One})


START = VectorScalar(vector(start_weights), start_output)
OTHER = VectorScalar(vector("v"), Symbol("b", real=True))
DRIFT = vector(unit_drift) * rate


def field(point: VectorScalar) -> VectorScalar:
    """A(D) z, the flow of the model at one neuron in the drift D = r Dhat."""
    return VectorScalar(*model.neuron_flow().at(point.weights, point.output, DRIFT))


def reflect(point: VectorScalar) -> VectorScalar:
    """J z = (w, -a)."""
    return VectorScalar(point.weights, -point.output)


def euclidean(first: VectorScalar, second: VectorScalar) -> Expr:
    """The inner product of R^(d+1)."""
    return inner(first.weights, second.weights) + first.output * second.output


def act(matrix: MatrixExpr, point: VectorScalar, maps: Mapping[MatrixExpr, MatrixExpr] | None = None) -> VectorScalar:
    """A matrix expression in A, J, the identity and the names in `maps`, applied to a pair.

    Transposes are taken factor by factor; A and J are symmetric. Raises ValueError for an unknown matrix.
    """
    known = maps or {}
    if matrix in known:
        return act(known[matrix], point, maps)
    if isinstance(matrix, MatAdd):
        total = VectorScalar(Vector(), sympy.S.Zero)
        for argument in matrix.args:
            total = total + act(argument, point, maps)
        return total
    if isinstance(matrix, MatMul):
        coefficient, factors = matrix.as_coeff_matrices()
        for factor in reversed(factors):
            point = act(factor, point, maps)
        return point.scaled(coefficient)
    if isinstance(matrix, MatPow) and matrix.exp.is_Integer and matrix.exp.is_positive:
        for _ in range(int(matrix.exp)):
            point = act(matrix.base, point, maps)
        return point
    if isinstance(matrix, Transpose):
        return act(_transposed(matrix.arg, known), point, maps)
    if matrix == A:
        return field(point)
    if matrix == J:
        return reflect(point)
    if isinstance(matrix, Identity):
        return point
    if isinstance(matrix, ZeroMatrix):
        return point.scaled(sympy.S.Zero)
    raise ValueError(f"{matrix} is not a polynomial in A, J and the identity")


def _transposed(matrix: MatrixExpr, known: Mapping[MatrixExpr, MatrixExpr]) -> MatrixExpr:
    if matrix in known:
        return _transposed(known[matrix], known)
    return sympy.transpose(matrix).xreplace({Transpose(A): A, Transpose(J): J})


EXPONENTIAL: MatrixExpr = MatAdd(
    IDENTITY, sympy.sinh(rate * time) / rate * A, (sympy.cosh(rate * time) - 1) / rate**2 * A**2
)
"""exp(tA) for a constant drift of norm r; `exponential_goals` shows that it solves PHI' = A PHI, PHI(0) = I."""

STATEMENT: dict[str, sympy.Basic] = {
    "algebra": equal(A.T * J + J * A, ZERO),
    "cube": equal(A**3, rate**2 * A),
    "exponential": equal(PHI, EXPONENTIAL),
    "inverse": equal(PHI**-1, J * PHI.T * J),
    "form": equal(PHI.T * J * PHI, J),
}
"""flow.lorentz: PHI stands for exp(tA); in "form" for any solution of PHI' = A(D(t)) PHI, PHI(0) = I."""


def goals(statement: Mapping[str, sympy.Basic]) -> tuple[Goal, ...]:
    """What a (possibly altered) statement needs: each relation on a generic pair; PHI' = A PHI and PHI(0) = I."""
    full = {**STATEMENT, **statement}
    return (
        *(goal for name in ("algebra", "cube") for goal in relation_goals(name, full[name])),
        *exponential_goals(full["exponential"]),
        *_same(
            "inverse", act(full["inverse"].args[1], act(PHI, START, _FOR_CONSTANT_DRIFT), _FOR_CONSTANT_DRIFT), START
        ),
        *form_goals(full["form"]),
    )


def relation_goals(name: str, relation: sympy.Basic) -> list[Goal]:
    """Both sides of an equation between matrices, applied to a generic pair."""
    left, right = relation.args
    return _same(name, act(left, START), act(right, START))


def exponential_goals(relation: sympy.Basic) -> list[Goal]:
    """The stated PHI(t) obeys PHI' = A PHI and PHI(0) = I."""
    path = act(relation.args[1], START)
    moved = VectorScalar(path.weights.map(lambda value: sympy.diff(value, time)), sympy.diff(path.output, time))
    begin = VectorScalar(path.weights.map(lambda value: value.subs(time, 0)), path.output.subs(time, 0))
    return [*_same("PHI' = A PHI", moved, field(path)), *_same("PHI(0) = I", begin, START)]


def form_goals(relation: sympy.Basic) -> list[Goal]:
    """PHI^T X PHI is constant when PHI' = A(D(t)) PHI for any drift in time, and it starts at the stated value.

    Its derivative is PHI^T (A^T X + X A) PHI at the drift of that time: r and Dhat are arbitrary here, and no
    derivative of the drift occurs.
    """
    left, right = relation.args
    if not isinstance(left, MatMul) or left.args[0] != PHI.T or left.args[-1] != PHI:
        raise ValueError(f"{left} is not of the form PHI^T X PHI")
    middle = MatMul(*left.args[1:-1])
    rate_of_form = euclidean(act(middle, field(START)), OTHER) + euclidean(act(middle, START), field(OTHER))
    return [
        Zero("(<X z, z'>)' along z' = A(D(t)) z", _unit(rate_of_form)),
        *_same("at PHI = I", act(middle, START), act(right, START)),
    ]


_FOR_CONSTANT_DRIFT = {PHI: EXPONENTIAL}


def _same(name: str, left: VectorScalar, right: VectorScalar) -> list[Goal]:
    return [Zero(f"{name}: {part}", value) for part, value in left.differences(right).items()]


def derivation() -> Derivation:
    """theory.md 2.3, from the flow of one neuron to the exponential and its inverse."""
    symmetric = _unit(euclidean(field(START), OTHER) - euclidean(START, field(OTHER)))
    full = STATEMENT
    found = {name: tuple(relation_goals(name, full[name])) for name in ("algebra", "cube")}
    inverse = tuple(
        _same("inverse", act(full["inverse"].args[1], act(PHI, START, _FOR_CONSTANT_DRIFT), _FOR_CONSTANT_DRIFT), START)
    )
    steps = (
        *model_steps(),
        Step("A(D) z = (a D, <D, w>) for z = (w, a) is symmetric", equal(A.T, A), goals=(Zero("A^T = A", symmetric),)),
        Step(
            "With J z = (w, -a), A is in the Lie algebra of the Lorentz group", full["algebra"], goals=found["algebra"]
        ),
        Step(
            "So the Lorentz form is constant along PHI' = A(D(t)) PHI, whatever the drift does in time",
            full["form"],
            goals=tuple(form_goals(full["form"])),
        ),
        Step("For a constant drift of norm r the powers of A repeat", full["cube"], goals=found["cube"]),
        Step(
            "The exponential series sums to PHI = exp(tA), which solves PHI' = A PHI, PHI(0) = I",
            full["exponential"],
            goals=tuple(exponential_goals(full["exponential"])),
        ),
        Step("Its inverse needs no solve", full["inverse"], goals=inverse),
    )
    return Derivation("Lorentz form of the flow of one neuron", steps, STATEMENT["exponential"])
