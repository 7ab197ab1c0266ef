"""Steps of Theorem A (theory.md 9.1), printed to Coq for every dimension and every number of points."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic

from ....theory.spurious.every_start import bundle, bundle_growth, phase_one
from ..document import Document, Theorem, Variable
from ..motion import CoqNeuron
from ..preamble import CAUCHY_SCHWARZ, VECTORS
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

_COSINE = "((1 - u s ^ 2) / (1 + u s ^ 2))"
_SQUARED_SINE = f"(1 - {_COSINE.replace('u s', 'u t')} ^ 2)"
_RIGHT_ANGLE = ("(fun s => 1)", "0", "0", "1", "1", "0")
_RIGHT_ANGLE_PROOF = (
    "split; [lra | ]. split; [auto_derive; [tauto | ring] | ]. split; [auto_derive; [lra | field] | ]. "
    "replace (1 - ((1 - 1 ^ 2) / (1 + 1 ^ 2)) ^ 2) with 1 by field. rewrite sqrt_1. lra."
)
_HALF_TANGENT = """
intros u u' c' r rho t P U C B.
set (v := u t) in *. assert (Q : 0 < 1 + v ^ 2) by nra.
assert (E : c' = - (4 * v / (1 + v ^ 2) ^ 2) * u').
{ rewrite <- (is_derive_unique _ _ _ C). apply is_derive_unique. auto_derive.
  - repeat split; try (exists u'; exact U). change (1 + v ^ 2 <> 0). lra.
  - derived U. fold v. field. lra. }
replace (1 - ((1 - v ^ 2) / (1 + v ^ 2)) ^ 2) with ((2 * v / (1 + v ^ 2)) ^ 2) in B by (field; lra).
rewrite sqrt_pow2 in B by (apply Rlt_le, Rdiv_lt_0_compat; lra). rewrite E in B.
assert (J : 0 < 4 * v / (1 + v ^ 2) ^ 2) by (apply Rdiv_lt_0_compat; nra)."""
_FORM = r"""
(* <u, H v> = (1/n) sum over k < n of <u, x_k> <v, x_k>, and H v = (1/n) sum over k < n of <v, x_k> x_k. *)
Definition form (n d : nat) (x : nat -> vec) (u v : vec) : R :=
  dot n (fun k : nat => dot d u (x k)) (fun k : nat => dot d v (x k)) / INR n.
Definition image (n d : nat) (x : nat -> vec) (v : vec) : vec :=
  fun i : nat => weighted n (fun k : nat => dot d v (x k)) x i / INR n.

Lemma image_form : forall n d x u v, dot d (image n d x u) v = form n d x u v.
Proof.
  intros n d x u v. unfold image, form. rewrite (dot_sym d).
  rewrite (dot_ext d v _ (fun i => / INR n * weighted n (fun k => dot d u (x k)) x i)) by (intros; unfold Rdiv; ring).
  rewrite dot_scaled_r, (dot_sym d), dot_weighted. unfold Rdiv. rewrite Rmult_comm. f_equal.
  apply dot_ext. intros. apply dot_sym.
Qed.

Lemma form_sym : forall n d x u v, form n d x u v = form n d x v u.
Proof. intros. unfold form. rewrite dot_sym. reflexivity. Qed.

Lemma form_sum : forall n d x u u' v, form n d x (fun i => u i + u' i) v = form n d x u v + form n d x u' v.
Proof. intros. rewrite form_sym, <- image_form, dot_sum_r, !image_form, !(form_sym n d x v). reflexivity. Qed.

Lemma form_scaled : forall n d x s u v, form n d x (fun i => s * u i) v = s * form n d x u v.
Proof. intros. rewrite form_sym, <- image_form, dot_scaled_r, image_form, form_sym. reflexivity. Qed.

(* <u + s v, H (u + s v)> *)
Lemma form_square : forall n d x s u v, form n d x (fun i => u i + s * v i) (fun i => u i + s * v i) =
  form n d x u u + 2 * s * form n d x u v + s ^ 2 * form n d x v v.
Proof.
  intros. rewrite form_sum, form_scaled, !(form_sym n d x _ (fun i => u i + s * v i)), !form_sum, !form_scaled.
  rewrite (form_sym n d x v u). ring.
Qed.

Lemma form_nonnegative : forall n d x u, (0 < n)%nat -> 0 <= form n d x u u.
Proof. intros. unfold form. apply Rdiv_le_0_compat; [apply dot_nonnegative | apply lt_0_INR; assumption]. Qed.

Lemma form_schwarz : forall n d x u v, (0 < n)%nat -> form n d x u v ^ 2 <= form n d x u u * form n d x v v.
Proof.
  intros n d x u v N. assert (I : 0 < INR n) by (apply lt_0_INR; exact N). unfold form.
  set (p := dot n (fun k => dot d u (x k)) (fun k => dot d v (x k))).
  set (q := dot n (fun k => dot d u (x k)) (fun k => dot d u (x k))).
  set (r := dot n (fun k => dot d v (x k)) (fun k => dot d v (x k))).
  replace ((p / INR n) ^ 2) with (p ^ 2 * (/ INR n) ^ 2) by (field; lra).
  replace (q / INR n * (r / INR n)) with (q * r * (/ INR n) ^ 2) by (field; lra).
  apply Rmult_le_compat_r; [apply pow2_ge_0 | apply cauchy_schwarz].
Qed.

Lemma below_root : forall r a, r ^ 2 <= a -> - sqrt a <= r <= sqrt a.
Proof.
  intros r a S. assert (N : 0 <= a) by (assert (T := pow2_ge_0 r); lra).
  assert (E := sqrt_sqrt a N). assert (P := sqrt_pos a). split; nra.
Qed.

Lemma schwarz : forall d u v,
  - (sqrt (dot d u u) * sqrt (dot d v v)) <= dot d u v <= sqrt (dot d u u) * sqrt (dot d v v).
Proof. intros. rewrite <- sqrt_mult by apply dot_nonnegative. apply below_root, cauchy_schwarz. Qed.

(* S^T H S <= 2 <b, S> says that e = beta - S has e^T H e <= <b, beta>, where <H beta, u> = <b, u> for all u. *)
Lemma ellipsoid : forall n d x b beta s,
  (forall u, form n d x beta u = dot d b u) -> form n d x s s / 2 <= dot d b s ->
  form n d x (fun i => beta i + (- 1) * s i) (fun i => beta i + (- 1) * s i) <= dot d b beta.
Proof. intros n d x b beta s F S. rewrite form_square, !F. lra. Qed.
"""


def bundle_steps(statement: Mapping[str, Basic]) -> Document:
    """spurious.bundle: `product` and `ratio` of two neurons in one drift, `approach` and `aligned` in one variable."""
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
    theorems = (theorem, *_approaching(statement), _ratio(statement))
    return Document("spurious.bundle", theorems, VECTORS + CAUCHY_SCHWARZ + _DERIVED)


def _approaching(statement: Mapping[str, Basic]) -> tuple[Theorem, ...]:
    """`approach` and `aligned` in one variable, u = tan(psi/2)."""
    names: dict[Basic, str] = {
        phase_one.drift_norm: "r", phase_one.deviation: "rho", phase_one.half_tangent: "(u t)", bundle.epsilon: "e",
    }  # fmt: skip
    until = "(forall t : R, 0 <= t <= b ->"
    return (
        Theorem(
            "approach", "cos psi = (1 - u^2)/(1 + u^2) for u = tan(psi/2), and it grows at least as stated in 9.1.",
            (Variable("u", "R -> R"), Variable("u'"), Variable("cosine'"), Variable("r"), Variable("rho"),
             Variable("t")),
            ("0 < u t", "is_derive u t u'", f"is_derive (fun s : R => {_COSINE}) t cosine'",
             f"cosine' >= r * {_SQUARED_SINE} - rho * sqrt {_SQUARED_SINE}"),
            f"u' <= {to_coq(statement['approach'].args[1], names)}",
            _HALF_TANGENT + """
apply (Rmult_le_reg_l (4 * v / (1 + v ^ 2) ^ 2)); [exact J | ].
match goal with |- _ <= ?l =>
  replace l with (rho * (2 * v / (1 + v ^ 2)) - r * (2 * v / (1 + v ^ 2)) ^ 2) by (field; lra) end.
lra.
""",
            _RIGHT_ANGLE, _RIGHT_ANGLE_PROOF,
        ),
        INCREASING,
        Theorem(
            "aligned", "u' <= -r u + rho up to a time b that is not before log(1/epsilon)/r.",
            (Variable("u", "R -> R"), Variable("u'", "R -> R"), Variable("r"), Variable("rho"), Variable("e"),
             Variable("b")),
            ("0 < r", "0 <= rho", "0 < e <= 1", f"{to_coq(bundle.close, names)} >= 0", "0 <= b", "ln (/ e) / r <= b",
             "u 0 <= 1", f"{until} is_derive u t (u' t))", f"{until} u' t <= - r * u t + rho)"),
            f"u b <= {to_coq(statement['aligned'].args[1], names)}",
            """
intros u u' r rho e b R0 P [E0 E1] S B T I M G.
assert (W : - ((u 0 - rho / r) * exp (r * 0)) <= - ((u b - rho / r) * exp (r * b))).
{ apply (increasing (fun t => - ((u t - rho / r) * exp (r * t)))
    (fun t => (- r * u t + rho - u' t) * exp (r * t)) b B).
  - intros t Q. assert (D := M t Q). auto_derive.
    + exists (u' t). exact D.
    + derived D. field. lra.
  - intros t Q. assert (D := G t Q). assert (Y := exp_pos (r * t)). apply Rmult_le_pos; lra. }
replace (r * 0) with 0 in W by ring. rewrite exp_0 in W. set (x := exp (r * b)) in *.
assert (X : / e <= x).
{ assert (Q : ln (/ e) <= r * b).
  { apply (Rmult_le_compat_l r) in T; [ | lra]. replace (r * (ln (/ e) / r)) with (ln (/ e)) in T by (field; lra).
    exact T. }
  rewrite <- (exp_ln (/ e)) by (apply Rinv_0_lt_compat; exact E0). unfold x.
  destruct (Rle_lt_or_eq_dec _ _ Q) as [L | L]; [left; apply exp_increasing; exact L | rewrite L; lra]. }
assert (X0 : 1 <= e * x).
{ apply (Rmult_le_compat_l e) in X; [ | lra]. rewrite Rinv_r in X by lra. exact X. }
set (k := rho / r) in *.
assert (K0 : 0 <= k) by (apply Rdiv_le_0_compat; assumption).
assert (K : k <= e).
{ apply (Rmult_le_reg_r r); [exact R0 | ]. unfold k. replace (rho / r * r) with rho by (field; lra). lra. }
assert (Y : 0 < x) by apply exp_pos.
destruct (Rle_lt_dec (u b) (2 * e)) as [H | H]; [lra | exfalso]. nra.
""",
            ("(fun t => exp (- t))", "(fun t => - exp (- t))", "1", "0", "1", "1"),
            "rewrite Rinv_1, ln_1. do 6 (split; [lra | ]). replace (- 0) with 0 by ring. rewrite exp_0. "
            "split; [lra | ]. split; [intros t T; auto_derive; [tauto | ring] | intros t T; lra].",
        ),
    )  # fmt: skip


def _ratio(statement: Mapping[str, Basic]) -> Theorem:
    """`ratio` for two dominated neurons in one drift."""
    first = CoqNeuron("(a t)", "(w t)", "w t i", "drift", "drift i")
    second = CoqNeuron("(c t)", "(v t)", "v t i", "drift", "drift i")
    names: dict[Basic, str] = {bundle.tightness: "eta", bundle.drift_size: "(sqrt (dot d drift drift))"}
    return Theorem(
        "ratio",
        "Two dominated neurons (w, a) and (v, c) that move in the same drift and have tightness eta.",
        (Variable("d", "nat"), Variable("a", "R -> R"), Variable("w", "R -> vec"), Variable("c", "R -> R"),
         Variable("v", "R -> vec"), Variable("drift", "vec"), Variable("eta"), Variable("t")),
        ("0 < a t", "0 < c t", "dot d (w t) (w t) <= a t ^ 2", "dot d (v t) (v t) <= c t ^ 2",
         "1 - dot d (w t) (v t) / (a t * c t) <= eta", "0 <= eta",
         f"is_derive a t {first.output_rate()}", f"is_derive c t {second.output_rate()}"),
        "exists r : R, is_derive (fun s : R => ln (a s) - ln (c s)) t r /\\ "
        f"r <= {to_coq(statement['ratio'].args[1], names)}",
        """
intros d a w c v D eta t A C Wa Vc B T Ha Hc.
exists (dot d D (w t) / a t - dot d D (v t) / c t). split.
- auto_derive.
  + repeat split; try (eexists; eassumption); lra.
  + derived Ha. derived Hc. field. lra.
- set (g := fun i => / a t * w t i + (- / c t) * v t i).
  assert (E : dot d D (w t) / a t - dot d D (v t) / c t = dot d D g) by (unfold g; inner; field; lra).
  assert (N : dot d g g <= 2 * eta).
  { unfold g. inner. rewrite (dot_sym d (v t) (w t)).
    set (p := dot d (w t) (w t)) in *. set (q := dot d (v t) (v t)) in *. set (k := dot d (w t) (v t)) in *.
    assert (P : p / a t ^ 2 <= 1).
    { apply (Rmult_le_reg_r (a t ^ 2)); [nra | ]. replace (p / a t ^ 2 * a t ^ 2) with p by (field; lra). lra. }
    assert (Q : q / c t ^ 2 <= 1).
    { apply (Rmult_le_reg_r (c t ^ 2)); [nra | ]. replace (q / c t ^ 2 * c t ^ 2) with q by (field; lra). lra. }
    match goal with |- ?l <= _ =>
      replace l with (p / a t ^ 2 + q / c t ^ 2 - 2 * (k / (a t * c t))) by (field; lra) end. lra. }
  rewrite E. clear E. assert (S := cauchy_schwarz d D g). assert (U := dot_nonnegative d D).
  apply (Rle_trans _ (sqrt (dot d D g ^ 2))); [rewrite <- Rsqr_pow2, sqrt_Rsqr_abs; apply Rle_abs | ].
  apply (Rle_trans _ (sqrt (2 * eta * dot d D D))).
  + apply sqrt_le_1_alt. apply (Rle_trans _ _ _ S). rewrite Rmult_comm. apply Rmult_le_compat_r; assumption.
  + rewrite !sqrt_mult by lra. lra.
""",
        ("1%nat", "exp", "(fun t i => exp t)", "exp", "(fun t i => exp t)", "(fun i => 1)", "1", "0"),
        "assert (E := exp_0). rewrite E. split; [lra | ]. split; [lra | ]. do 4 (split; [simpl; lra | ]). "
        "split; simpl; auto_derive; try tauto; lra.",
    )  # fmt: skip


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


def _arrival(statement: Mapping[str, Basic]) -> Theorem:
    """`arrival` from `gain`, for f = <omega, x_l>."""
    names: dict[Basic, str] = {phase_one.zeta: "zeta", phase_one.least: "c", phase_one.norm: "length"}
    until = "(forall t : R, 0 <= t <= b ->"
    return Theorem(
        "arrival", "f = <omega, x_l> grows at the rate of `gain` and is negative before the time b.",
        (Variable("f", "R -> R"), Variable("f'", "R -> R"), Variable("zeta"), Variable("c"), Variable("length"),
         Variable("b")),
        ("0 < zeta", "0 < c", "0 <= length", "0 <= b", "- length <= f 0", f"{until} is_derive f t (f' t))",
         f"{until} f' t >= {to_coq(statement['gain'].args[1], names)})", "(forall t : R, 0 <= t < b -> f t < 0)"),
        f"b <= {to_coq(statement['arrival'].args[1], names)}",
        """
intros f f' zeta c l b Z C L B I M G N.
match goal with |- _ <= ?s => replace s with (l / (zeta * c)) by (field; lra) end.
assert (P : 0 < zeta * c) by (apply Rmult_lt_0_compat; assumption).
assert (T : 0 <= l / (zeta * c)) by (apply Rdiv_le_0_compat; assumption).
destruct (Rle_lt_dec b (l / (zeta * c))) as [H | H]; [exact H | exfalso].
set (e := l / (zeta * c)) in *.
assert (W : f 0 - zeta * c * 0 <= f e - zeta * c * e).
{ apply (increasing (fun t => f t - zeta * c * t) (fun t => f' t - zeta * c) e T).
  - intros t Q. assert (D := M t ltac:(lra)). auto_derive.
    + exists (f' t). exact D.
    + derived D. ring.
  - intros t Q. assert (D := G t ltac:(lra)). lra. }
assert (Y := N e (conj T H)). replace (zeta * c * e) with l in W by (unfold e; field; lra). lra.
""",
        ("(fun t => t - 1)", "(fun t => 1)", "1", "1", "1", "1"),
        "do 5 (split; [lra | ]). split; [intros t T; auto_derive; [tauto | ring] | ]. split; intros t T; lra.",
    )  # fmt: skip


def _turned(statement: Mapping[str, Basic]) -> tuple[Theorem, ...]:
    """`turn` and `stay` in one variable, u = tan(theta/2)."""
    names: dict[Basic, str] = {
        phase_one.drift_norm: "r", phase_one.deviation: "rho", phase_one.half_tangent: "(u t)", phase_one.entered: "u0",
    }  # fmt: skip
    until = "(forall t : R, 0 <= t <= b ->"
    return (
        Theorem(
            "turn", "cos theta = (1 - u^2)/(1 + u^2) for u = tan(theta/2), and it falls at least as stated in 9.1.",
            (Variable("u", "R -> R"), Variable("u'"), Variable("cosine'"), Variable("r"), Variable("rho"),
             Variable("t")),
            ("0 < u t", "is_derive u t u'", f"is_derive (fun s : R => {_COSINE}) t cosine'",
             f"cosine' <= - r * {_SQUARED_SINE} + rho * sqrt {_SQUARED_SINE}"),
            f"u' >= {to_coq(statement['turn'].args[1], names)}",
            _HALF_TANGENT + """
apply Rle_ge. apply (Rmult_le_reg_l (4 * v / (1 + v ^ 2) ^ 2)); [exact J | ].
match goal with |- ?l <= _ =>
  replace l with (r * (2 * v / (1 + v ^ 2)) ^ 2 - rho * (2 * v / (1 + v ^ 2))) by (field; lra) end.
lra.
""",
            _RIGHT_ANGLE, _RIGHT_ANGLE_PROOF,
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
    """spurious.phase-one: `gain` and `fall` of one neuron among n points in R^d; the others in one variable."""
    preamble = (
        VECTORS + _DERIVED + _POINTS + _PUSHED.replace("COEFFICIENT", drift_coefficient().replace("slopes", "eta"))
    )
    return Document("spurious.phase-one", (*_followed(statement), *_turned(statement), _arrival(statement)), preamble)


def _variables(names: str, type: str = "R") -> tuple[Variable, ...]:
    return tuple(Variable(name, type) for name in names.split())


def bundle_growth_steps(statement: Mapping[str, Basic]) -> Document:
    """spurious.bundle-growth: `radius`, `drift`, `inflation` and `barrier`, for n points in R^d."""
    ball = (
        "(forall u : vec, form n d x beta u = dot d b u)", "form n d x s s / 2 <= dot d b s",
        "delta = dot d b beta / 2",
    )  # fmt: skip
    names: dict[Basic, str] = {
        bundle_growth.initial_excess: "delta", bundle_growth.mu: "mu", bundle_growth.largest: "big",
        bundle_growth.limit_norm: "(sqrt (dot d beta beta))", bundle_growth.largest_size: "qmax",
        bundle_growth.largest_drift: "dbar", bundle_growth.inflation: "kappa", bundle.tightness: "eta",
        bundle_growth.base: "(dot d b v - form n d x v c)", bundle_growth.room: "(dot d b c)",
        bundle_growth.bend: "(form n d x g g)",
        bundle_growth.push_norm: "(sqrt (dot d (image n d x v) (image n d x v)))",
    }  # fmt: skip
    stated = {name: to_coq(statement[name].args[1], names) for name in ("radius", "drift", "inflation", "barrier")}

    def drift(weights: str) -> str:
        return f"(fun i : nat => b i + (- 1) * image n d x {weights} i)"

    points = (*_variables("d n", "nat"), Variable("x", "nat -> vec"))
    one = ("1%nat", "1%nat", "(fun k i => 1)")
    first, second = (
        f"(fun i => match i with O => {at_zero} | _ => {other} end)" for at_zero, other in ((1, 0), (0, 1))
    )
    norm = f"sqrt (dot d {drift('s')} {drift('s')})"
    start = "(fun i : nat => s i + (- q) * e i)"
    theorems = (
        Theorem(
            "radius", "H beta = b, every eigenvalue of H is at least mu > 0, and L <= L(0): <b, S> >= S^T H S/2.",
            (*points, *_variables("b beta s", "vec"), *_variables("mu delta")),
            ("0 < mu", "(forall u : vec, mu * dot d u u <= form n d x u u)", *ball),
            f"sqrt (dot d s s) <= {stated['radius']}",
            """
intros d n x b beta s mu delta M L F S D.
assert (E := ellipsoid n d x b beta s F S). set (e := fun i => beta i + (- 1) * s i) in *.
assert (P := L e). assert (U := dot_nonnegative d e). assert (Y : 0 <= delta) by nra.
set (r := sqrt 2 * sqrt delta * / sqrt mu).
assert (R2 : r ^ 2 = 2 * delta / mu).
{ unfold r. rewrite !Rpow_mult_distr, pow_inv, !pow2_sqrt by lra. field. lra. }
assert (R0 : 0 <= r).
{ unfold r. apply Rmult_le_pos; [apply Rmult_le_pos; apply sqrt_pos | ].
  apply Rlt_le, Rinv_0_lt_compat, sqrt_lt_R0, M. }
assert (X : sqrt (dot d e e) <= r).
{ rewrite <- (sqrt_pow2 r R0). apply sqrt_le_1_alt. rewrite R2. apply (Rmult_le_reg_l mu); [exact M | ].
  replace (mu * (2 * delta / mu)) with (2 * delta) by (field; lra). lra. }
assert (C := proj1 (schwarz d beta e)).
assert (X2 := sqrt_sqrt _ U). assert (T2 := sqrt_sqrt _ (dot_nonnegative d beta)).
assert (Q : dot d s s = dot d beta beta - 2 * dot d beta e + dot d e e).
{ unfold e. inner. rewrite (dot_sym d s beta). ring. }
apply (Rle_trans _ (sqrt (dot d beta beta) + sqrt (dot d e e))); [ | lra].
rewrite <- (sqrt_pow2 (sqrt (dot d beta beta) + sqrt (dot d e e))) by (apply Rplus_le_le_0_compat; apply sqrt_pos).
apply sqrt_le_1_alt. rewrite Q. nra.
""",
            (*one, "(fun i => 1)", "(fun i => 1)", "(fun i => 0)", "1", "(1 / 2)"),
            "unfold form; simpl. split; [lra | ]. split; [intro u; lra | ]. split; [intro u; lra | ]. split; lra.",
        ),
        Theorem(
            "drift", "The same for D = b - H S, with every eigenvalue of H at most M.",
            (*points, *_variables("b beta s", "vec"), *_variables("big delta")),
            ("(0 < n)%nat", "0 <= big", "(forall u : vec, form n d x u u <= big * dot d u u)", *ball),
            f"{norm} <= {stated['drift']}",
            """
intros d n x b beta s big delta N M L F S D.
assert (E := ellipsoid n d x b beta s F S). set (e := fun i => beta i + (- 1) * s i) in *.
set (v := fun i => b i + (- 1) * image n d x s i).
assert (V : dot d v v = form n d x e v).
{ unfold v at 1. unfold e. rewrite dot_sum, dot_scaled, image_form, form_sum, form_scaled, F. reflexivity. }
assert (Y : 0 <= form n d x e e) by (apply form_nonnegative; exact N).
assert (Z := form_schwarz n d x e v N). rewrite <- V in Z. assert (W := L v). assert (U := dot_nonnegative d v).
assert (H : dot d v v <= 2 * delta * big).
{ destruct (Rle_lt_or_eq_dec _ _ U) as [P | P]; [ | rewrite <- P; apply Rmult_le_pos; lra].
  apply (Rmult_le_reg_r (dot d v v)); [exact P | ].
  replace (dot d v v * dot d v v) with (dot d v v ^ 2) by ring. apply (Rle_trans _ _ _ Z).
  rewrite Rmult_assoc. apply Rmult_le_compat; [exact Y | apply form_nonnegative; exact N | lra | exact W]. }
apply (Rle_trans _ (sqrt (2 * delta * big))); [apply sqrt_le_1_alt; exact H | ].
rewrite !sqrt_mult by lra. lra.
""",
            (*one, "(fun i => 1)", "(fun i => 1)", "(fun i => 0)", "1", "(1 / 2)"),
            "unfold form; simpl. split; [lia | ]. split; [lra | ]. split; [intro u; lra | ]. "
            "split; [intro u; lra | ]. split; lra.",
        ),
        Theorem(
            "inflation", "S = S_0 + Q e with ||e||^2 <= 2 eta: by how much S_0 may be outside the ellipsoid of S.",
            (*points, *_variables("b s e", "vec"), *_variables("big q qmax dbar eta")),
            ("0 <= big", "(forall u : vec, form n d x u u <= big * dot d u u)", "form n d x s s / 2 <= dot d b s",
             "0 <= q <= qmax", "0 <= eta", "dot d e e <= 2 * eta", f"{norm} <= dbar"),
            f"form n d x {start} {start} - 2 * dot d b {start} <= {stated['inflation']}",
            """
intros d n x b s e big q qmax dbar eta M L S [Q0 Q1] T E D.
set (v := fun i => b i + (- 1) * image n d x s i) in *.
assert (V : dot d e v = dot d b e - form n d x s e).
{ unfold v. rewrite dot_sym, dot_sum, dot_scaled, image_form. ring. }
rewrite form_square. inner. assert (F := L e). assert (C := proj2 (schwarz d e v)).
assert (X : sqrt (dot d e e) <= sqrt 2 * sqrt eta).
{ rewrite <- sqrt_mult by lra. apply sqrt_le_1_alt. exact E. }
assert (X0 := sqrt_pos (dot d e e)). assert (D0 := sqrt_pos (dot d v v)).
assert (Y : dot d e v <= sqrt 2 * sqrt eta * dbar)
  by (apply (Rle_trans _ _ _ C); apply Rmult_le_compat; assumption).
set (k := sqrt 2 * sqrt eta) in *.
assert (P : q * dot d e v <= qmax * (k * dbar)).
{ apply (Rle_trans _ (q * (k * dbar))); [apply Rmult_le_compat_l; assumption | ].
  apply Rmult_le_compat_r; [apply Rmult_le_pos; lra | exact Q1]. }
assert (G : form n d x e e <= big * (2 * eta)).
{ apply (Rle_trans _ _ _ F). apply Rmult_le_compat_l; assumption. }
assert (H : q ^ 2 * form n d x e e <= qmax ^ 2 * (big * (2 * eta))).
{ apply (Rle_trans _ (q ^ 2 * (big * (2 * eta)))); [apply Rmult_le_compat_l; [apply pow2_ge_0 | exact G] | ].
  apply Rmult_le_compat_r; [apply Rmult_le_pos; lra | apply pow_incr; lra]. }
unfold k in P. nra.
""",
            (*one, "(fun i => 1)", "(fun i => 1)", "(fun i => 1)", "1", "1", "1", "0", "1"),
            "unfold form, image, weighted; simpl. split; [lra | ]. split; [intro u; lra | ]. do 4 (split; [lra | ]). "
            "replace (0 + (1 + - 1 * ((0 + (0 + 1 * 1) * 1) / 1)) * (1 + - 1 * ((0 + (0 + 1 * 1) * 1) / 1))) with 0 "
            "by field. rewrite sqrt_0. lra.",
        ),
        Theorem(
            "barrier",
            "S_0 lies on the facet <S_0, v> = 0; c and g are H_v^+ P b and H_v^+ P H v, D = b - H (S_0 + Q e).",
            (*points, *_variables("b v c g s0 e", "vec"), *_variables("q qmax eta kappa")),
            ("(0 < n)%nat", "dot d s0 v = 0", "dot d c v = 0", "dot d g v = 0",
             "(forall w : vec, dot d w v = 0 ->\n    form n d x c w = dot d b w /\\ form n d x g w = form n d x v w)",
             "form n d x s0 s0 - 2 * dot d b s0 <= kappa", "0 <= q <= qmax", "0 <= eta", "dot d e e <= 2 * eta"),
            f"dot d {drift('(fun j : nat => s0 j + q * e j)')} v >= {stated['barrier']}",
            """
intros d n x b v c g s0 e q qmax eta kappa N S C G W K [Q0 Q1] T E.
set (z := fun i => s0 i + (- 1) * c i).
destruct (W s0 S) as [W1 W2]. destruct (W c C) as [W3 W4].
assert (Z : form n d x z z <= kappa + dot d b c).
{ unfold z. rewrite form_square, (form_sym n d x s0 c). lra. }
assert (L : form n d x g z = form n d x v s0 - form n d x v c).
{ rewrite form_sym. unfold z. rewrite form_sum, form_scaled, (form_sym n d x s0), (form_sym n d x c). lra. }
assert (Z0 := form_nonnegative n d x z N). assert (G0 := form_nonnegative n d x g N).
assert (M : form n d x g z <= sqrt (form n d x g g) * sqrt (kappa + dot d b c)).
{ rewrite <- sqrt_mult by lra. apply below_root. apply (Rle_trans _ _ _ (form_schwarz n d x g z N)).
  apply Rmult_le_compat_l; assumption. }
assert (A : form n d x v e <= sqrt 2 * sqrt eta * sqrt (dot d (image n d x v) (image n d x v))).
{ rewrite <- image_form. apply (Rle_trans _ _ _ (proj2 (schwarz d _ _))). rewrite Rmult_comm.
  apply Rmult_le_compat_r; [apply sqrt_pos | ]. rewrite <- sqrt_mult by lra. apply sqrt_le_1_alt. exact E. }
set (t := sqrt 2 * sqrt eta * sqrt (dot d (image n d x v) (image n d x v))) in *.
assert (T0 : 0 <= t) by (unfold t; repeat apply Rmult_le_pos; apply sqrt_pos).
assert (B : q * form n d x v e <= qmax * t).
{ apply (Rle_trans _ (q * t)); [apply Rmult_le_compat_l | apply Rmult_le_compat_r]; assumption. }
rewrite dot_sum, dot_scaled, image_form, form_sum, form_scaled, (form_sym n d x s0), (form_sym n d x e).
unfold t in B. lra.
""",
            ("2%nat", *one[1:], "(fun i => 1)", first, second, second, second, first, "1", "1", "(1 / 2)", "0"),
            "unfold form; simpl. split; [lia | ]. do 3 (split; [lra | ]). "
            "split; [intros w W; split; lra | ]. do 3 (split; [lra | ]). lra.",
        ),
    )  # fmt: skip
    preamble = VECTORS + CAUCHY_SCHWARZ + _POINTS + _FORM
    return Document("spurious.bundle-growth", theorems, preamble)
