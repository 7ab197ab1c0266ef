"""Steps of Theorem A (theory.md 9.1), printed to Coq for every dimension and every number of points."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic

from ....theory.spurious import bundle, phase_one
from ..document import Document, Theorem, Variable
from ..motion import CoqNeuron
from ..preamble import VECTORS
from ..printer import Unprintable, to_coq
from .calculus import INCREASING
from .sliding import drift_coefficient

_DERIVED = r"""
(* Put the derivative of f at t, which the hypothesis H says, in place of `Derive f t`. *)
Ltac derived H :=
  match type of H with is_derive ?f ?t ?l =>
    replace (Derive (fun x : R => f x) t) with l by (symmetry; apply is_derive_unique; exact H) end.
"""

_POINTS = r"""
Lemma dot_ext : forall n f g h, (forall k, (k < n)%nat -> g k = h k) -> dot n f g = dot n f h.
Proof.
  induction n as [|n IH]; intros f g h E; simpl; [reflexivity | ].
  rewrite (IH f g h), (E n); [reflexivity | lia | intros k K; apply E; lia].
Qed.

(* The sum over the points k < n of f_k x_k; as a function of k, a sum over k < n is a `dot n` as well. *)
Definition weighted (n : nat) (f : nat -> R) (x : nat -> vec) : vec := fun i : nat => dot n f (fun k : nat => x k i).

Lemma dot_weighted : forall n d f x u, dot d (weighted n f x) u = dot n f (fun k => dot d (x k) u).
Proof.
  intros n d f x u. unfold weighted. induction d as [|d IH]; simpl.
  - induction n as [|n IH]; simpl; [reflexivity | rewrite <- IH; ring].
  - rewrite IH, (dot_ext n f (fun k => dot d (x k) u + x k d * u d) (fun k => dot d (x k) u + u d * x k d))
      by (intros; ring). rewrite dot_sum_r, dot_scaled_r. ring.
Qed.
"""
_PUSHED = r"""
Lemma is_derive_seen : forall d (w : R -> vec) w' u t,
  (forall i, is_derive (fun s => w s i) t (w' i)) -> is_derive (fun s => dot d (w s) u) t (dot d w' u).
Proof.
  intros d w w' u t H. evar_last.
  - apply (is_derive_dot d w (fun s => u) w' (fun i => 0) t H).
    intro i. exact (@is_derive_const R_AbsRing R_NormedModule (u i) t).
  - assert (O : dot d (w t) (fun _ => 0) = 0)
      by (clear; induction d as [|d IH]; simpl; [reflexivity | rewrite IH; ring]).
    rewrite O. ring.
Qed.

Lemma terms : forall n f g, (forall k, (k < n)%nat -> 0 <= f k * g k) -> 0 <= dot n f g.
Proof.
  induction n as [|n IH]; intros f g P; simpl; [lra | ].
  assert (Q := P n ltac:(lia)). assert (T := IH f g ltac:(intros k K; apply P; lia)). lra.
Qed.

Lemma one_term : forall n f g m,
  (m < n)%nat -> (forall k, (k < n)%nat -> 0 <= f k * g k) -> f m * g m <= dot n f g.
Proof.
  induction n as [|n IH]; intros f g m M P; [lia | simpl].
  assert (T := terms n f g ltac:(intros k K; apply P; lia)). assert (Q := P n ltac:(lia)).
  destruct (Nat.eq_dec m n) as [E | E]; [rewrite E; lra | ].
  assert (W := IH f g m ltac:(lia) ltac:(intros k K; apply P; lia)). lra.
Qed.

(* The push of one active point m towards x_l, and <D, w> >= 0, for slopes that vanish where a point is inactive. *)
Lemma pushed : forall d n l m x p eta y zeta c w, (0 < n)%nat -> (m < n)%nat ->
  (forall k, (k < n)%nat -> 0 <= p k /\ 0 <= eta k /\ 0 <= eta k * dot d w (x k) /\ 0 <= dot d (x k) (x l)) ->
  eta m = 1 -> 0 <= zeta -> zeta * y m <= p m -> c <= y m * dot d (x m) (x l) / INR n ->
  0 <= dot d (weighted n (fun k => COEFFICIENT) x) w /\
  zeta * c <= dot d (weighted n (fun k => COEFFICIENT) x) (x l).
Proof.
  intros d n l m x p eta y zeta c w N M P S Z B C. assert (I : 0 < INR n) by (apply lt_0_INR; exact N).
  assert (J : 0 < / INR n) by (apply Rinv_0_lt_compat; exact I).
  rewrite !dot_weighted. set (f := fun k => COEFFICIENT).
  assert (F : forall k, f k = eta k * p k * / INR n) by (intros; unfold f; field; lra). split.
  - apply terms. intros k K. destruct (P k K) as [P1 [P2 [P3 P4]]]. rewrite F, (dot_sym d (x k)).
    replace (eta k * p k * / INR n * dot d w (x k)) with (p k * / INR n * (eta k * dot d w (x k))) by ring.
    apply Rmult_le_pos; [apply Rmult_le_pos; lra | exact P3].
  - apply (Rle_trans _ (f m * dot d (x m) (x l))).
    + destruct (P m M) as [P1 [P2 [P3 P4]]]. rewrite F, S.
      apply (Rle_trans _ (zeta * (y m * dot d (x m) (x l) / INR n))); [apply Rmult_le_compat_l; assumption | ].
      replace (zeta * (y m * dot d (x m) (x l) / INR n)) with (zeta * y m * (dot d (x m) (x l) * / INR n))
        by (field; lra).
      replace (1 * p m * / INR n * dot d (x m) (x l)) with (p m * (dot d (x m) (x l) * / INR n)) by (field; lra).
      apply Rmult_le_compat_r; [apply Rmult_le_pos; lra | exact B].
    + apply (one_term n f (fun k => dot d (x k) (x l)) m M). intros k K. destruct (P k K) as [P1 [P2 [P3 P4]]].
      rewrite F. apply Rmult_le_pos; [ | exact P4]. repeat apply Rmult_le_pos; lra.
Qed.
"""


def conserved_product(statement: Mapping[str, Basic]) -> Document:
    """spurious.bundle: the derivative of the stated quantity, from the equations of two neurons in one drift."""
    derivative, value = statement["product"].args
    if not isinstance(derivative, sympy.Derivative):
        raise Unprintable(f"{derivative} is not the derivative of a quantity")
    first = CoqNeuron("(a t)", "(w t)", "w t i", "drift", "drift i")
    second = CoqNeuron("(c t)", "(v t)", "v t i", "drift", "drift i")

    def quantity(between: str) -> str:
        names = {bundle.first_output: "(a s)", bundle.second_output: "(c s)"}
        return to_coq(derivative.args[0], {**names, bundle.omega_product: f"({between} / (a s * c s))"})

    theorem = Theorem(
        "product",
        "Two neurons (w, a) and (v, c) that move in the same drift, which may be any at this time.",
        (Variable("d", "nat"), Variable("a", "R -> R"), Variable("w", "R -> vec"), Variable("c", "R -> R"),
         Variable("v", "R -> vec"), Variable("drift", "vec"), Variable("t")),
        ("a t <> 0", "c t <> 0",
         f"is_derive a t {first.output_rate()}",
         f"(forall i : nat, is_derive (fun s : R => w s i) t ({first.weights_rate()}))",
         f"is_derive c t {second.output_rate()}",
         f"(forall i : nat, is_derive (fun s : R => v s i) t ({second.weights_rate()}))"),
        f"is_derive (fun s : R => {quantity('dot d (w s) (v s)')}) t {to_coq(value)}",
        """
intros d a w c v D t A C Ha Hw Hc Hv.
assert (P := is_derive_dot d w v _ _ t Hw Hv). cbv beta in P.
rewrite dot_scaled, dot_scaled_r, (dot_sym d (w t) D) in P.
set (p := fun s => dot d (w s) (v s)) in *.
match type of P with is_derive _ _ ?l => change (is_derive p t l) in P end.
change (is_derive (fun s : R => QUANTITY) t VALUE).
auto_derive.
- repeat split; try (eexists; eassumption). apply Rmult_integral_contrapositive; tauto.
- derived Ha. derived Hc. derived P. field. tauto.
""".replace("QUANTITY", quantity("p s")).replace("VALUE", to_coq(value)),
        witness=("1%nat", "exp", "(fun t i => exp t)", "exp", "(fun t i => exp t)", "(fun i => 1)", "0"),
        witness_proof="assert (E := exp_0). do 2 (split; [lra | ]). split; [simpl; auto_derive; [tauto | ring] | ]. "
        "split; [intro i; auto_derive; [tauto | ring] | ]. split; [simpl; auto_derive; [tauto | ring] | ]. "
        "intro i; auto_derive; [tauto | ring].",
    )  # fmt: skip
    return Document("spurious.bundle", (theorem,), VECTORS + _DERIVED)


_FOLLOWED = (
    Variable("d", "nat"), Variable("n", "nat"), Variable("l", "nat"), Variable("m", "nat"), Variable("x", "nat -> vec"),
    Variable("p", "nat -> R"), Variable("eta", "nat -> R"), Variable("y", "nat -> R"), Variable("a", "R -> R"),
    Variable("w", "R -> vec"), Variable("zeta"), Variable("c"), Variable("t"),
)  # fmt: skip


def _followed(statement: Mapping[str, Basic]) -> tuple[Theorem, ...]:
    """`gain` for a > 0 and `fall` for a < 0, from the model's drift and equations of motion."""
    names: dict[Basic, str] = {phase_one.zeta: "zeta", phase_one.least: "c"}
    coefficient = drift_coefficient().replace("slopes", "eta")
    drift = f"(weighted n (fun k : nat => {coefficient}) x)"
    neuron = CoqNeuron("(a t)", "(w t)", "w t i", drift, f"{drift} i")
    points = (
        "(0 < n)%nat", "(m < n)%nat",
        "(forall k : nat, (k < n)%nat ->\n    0 <= p k /\\ 0 <= eta k /\\ 0 <= eta k * dot d (w t) (x k) /\\ "
        "0 <= dot d (x k) (x l))",
        "eta m = 1", "0 <= zeta", "zeta * y m <= p m", "c <= y m * dot d (x m) (x l) / INR n",
        f"is_derive a t {neuron.output_rate()}",
        f"(forall i : nat, is_derive (fun s : R => w s i) t ({neuron.weights_rate()}))",
    )  # fmt: skip
    start = """
intros d n l m x p eta y a w zeta c t N M P S Z B C Ha Hw A L.
destruct (pushed d n l m x p eta y zeta c (w t) N M P S Z B C) as [G H].
set (D := weighted n (fun k => COEFFICIENT) x) in *. set (q := fun s => dot d (w s) (x l)) in *.
assert (V : is_derive q t (dot d (fun i => a t * D i) (x l))) by (apply is_derive_seen; exact Hw).
rewrite dot_scaled in V.
""".replace("COEFFICIENT", coefficient)
    shown = (
        "unfold weighted; simpl. split; [lia | ]. split; [lia | ]. "
        "split; [intros k K; repeat split; lra | ]. do 3 (split; [lra | ]). split; [lra | ]."
    )
    constant, moving = "auto_derive; [tauto | lra]", "auto_derive; [tauto | lra]"
    still = ("2%nat", "1%nat", "1%nat", "0%nat", "(fun k i => 1)", "(fun k => 1)", "(fun k => 1)", "(fun k => 1)")
    return (
        Theorem(
            "gain",
            "The point m is active and has the pull p_m >= zeta y_m; eta are the slopes. Where x_l is not active:",
            _FOLLOWED, (*points, "0 < a t", "dot d (w t) (x l) <= 0"),
            "exists v : R, is_derive (fun s : R => dot d (w s) (x l) / a s) t v /\\ "
            f"v >= {to_coq(statement['gain'].args[1], names)}",
            start + """
exists (dot d D (x l) - q t * dot d D (w t) / a t ^ 2). split.
- change (is_derive (fun s => q s / a s) t (dot d D (x l) - q t * dot d D (w t) / a t ^ 2)).
  auto_derive.
  + repeat split; try (eexists; eassumption). lra.
  + derived Ha. derived V. field. lra.
- assert (0 < / a t ^ 2) by (apply Rinv_0_lt_compat; nra).
  assert (q t * dot d D (w t) <= 0) by (unfold q; nra). unfold Rdiv. nra.
""",
            (*still, "(fun s => 1)", "(fun s i => s)", "1", "(1 / 2)", "0"),
            f"{shown} split; [{constant} | ]. split; [intro i; {moving} | lra].",
        ),
        Theorem(
            "fall",
            "The same for a < 0, wherever x_l is, on its hyperplane with any slope: <w, x_l>' = |a| v.",
            _FOLLOWED, (*points, "a t < 0"),
            "exists v : R, is_derive (fun s : R => dot d (w s) (x l)) t (Rabs (a t) * v) /\\ "
            f"v <= {to_coq(statement['fall'].args[1], names)}",
            start.replace(" A L.", " A.") + """
exists (- dot d D (x l)). rewrite Rabs_left by exact A. split; [ | lra].
replace (- a t * - dot d D (x l)) with (a t * dot d D (x l)) by ring. exact V.
""",
            (*still, "(fun s => - 1)", "(fun s i => - s)", "1", "(1 / 2)", "0"),
            f"{shown} split; [{constant} | ]. split; [intro i; {moving} | lra].",
        ),
    )  # fmt: skip


def _turned(statement: Mapping[str, Basic]) -> tuple[Theorem, ...]:
    """`turn` and `stay` in one variable, u = tan(theta/2)."""
    names: dict[Basic, str] = {
        phase_one.drift_norm: "r", phase_one.deviation: "rho", phase_one.half_tangent: "(u t)", phase_one.entered: "u0",
    }  # fmt: skip
    cosine = "((1 - u s ^ 2) / (1 + u s ^ 2))"
    squared_sine = f"(1 - {cosine.replace('u s', 'u t')} ^ 2)"
    until = "(forall t : R, 0 <= t <= b ->"
    return (
        Theorem(
            "turn", "cos theta = (1 - u^2)/(1 + u^2) for u = tan(theta/2), and it falls at least as stated in 9.1.",
            (Variable("u", "R -> R"), Variable("u'"), Variable("cosine'"), Variable("r"), Variable("rho"),
             Variable("t")),
            ("0 < u t", "is_derive u t u'", f"is_derive (fun s : R => {cosine}) t cosine'",
             f"cosine' <= - r * {squared_sine} + rho * sqrt {squared_sine}"),
            f"u' >= {to_coq(statement['turn'].args[1], names)}",
            """
intros u u' c' r rho t P U C B.
set (v := u t) in *. assert (Q : 0 < 1 + v ^ 2) by nra.
assert (E : c' = - (4 * v / (1 + v ^ 2) ^ 2) * u').
{ rewrite <- (is_derive_unique _ _ _ C). apply is_derive_unique. auto_derive.
  - repeat split; try (exists u'; exact U). change (1 + v ^ 2 <> 0). lra.
  - derived U. fold v. field. lra. }
replace (1 - ((1 - v ^ 2) / (1 + v ^ 2)) ^ 2) with ((2 * v / (1 + v ^ 2)) ^ 2) in B by (field; lra).
rewrite sqrt_pow2 in B by (apply Rlt_le, Rdiv_lt_0_compat; lra). rewrite E in B.
assert (J : 0 < 4 * v / (1 + v ^ 2) ^ 2) by (apply Rdiv_lt_0_compat; nra).
apply Rle_ge. apply (Rmult_le_reg_l (4 * v / (1 + v ^ 2) ^ 2)); [exact J | ].
match goal with |- ?l <= _ =>
  replace l with (r * (2 * v / (1 + v ^ 2)) ^ 2 - rho * (2 * v / (1 + v ^ 2))) by (field; lra) end.
lra.
""",
            ("(fun s => 1)", "0", "0", "1", "1", "0"),
            "split; [lra | ]. split; [auto_derive; [tauto | ring] | ]. split; [auto_derive; [lra | field] | ]. "
            "replace (1 - ((1 - 1 ^ 2) / (1 + 1 ^ 2)) ^ 2) with 1 by field. rewrite sqrt_1. lra.",
        ),
        INCREASING,
        Theorem(
            "stay", "u' >= r u - rho and u < 1 before the time b: a neuron that stays in a cell up to b.",
            (Variable("u", "R -> R"), Variable("u'", "R -> R"), Variable("r"), Variable("rho"), Variable("u0"),
             Variable("b")),
            ("0 < r", "0 <= rho", "0 < u0", f"{to_coq(phase_one.at_most_one, names)} >= 0",
             f"{to_coq(phase_one.small, names)} >= 0", "0 <= b", "u0 <= u 0", f"{until} is_derive u t (u' t))",
             f"{until} r * u t - rho <= u' t)", "(forall t : R, 0 <= t < b -> u t < 1)"),
            f"b <= {to_coq(statement['stay'].args[1], names)}",
            """
intros u u' r rho u0 b R0 P U0 U1 S B I M G L.
set (e := ln (2 * / u0)). assert (X : exp e = 2 * / u0).
{ apply exp_ln. apply Rmult_lt_0_compat; [lra | apply Rinv_0_lt_compat; lra]. }
assert (T : 0 <= e / r).
{ apply Rdiv_le_0_compat; [ | exact R0]. unfold e. rewrite <- ln_1. apply Rlt_le, ln_increasing; [lra | ].
  apply (Rmult_lt_reg_r u0); [exact U0 | ]. replace (2 * / u0 * u0) with 2 by (field; lra). lra. }
match goal with |- _ <= ?s => replace s with (e / r) by (unfold e; field; lra) end.
destruct (Rle_lt_dec b (e / r)) as [H | H]; [exact H | exfalso].
assert (W : (u 0 - rho / r) * exp (- (r * 0)) <= (u (e / r) - rho / r) * exp (- (r * (e / r)))).
{ apply (increasing (fun t => (u t - rho / r) * exp (- (r * t)))
    (fun t => (u' t - (r * u t - rho)) * exp (- (r * t))) (e / r) T).
  - intros t Q. assert (D := M t ltac:(lra)). auto_derive.
    + exists (u' t). exact D.
    + derived D. field. lra.
  - intros t Q. assert (D := G t ltac:(lra)). assert (Y := exp_pos (- (r * t))). apply Rmult_le_pos; lra. }
replace (- (r * 0)) with 0 in W by ring. replace (- (r * (e / r))) with (- e) in W by (field; lra).
rewrite exp_0, exp_Ropp, X in W. assert (Y := L (e / r) (conj T H)).
replace (/ (2 * / u0)) with (u0 / 2) in W by (field; lra).
assert (Z : rho / r <= u0 / 2).
{ apply (Rmult_le_reg_r r); [exact R0 | ]. replace (rho / r * r) with rho by (field; lra). lra. }
nra.
""",
            ("(fun t => exp t / 2)", "(fun t => exp t / 2)", "1", "0", "(1 / 2)", "(1 / 2)"),
            "assert (E := exp_0). do 7 (split; [lra | ]). "
            "split; [intros t T; auto_derive; [tauto | field] | ]. split; [intros t T; lra | intros t T]. "
            "assert (X := exp_pos t). assert (Y := exp_ineq1_le (- t)). assert (Z := exp_plus t (- t)). "
            "replace (t + - t) with 0 in Z by ring. nra.",
        ),
    )  # fmt: skip


def phase_one_steps(statement: Mapping[str, Basic]) -> Document:
    """spurious.phase-one: `gain` and `fall` of one neuron among n points in R^d, `turn` and `stay` in one variable."""
    preamble = (
        VECTORS + _DERIVED + _POINTS + _PUSHED.replace("COEFFICIENT", drift_coefficient().replace("slopes", "eta"))
    )
    return Document("spurious.phase-one", (*_followed(statement), *_turned(statement)), preamble)
