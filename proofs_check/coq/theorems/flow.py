"""Claims on the structure of the flow (theory.md 2.1, 2.3), printed to Coq for every dimension d."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Identity, ZeroMatrix
from sympy.matrices.expressions import MatAdd, MatMul, MatPow, MatrixExpr, Transpose

from ....theory.flow import lorentz, structure
from ..document import Document, Theorem, Variable
from ..motion import CoqNeuron
from ..preamble import CAUCHY_SCHWARZ, VECTORS, neurons
from ..printer import Unprintable, to_coq
from .calculus import INCREASING

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


PERSISTENCE = r"""
(* |a u| <= K a^2 when u^2 <= K^2 s and s <= a^2. *)
Lemma slow : forall a s u K, 0 <= K -> 0 <= s <= a ^ 2 -> u ^ 2 <= K ^ 2 * s -> 0 <= a * u + K * a ^ 2.
Proof.
  intros a s u K P S U.
  assert (Q : (a * u) ^ 2 <= (K * a ^ 2) ^ 2).
  { replace ((a * u) ^ 2) with (a ^ 2 * u ^ 2) by ring.
    replace ((K * a ^ 2) ^ 2) with (a ^ 2 * (K ^ 2 * a ^ 2)) by ring.
    apply Rmult_le_compat_l; [apply pow2_ge_0 | ].
    apply (Rle_trans _ (K ^ 2 * s)); [exact U | apply Rmult_le_compat_l; [apply pow2_ge_0 | lra]]. }
  assert (N : 0 <= K * a ^ 2) by (apply Rmult_le_pos; [exact P | apply pow2_ge_0]). nra.
Qed.
"""
_PERSISTS = Theorem(
    "persists", "With s = ||w||^2 and u = <D, w>: a^2 - s is constant, a^2 e^{2Kt} increases, and a keeps its sign.",
    (Variable("a", "R -> R"), Variable("s", "R -> R"), Variable("u", "R -> R"), Variable("k"), Variable("b")),
    ("0 <= b", "0 <= k", "(forall t : R, 0 <= t <= b -> is_derive a t (u t))",
     "(forall t : R, 0 <= t <= b -> is_derive s t (2 * a t * u t))", "(forall t : R, 0 <= t <= b -> 0 <= s t)",
     "(forall t : R, 0 <= t <= b -> u t ^ 2 <= k ^ 2 * s t)", "s 0 <= a 0 ^ 2", "a 0 <> 0"),
    "s b <= a b ^ 2 /\\ 0 < a 0 * a b",
    """
intros a s u K b B P A S N U I Z.
assert (Z2 : 0 < a 0 ^ 2) by (apply pow2_gt_0; exact Z).
assert (E : forall t, 0 <= t <= b -> s t <= a t ^ 2).
{ intros t T. assert (H := increasing (fun v => a v ^ 2 - s v) (fun v => 0) t (proj1 T)).
  assert (a 0 ^ 2 - s 0 <= a t ^ 2 - s t); [apply H | lra].
  - intros v V. assert (X := A v ltac:(lra)). assert (Y := S v ltac:(lra)). auto_derive.
    + split; [exists (u v); exact X | split; [eexists; exact Y | tauto]].
    + replace (Derive (fun x : R => a x) v) with (u v) by (symmetry; apply is_derive_unique; exact X).
      replace (Derive (fun x : R => s x) v) with (2 * a v * u v) by (symmetry; apply is_derive_unique; exact Y). ring.
  - intros v V. lra. }
assert (G : forall t, 0 <= t <= b -> a t <> 0).
{ intros t T O.
  assert (H := increasing (fun v => a v ^ 2 * exp (2 * K * v))
    (fun v => 2 * (a v * u v + K * a v ^ 2) * exp (2 * K * v)) t (proj1 T)).
  assert (L : a 0 ^ 2 * exp (2 * K * 0) <= a t ^ 2 * exp (2 * K * t)); [apply H | ].
  - intros v V. assert (X := A v ltac:(lra)). auto_derive.
    + exists (u v); exact X.
    + replace (Derive (fun x : R => a x) v) with (u v) by (symmetry; apply is_derive_unique; exact X). ring.
  - intros v V. assert (W : 0 <= v <= b) by lra. assert (X := exp_pos (2 * K * v)).
    assert (0 <= a v * u v + K * a v ^ 2)
      by (apply (slow _ (s v)); [exact P | split; [apply N, W | apply E, W] | apply U, W]). nra.
  - rewrite O in L. assert (X := exp_pos (2 * K * 0)). nra. }
split; [apply E; lra | ].
destruct (Rlt_le_dec 0 (a 0 * a b)) as [H | H]; [exact H | exfalso].
destruct (Rle_lt_or_eq_dec _ _ H) as [L | L]; [ | apply (G b); [lra | nra]].
assert (Y : 0 < b).
{ destruct (Rle_lt_or_eq_dec _ _ B) as [Y | Y]; [exact Y | exfalso]. rewrite <- Y in L. nra. }
destruct (Ranalysis5.IVT_interv (fun x => - (a 0 * a x)) 0 b) as [z [V W]].
- intros x X. apply derivable_continuous_pt. exists (- (a 0 * u x)). apply is_derive_Reals.
  assert (Q := A x X). auto_derive; [exists (u x); exact Q | ].
  replace (Derive (fun x : R => a x) x) with (u x) by (symmetry; apply is_derive_unique; exact Q). ring.
- exact Y.
- nra.
- lra.
- apply (G z V). nra.
""",
    lemma=True,
)  # fmt: skip


def domination(hypothesis: Basic, conclusion: Basic) -> Document:
    """flow.domination: the stated conclusion at a time b, for a neuron whose drift is bounded by K up to b."""
    neuron = CoqNeuron("(a t)", "(w t)", "w t i", "(drift t)", "drift t i")
    until = "forall t : R, 0 <= t <= b ->"
    start = {structure.output_size: "(Rabs (a 0))", structure.weights_size: "(sqrt (dot d (w 0) (w 0)))"}
    end = {structure.signed_output: "(a 0 / Rabs (a 0) * a b)", structure.weights_size: "(sqrt (dot d (w b) (w b)))"}
    theorem = Theorem(
        "domination",
        "A neuron that moves by w' = a D(t), a' = <w, D(t)> with ||D(t)|| <= K, in any dimension d.",
        (DIMENSION, Variable("a", "R -> R"), Variable("w", "R -> vec"), Variable("drift", "R -> vec"), Variable("k"),
         Variable("b")),
        ("0 <= b", "0 <= k", f"({until} is_derive a t {neuron.output_rate()})",
         f"({until} forall i : nat, is_derive (fun s : R => w s i) t ({neuron.weights_rate()}))",
         f"({until} dot d (drift t) (drift t) <= k ^ 2)", to_coq(hypothesis, start), "a 0 <> 0"),
        f"{to_coq(conclusion, end)} /\\ a b <> 0",
        """
intros d a w D K b B P A W Q I Z.
destruct (persists a (fun t => dot d (w t) (w t)) (fun t => dot d (D t) (w t)) K b) as [S G].
- exact B.
- exact P.
- intros t T. exact (A t T).
- intros t T. evar_last.
  + apply is_derive_dot; exact (W t T).
  + simpl. inner. rewrite (dot_sym d (w t) (D t)). ring.
- intros t T. apply dot_nonnegative.
- intros t T. apply (Rle_trans _ (dot d (D t) (D t) * dot d (w t) (w t))); [apply cauchy_schwarz | ].
  apply Rmult_le_compat_r; [apply dot_nonnegative | exact (Q t T)].
- assert (N := dot_nonnegative d (w 0)). assert (X := sqrt_sqrt _ N). assert (Y := sqrt_pos (dot d (w 0) (w 0))).
  rewrite <- (pow2_abs (a 0)). nra.
- exact Z.
- assert (E : a 0 / Rabs (a 0) * a b = Rabs (a b)).
  { destruct (Rlt_le_dec 0 (a 0)) as [H | H].
    - rewrite (Rabs_pos_eq (a 0)) by lra. rewrite (Rabs_pos_eq (a b)) by nra. field. lra.
    - assert (a 0 < 0) by lra. rewrite (Rabs_left (a 0)) by lra. rewrite (Rabs_left (a b)) by nra. field. lra. }
  split; [ | intro O; rewrite O in G; lra].
  rewrite E. apply Rle_ge. rewrite <- (sqrt_pow2 (Rabs (a b))) by apply Rabs_pos.
  apply sqrt_le_1_alt. rewrite pow2_abs. exact S.
""",
        witness=("1%nat", "exp", "(fun t i => exp t)", "(fun t i => 1)", "1", "1"),
        witness_proof="do 2 (split; [lra | ]). split; [intros t T; simpl; auto_derive; [tauto | ring] | ]. "
        "split; [intros t T i; auto_derive; [tauto | ring] | ]. split; [intros t T; simpl; lra | ]. "
        "simpl. rewrite exp_0, Rabs_R1. replace (0 + 1 * 1) with 1 by ring. rewrite sqrt_1. lra.",
    )  # fmt: skip
    return Document("flow.domination", (INCREASING, _PERSISTS, theorem), VECTORS + CAUCHY_SCHWARZ + PERSISTENCE)


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
