"""Claims on the early phase (theory.md 4.1, 4.2), printed to Coq: the deviation of the drift, and the bounds on S."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Basic

from ....theory.early import bounds
from ..document import Document, Theorem, Variable
from ..preamble import CAUCHY_SCHWARZ, VECTORS
from ..printer import to_coq
from .calculus import INCREASING

NAMES: dict[Basic, str] = {
    bounds.d_star: "dstar",
    bounds.d_max: "dmax",
    bounds.initial_size: "s0",
    bounds.time: "t",
    bounds.curvature_bound: "kappa",
    bounds.mean_square_input: "r2",
}


SUMS = r"""
(* Sums over the points k < n. *)
Fixpoint total (n : nat) (f : nat -> R) : R :=
  match n with
  | O => 0
  | S m => total m f + f m
  end.

Lemma total_le : forall n f g, (forall k, f k <= g k) -> total n f <= total n g.
Proof. induction n as [|n IH]; intros f g H; simpl; [lra | assert (Q := IH f g H); assert (K := H n); lra]. Qed.

Lemma total_scaled : forall n s f, total n (fun k => s * f k) = s * total n f.
Proof. induction n as [|n IH]; intros; simpl; [ring | rewrite IH; ring]. Qed.

(* The triangle inequality: no sum of vectors is longer than the sum of bounds of their lengths. *)
Lemma triangle : forall n d (v : nat -> vec) (r : nat -> R),
  (forall k, 0 <= r k) -> (forall k, dot d (v k) (v k) <= r k ^ 2) ->
  0 <= total n r /\ dot d (fun i => total n (fun k => v k i)) (fun i => total n (fun k => v k i)) <= total n r ^ 2.
Proof.
  induction n as [|n IH]; intros d v r P H; simpl.
  - split; [lra | ]. induction d as [|d ID]; simpl; [lra | ].
    assert (Q : dot d (fun _ : nat => 0) (fun _ : nat => 0) <= 0 * (0 * 1)); [ | lra].
    clear. induction d as [|d ID]; simpl; lra.
  - destruct (IH d v r P H) as [T L]. assert (R := P n). assert (N := H n). split; [lra | ].
    rewrite dot_sum, !dot_sum_r.
    set (u := fun i => total n (fun k => v k i)) in *.
    assert (C := cauchy_schwarz d u (v n)). assert (U := dot_nonnegative d u). assert (V := dot_nonnegative d (v n)).
    rewrite (dot_sym d (v n) u).
    assert (B : dot d u (v n) <= total n r * r n).
    { assert (D : dot d u (v n) ^ 2 <= (total n r * r n) ^ 2).
      { apply (Rle_trans _ _ _ C). replace ((total n r * r n) ^ 2) with (total n r ^ 2 * r n ^ 2) by ring.
        apply Rmult_le_compat; assumption. }
      assert (0 <= total n r * r n) by (apply Rmult_le_pos; assumption). nra. }
    nra.
Qed.
"""


def field_deviation(statement: Mapping[str, Basic]) -> Document:
    """early.field-deviation: two drifts of the same slopes, from Lipschitz pulls and |h_k| <= S ||x_k||."""
    mean = "(total n (fun k : nat => dot d (x k) (x k)) / INR n)"
    names: dict[Basic, str] = {
        bounds.curvature_bound: "kappa", bounds.size: "s", bounds.mean_square_input: mean,
    }  # fmt: skip
    distance = "(fun i : nat => total n (fun k : nat => eta k * change k / INR n * x k i))"
    theorem = Theorem(
        "deviation",
        "`change` are the changes of the pulls, `eta` the slopes, `h` the outputs of n points in R^d.",
        (Variable("d", "nat"), Variable("n", "nat"), Variable("x", "nat -> vec"), Variable("eta", "nat -> R"),
         Variable("change", "nat -> R"), Variable("h", "nat -> R"), Variable("kappa"), Variable("s")),
        ("(0 < n)%nat", "0 <= kappa", "0 <= s", "(forall k : nat, 0 <= eta k <= 1)",
         "(forall k : nat, Rabs (change k) <= kappa * Rabs (h k))",
         "(forall k : nat, Rabs (h k) <= s * sqrt (dot d (x k) (x k)))"),
        f"sqrt (dot d {distance} {distance}) <= {to_coq(statement['deviation'].args[1], names)}",
        """
intros d n x eta change h kappa s N K S E C H.
assert (I : 0 < INR n) by (apply lt_0_INR; exact N).
set (r := fun k => kappa * s / INR n * dot d (x k) (x k)).
destruct (triangle n d (fun k i => eta k * change k / INR n * x k i) r) as [T L].
- intro k. unfold r. apply Rmult_le_pos; [ | apply dot_nonnegative].
  apply Rdiv_le_0_compat; [apply Rmult_le_pos; assumption | exact I].
- intro k. rewrite dot_scaled, dot_scaled_r. unfold r.
  set (X := dot d (x k) (x k)). assert (P : 0 <= X) by apply dot_nonnegative.
  assert (A : (eta k * change k) ^ 2 <= (kappa * s) ^ 2 * X).
  { assert (F : Rabs (change k) <= kappa * (s * sqrt X)).
    { apply (Rle_trans _ (kappa * Rabs (h k))); [apply C | apply Rmult_le_compat_l; [exact K | apply H]]. }
    assert (G : change k ^ 2 <= (kappa * (s * sqrt X)) ^ 2).
    { rewrite <- (pow2_abs (change k)). apply pow_incr. split; [apply Rabs_pos | exact F]. }
    replace ((kappa * (s * sqrt X)) ^ 2) with ((kappa * s) ^ 2 * (sqrt X * sqrt X)) in G by ring.
    rewrite sqrt_sqrt in G by exact P.
    assert (Q : eta k ^ 2 <= 1) by (assert (J := E k); nra).
    replace ((eta k * change k) ^ 2) with (eta k ^ 2 * change k ^ 2) by ring.
    assert (0 <= change k ^ 2) by apply pow2_ge_0. nra. }
  replace (eta k * change k / INR n * (eta k * change k / INR n * X))
    with ((eta k * change k) ^ 2 * X / INR n ^ 2) by (field; lra).
  replace ((kappa * s / INR n * X) ^ 2) with ((kappa * s) ^ 2 * X * X / INR n ^ 2) by (field; lra).
  apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; nra | ].
  apply Rmult_le_compat_r; [exact P | exact A].
- unfold r in L, T. rewrite total_scaled in L, T.
  match goal with |- _ <= ?b =>
    replace b with (kappa * s / INR n * total n (fun k => dot d (x k) (x k))) by (field; lra) end.
  rewrite <- (sqrt_pow2 (kappa * s / INR n * total n (fun k => dot d (x k) (x k)))) by exact T.
  apply sqrt_le_1_alt. exact L.
""",
        ("1%nat", "1%nat", "(fun k i => 1)", "(fun k => 1)", "(fun k => 1)", "(fun k => 1)", "1", "1"),
        "split; [lia | ]. do 2 (split; [lra | ]). split; [intro; lra | ]. split; [intro; lra | ]. "
        "intro k. simpl. rewrite Rabs_R1. replace (0 + 1 * 1) with 1 by ring. rewrite sqrt_1. lra.",
    )  # fmt: skip
    return Document("early.field-deviation", (theorem,), VECTORS + CAUCHY_SCHWARZ + SUMS)


def growth_bound(statement: Mapping[str, Basic]) -> Document:
    """The two bounds on S, for any S that obeys S' <= 2 D* S, or S' <= 2 (D_max + kappa R2 S) S, up to the time t."""
    size, slope, rates = Variable("size", "R -> R"), Variable("size'", "R -> R"), Variable("dstar")
    bound, denominator = statement["smooth"].args[1], bounds.growth_denominator
    moves = "(forall v : R, 0 <= v <= t -> is_derive size v (size' v))"
    convex_rate, smooth_rate = (
        to_coq(rate(bounds.size), {**NAMES, bounds.size: "(size v)"})
        for rate in (bounds.convex_rate, bounds.smooth_rate)
    )
    theorems = (
        INCREASING,
        Theorem(
            "convex", "S(t) <= the stated bound where S' <= 2 D* S, as for a loss convex in its prediction",
            (size, slope, rates, Variable("s0"), Variable("t")),
            ("0 <= t", "size 0 = s0", moves, f"(forall v : R, 0 <= v <= t -> size' v <= {convex_rate})"),
            f"size t <= {to_coq(statement['convex'].args[1], NAMES)}",
            """
intros s s' D s0 t T I M B.
assert (H := increasing (fun v => - (s v * exp (- (2 * D * v))))
  (fun v => (2 * D * s v - s' v) * exp (- (2 * D * v))) t T).
assert (K : - (s 0 * exp (- (2 * D * 0))) <= - (s t * exp (- (2 * D * t)))).
{ apply H.
  - intros v V. assert (N := M v V). auto_derive.
    + exists (s' v). exact N.
    + replace (Derive (fun x : R => s x) v) with (s' v) by (symmetry; apply is_derive_unique; exact N). ring.
  - intros v V. assert (Q := B v V). assert (E := exp_pos (- (2 * D * v))). nra. }
replace (- (2 * D * 0)) with 0 in K by ring. rewrite exp_0, I in K. rewrite exp_Ropp in K.
assert (E := exp_pos (2 * D * t)).
repeat match goal with |- context [exp ?x] =>
  lazymatch x with (2 * D * t) => fail | _ => replace x with (2 * D * t) by ring end end.
apply (Rmult_le_reg_r (/ exp (2 * D * t))); [apply Rinv_0_lt_compat; lra | ].
replace (s0 * exp (2 * D * t) * / exp (2 * D * t)) with s0 by (field; lra). lra.
""",
            ("exp", "exp", "1", "1", "0"),
            "rewrite exp_0. do 2 (split; [lra | ]). split; intros v V; "
            "[auto_derive; [tauto | ring] | assert (E := exp_pos v); lra].",
        ),
        Theorem(
            "smooth", "The same where S' <= 2 (D_max + kappa R2 S) S, while the denominator is positive",
            (size, slope, Variable("dmax"), Variable("kappa"), Variable("r2"), Variable("s0"), Variable("t")),
            ("0 <= t", "size 0 = s0", "dmax > 0", "kappa * r2 >= 0", moves,
             "(forall v : R, 0 <= v <= t -> size v > 0)", f"(forall v : R, 0 <= v <= t -> size' v <= {smooth_rate})",
             f"{to_coq(denominator, NAMES)} > 0"),
            f"size t <= {to_coq(bound, NAMES)}",
            """
intros s s' D kappa r2 s0 t T I P K M G B N.
assert (H := increasing (fun v => exp (2 * D * v) * (/ s v + kappa * r2 / D))
  (fun v => exp (2 * D * v) * (2 * (D + kappa * r2 * s v) * s v - s' v) / (s v ^ 2)) t T).
assert (L : exp (2 * D * 0) * (/ s 0 + kappa * r2 / D) <= exp (2 * D * t) * (/ s t + kappa * r2 / D)).
{ apply H.
  - intros v V. assert (Q := M v V). assert (X := G v V). auto_derive.
    + split; [exists (s' v); exact Q | split; [lra | tauto]].
    + replace (Derive (fun x : R => s x) v) with (s' v) by (symmetry; apply is_derive_unique; exact Q). field. lra.
  - intros v V. assert (Q := B v V). assert (X := G v V). assert (E := exp_pos (2 * D * v)).
    apply Rdiv_le_0_compat; [apply Rmult_le_pos; lra | nra]. }
replace (2 * D * 0) with 0 in L by ring. rewrite exp_0, I, Rmult_1_l in L.
assert (S0 : 0 < s0) by (rewrite <- I; apply G; lra). assert (St := G t (conj T (Rle_refl t))).
repeat match goal with |- context [exp ?x] =>
  lazymatch x with (2 * D * t) => fail | _ => replace x with (2 * D * t) by ring end end.
repeat match type of N with context [exp ?x] =>
  lazymatch x with (2 * D * t) => fail | _ => replace x with (2 * D * t) in N by ring end end.
assert (E := exp_pos (2 * D * t)). set (e := exp (2 * D * t)) in *.
set (u := / s0 + kappa * r2 / D - e * (kappa * r2 / D)).
assert (U : u <= e * / s t) by (unfold u; lra).
match type of N with ?n > 0 => assert (F : n = s0 * u) by (unfold u; field; lra); rewrite F in * end.
assert (W : 0 < u) by nra.
apply (Rmult_le_reg_r u); [exact W | ].
match goal with |- _ <= ?b => replace b with e by (field; lra) end.
apply (Rmult_le_compat_l (s t)) in U; [ | lra]. replace (s t * (e * / s t)) with e in U by (field; lra). lra.
""",
            ("exp", "exp", "1", "0", "0", "1", "0"),
            "rewrite exp_0. do 4 (split; [lra | ]). split; [intros v V; auto_derive; [tauto | ring] | ]. "
            "split; [intros v V; apply exp_pos | ]. split; [intros v V; assert (E := exp_pos v); lra | lra].",
        ),
    )  # fmt: skip
    return Document("early.growth-bound", theorems)
