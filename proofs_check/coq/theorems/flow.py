"""Claims on the structure of the flow (theory.md 2.1, 2.3), printed to Coq for every dimension d."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Identity, ZeroMatrix
from sympy.matrices.expressions import MatAdd, MatMul, MatPow, MatrixExpr, Transpose

from ....theory.flow import lorentz, structure
from ..document import Document, Theorem, Variable
from ..motion import CoqNeuron
from ..preamble import VECTORS, neurons
from ..printer import Unprintable, to_coq

DIMENSION, DRIFT, NEURON = Variable("d", "nat"), Variable("drift", "vec"), Variable("z", "point")
TIME, RATE = Variable("t"), Variable("r")


def equations_of_motion() -> tuple[str, str]:
    """The equations of a' and w' at the time t, coordinate by coordinate, as hypotheses."""
    neuron = CoqNeuron("(a t)", "(w t)", "w t i", "drift", "drift i")
    return (
        f"is_derive a t {neuron.output_rate()}",
        f"(forall i : nat, is_derive (fun s : R => w s i) t ({neuron.weights_rate()}))",
    )


def balancedness(statement: sympy.Eq) -> Document:
    """flow.balancedness: the derivative of the stated quantity, from the equations of one neuron in any drift D."""
    derivative, value = statement.args
    if not isinstance(derivative, sympy.Derivative):
        raise Unprintable(f"{derivative} is not the derivative of a quantity")
    quantity = to_coq(
        derivative.args[0], {structure.output_squared: "(a s ^ 2)", structure.weights_squared: "(dot d (w s) (w s))"}
    )
    theorem = Theorem(
        "balancedness",
        "A neuron that moves by w' = a D, a' = <w, D>: the drift D may be any at this time, that of a kink included.",
        (DIMENSION, Variable("a", "R -> R"), Variable("w", "R -> vec"), DRIFT, TIME),
        equations_of_motion(),
        f"is_derive (fun s : R => {quantity}) t {to_coq(value)}",
        """
intros d a w D t Ha Hw.
apply (is_derive_ext (fun s : R => a s ^ 2 + (- 1) * dot d (w s) (w s)));
  [intro s; match goal with |- @eq _ ?x ?y => change (@eq R x y) end; ring | ].
evar_last.
- apply (is_derive_plus (fun s : R => a s ^ 2) (fun s : R => (- 1) * dot d (w s) (w s))).
  + apply (is_derive_pow a 2 t _ Ha).
  + apply (is_derive_scal (fun s : R => dot d (w s) (w s))). apply is_derive_dot; exact Hw.
- unfold plus; simpl. inner. rewrite (dot_sym d D (w t)). ring.
""",
        witness=("1%nat", "exp", "(fun t i => exp t)", "(fun i => 1)", "0"),
        witness_proof="split; [|intro i]; simpl; auto_derive; try tauto; ring.",
    )
    return Document("flow.balancedness", (theorem,), VECTORS)


def neuron_map(matrix: MatrixExpr, to: str, maps: Mapping[Basic, str] | None = None) -> str:
    """A matrix expression in A, J, the identity and the names in `maps`, applied to the neuron `to`."""
    named = {lorentz.A: "field_of d drift", lorentz.J: "reflect", **(maps or {})}
    if matrix in named:
        return f"({named[matrix]} {to})"
    if isinstance(matrix, Identity):
        return to
    if isinstance(matrix, ZeroMatrix):
        return f"(times 0 {to})"
    if isinstance(matrix, MatAdd):
        first, *others = (neuron_map(part, to, maps) for part in matrix.args)
        for part in others:
            first = f"(add {first} {part})"
        return first
    if isinstance(matrix, MatMul):
        coefficient, factors = matrix.as_coeff_matrices()
        for factor in reversed(factors):
            to = neuron_map(factor, to, maps)
        return to if coefficient == 1 else f"(times {to_coq(coefficient)} {to})"
    if isinstance(matrix, MatPow) and matrix.exp.is_Integer and matrix.exp.is_positive:
        for _ in range(int(matrix.exp)):
            to = neuron_map(matrix.base, to, maps)
        return to
    if isinstance(matrix, Transpose) and matrix.arg in named:
        return neuron_map(matrix.arg, to, maps)  # A, J and PHI are symmetric: the theorem `symmetric`
    raise Unprintable(f"{matrix} is not a polynomial in A, J, PHI and the identity")


NORM = ("r > 0", "dot d drift drift = r ^ 2")
UNIT_CASE = ("1%nat", "(fun i => 1)", "1")
"""d = 1, D = 1, r = 1."""


def lorentz_form(statement: Mapping[str, sympy.Basic]) -> Document:
    """flow.lorentz: each relation between matrices, as an equation between their values at every neuron."""
    relation = {name: tuple(value.args) for name, value in statement.items()}
    phi = neuron_map(relation["exponential"][1], "z")
    defined = f"Definition phi (d : nat) (drift : vec) (r t : R) (z : point) : point :=\n  {phi}."
    maps = {lorentz.PHI: "phi d drift r t"}
    middle, at_start = relation["form"]
    if not isinstance(middle, MatMul) or middle.args[0] != lorentz.PHI.T or middle.args[-1] != lorentz.PHI:
        raise Unprintable(f"{middle} is not of the form PHI^T X PHI")
    through = MatMul(*middle.args[1:-1])
    common = (DIMENSION, DRIFT, RATE)
    z_is_one = "(Point (fun i => 1) 1)"
    theorems = (
        Theorem(
            "algebra_symmetric", "A(D) and J are symmetric: a transpose of theirs is printed as themselves.",
            (DIMENSION, DRIFT, Variable("y", "point"), NEURON), (),
            "euclid d (field_of d drift y) z = euclid d y (field_of d drift z) /\\ "
            "euclid d (reflect y) z = euclid d y (reflect z)",
            "intros. unfold euclid, field_of, reflect; simpl; inner.\n"
            "rewrite (dot_sym d (weights y) drift). split; ring.",
        ),
        Theorem(
            "algebra", "A^T J + J A = 0", (DIMENSION, DRIFT, NEURON), (),
            f"same {neuron_map(relation['algebra'][0], 'z')} {neuron_map(relation['algebra'][1], 'z')}",
            "pointwise; ring.",
        ),
        Theorem(
            "cube", "A^3 = r^2 A", (*common, NEURON), NORM,
            f"same {neuron_map(relation['cube'][0], 'z')} {neuron_map(relation['cube'][1], 'z')}",
            "intros d D r z P N. pointwise; rewrite ?N; ring.",
            (*UNIT_CASE, z_is_one), "simpl; split; ring_simplify; lra.",
        ),
        Theorem(
            "exponential", "PHI(t) z moves by A(D): PHI' = A PHI", (*common, TIME, NEURON), NORM,
            "moves (fun s => phi d drift r s z) t (field_of d drift (phi d drift r t z))",
            "intros d D r t z P N. split; [intro i | idtac]; unfold phi, add, times, field_of; simpl; inner;\n"
            "  rewrite ?N; auto_derive; try tauto; field; lra.",
            (*UNIT_CASE, "0", z_is_one), "simpl; split; ring_simplify; lra.",
        ),
        Theorem(
            "exponential_starts_at_the_identity", "PHI(0) = I", (*common, NEURON), ("r > 0",),
            "same (phi d drift r 0 z) z",
            "intros d D r z P. unfold phi. pointwise; rewrite ?Rmult_0_r, ?Rmult_0_l, ?Ropp_0, ?exp_0; field; lra.",
            (*UNIT_CASE, z_is_one), "lra.",
        ),
        Theorem(
            "symmetric", "PHI is symmetric: PHI^T is printed as PHI",
            (*common, TIME, Variable("y", "point"), NEURON), (),
            "euclid d (phi d drift r t y) z = euclid d y (phi d drift r t z)",
            "intros d D r t y z. unfold euclid, phi, add, times, field_of; simpl; inner.\n"
            "rewrite ?(dot_sym d (weights y) D). ring.",
        ),
        Theorem(
            "inverse", "What PHI^-1 is stated to be undoes PHI", (*common, TIME, NEURON), NORM,
            f"same {neuron_map(relation['inverse'][1], neuron_map(lorentz.PHI, 'z', maps), maps)} z",
            "intros d D r t z P N. unfold phi. pointwise; rewrite ?N, ?exp_Ropp; assert (Q := exp_pos (r * t));\n"
            "  try (rewrite (Rmult_comm t r)); rewrite ?exp_Ropp; field; lra.",
            (*UNIT_CASE, "0", z_is_one), "simpl; split; ring_simplify; lra.",
        ),
        Theorem(
            "form", "<X z, y> is constant for neurons y, z that move by A(D(t)), whatever D does in time",
            (DIMENSION, Variable("drift", "vec"), Variable("y", "R -> point"), Variable("z", "R -> point"), TIME),
            ("moves y t (field_of d drift (y t))", "moves z t (field_of d drift (z t))"),
            f"is_derive (fun s : R => euclid d {neuron_map(through, '(z s)')} (y s)) t 0",
            """
intros d D y z t [Wy Ay] [Wz Az]. unfold euclid, reflect; simpl.
apply (is_derive_ext (fun s => dot d (weights (z s)) (weights (y s)) + - output (z s) * output (y s)));
  [intro s; match goal with |- @eq _ ?x ?y => change (@eq R x y) end; ring | ].
evar_last.
- apply (is_derive_plus (fun s => dot d (weights (z s)) (weights (y s))) (fun s => - output (z s) * output (y s))).
  + apply is_derive_dot; [exact Wz | exact Wy].
  + apply (is_derive_mult (fun s => - output (z s)) (fun s => output (y s)) t).
    * apply (is_derive_opp (fun s => output (z s))). exact Az.
    * exact Ay.
    * exact Rmult_comm.
- unfold plus, mult, opp; simpl. inner. rewrite (dot_sym d (weights (z t)) D). ring.
""",
            ("1%nat", "(fun i => 1)", "(fun t => Point (fun i => exp t) (exp t))",
             "(fun t => Point (fun i => exp t) (exp t))", "0"),
            "split; split; [intro i | | intro i |]; simpl; auto_derive; try tauto; ring.",
        ),
        Theorem(
            "form_at_the_start", "where it is what is stated", (DIMENSION, DRIFT, NEURON), (),
            f"same {neuron_map(through, 'z')} {neuron_map(at_start, 'z')}", "pointwise; ring.",
        ),
    )  # fmt: skip
    return Document("flow.lorentz", theorems, f"{VECTORS.strip()}\n\n{neurons().strip()}\n\n{defined}")
