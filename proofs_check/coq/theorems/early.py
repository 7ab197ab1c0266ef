"""early.growth-bound (theory.md 4.2), printed to Coq: what follows from the two differential inequalities for S."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Basic

from ....theory.early import bounds
from ..document import Document, Theorem, Variable
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
