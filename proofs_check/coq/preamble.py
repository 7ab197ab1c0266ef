"""Definitions in Coq that a reader has to check, and lemmas on them that Coq proves in every file again."""

from .motion import CoqNeuron

VECTORS = r"""
(* A vector of R^d is a sequence of which the first d entries count; <u, v> = sum over i < d of u_i v_i. *)
Definition vec := nat -> R.
Fixpoint dot (d : nat) (u v : vec) : R :=
  match d with
  | O => 0
  | S k => dot k u v + u k * v k
  end.

Lemma dot_sym : forall d u v, dot d u v = dot d v u.
Proof. induction d as [|d IH]; intros; simpl; [reflexivity | rewrite IH; ring]. Qed.

Lemma dot_scaled : forall d s u v, dot d (fun i => s * u i) v = s * dot d u v.
Proof. induction d as [|d IH]; intros; simpl; [ring | rewrite IH; ring]. Qed.

Lemma dot_sum : forall d u u' v, dot d (fun i => u i + u' i) v = dot d u v + dot d u' v.
Proof. induction d as [|d IH]; intros; simpl; [ring | rewrite IH; ring]. Qed.

Lemma dot_scaled_r : forall d s u v, dot d u (fun i => s * v i) = s * dot d u v.
Proof. intros. rewrite dot_sym, dot_scaled, dot_sym. reflexivity. Qed.

Lemma dot_sum_r : forall d u v v', dot d u (fun i => v i + v' i) = dot d u v + dot d u v'.
Proof. intros. rewrite dot_sym, dot_sum, (dot_sym d v), (dot_sym d v'). reflexivity. Qed.

Lemma is_derive_dot : forall d (u v : R -> vec) (u' v' : vec) t,
  (forall i, is_derive (fun s => u s i) t (u' i)) ->
  (forall i, is_derive (fun s => v s i) t (v' i)) ->
  is_derive (fun s => dot d (u s) (v s)) t (dot d u' (v t) + dot d (u t) v').
Proof.
  induction d as [|d IH]; intros u v u' v' t Hu Hv; simpl.
  - replace (0 + 0) with 0 by ring. exact (@is_derive_const R_AbsRing R_NormedModule 0 t).
  - evar_last.
    + apply (is_derive_plus (fun s => dot d (u s) (v s)) (fun s => u s d * v s d)).
      * exact (IH u v u' v' t Hu Hv).
      * exact (is_derive_mult (fun s => u s d) (fun s => v s d) t (u' d) (v' d) (Hu d) (Hv d) Rmult_comm).
    + unfold plus, mult; simpl. ring.
Qed.

Ltac inner := repeat (rewrite ?dot_scaled, ?dot_scaled_r, ?dot_sum, ?dot_sum_r).
"""

CAUCHY_SCHWARZ = r"""
Lemma dot_nonnegative : forall d u, 0 <= dot d u u.
Proof. induction d as [|d IH]; intro u; simpl; [lra | assert (Q := IH u); nra]. Qed.

Lemma cauchy_schwarz : forall d u v, dot d u v ^ 2 <= dot d u u * dot d v v.
Proof.
  induction d as [|d IH]; intros u v; simpl; [lra | ].
  assert (Q := IH u v). assert (U := dot_nonnegative d u). assert (V := dot_nonnegative d v).
  set (p := dot d u v) in *. set (q := dot d u u) in *. set (r := dot d v v) in *. set (x := u d). set (y := v d).
  assert (S : (2 * (p * (x * y))) ^ 2 <= (q * y ^ 2 + r * x ^ 2) ^ 2).
  { assert (0 <= (q * y ^ 2 - r * x ^ 2) ^ 2) by apply pow2_ge_0.
    assert (p ^ 2 * (x * y) ^ 2 <= q * r * (x * y) ^ 2)
      by (apply Rmult_le_compat_r; [apply pow2_ge_0 | exact Q]). nra. }
  assert (0 <= q * y ^ 2 + r * x ^ 2)
    by (apply Rplus_le_le_0_compat; apply Rmult_le_pos; [exact U | apply pow2_ge_0 | exact V | apply pow2_ge_0]).
  assert (2 * (p * (x * y)) <= q * y ^ 2 + r * x ^ 2) by nra. nra.
Qed.
"""

_NEURONS = r"""
(* A neuron z = (w, a), and the maps of theory.md 2.3: A(D) z = (a D, <D, w>), J z = (w, -a). *)
Record point := Point { weights : vec; output : R }.
Definition same (y z : point) : Prop := (forall i, weights y i = weights z i) /\ output y = output z.
Definition add (y z : point) : point := Point (fun i => weights y i + weights z i) (output y + output z).
Definition times (s : R) (z : point) : point := Point (fun i => s * weights z i) (s * output z).
Definition field_of (d : nat) (D : vec) (z : point) : point := Point (fun i => WEIGHTS_RATE) OUTPUT_RATE.
Definition reflect (z : point) : point := Point (weights z) (- output z).
Definition euclid (d : nat) (y z : point) : R := dot d (weights y) (weights z) + output y * output z.
Definition moves (z : R -> point) (t : R) (v : point) : Prop :=
  (forall i, is_derive (fun s => weights (z s) i) t (weights v i)) /\ is_derive (fun s => output (z s)) t (output v).

Ltac pointwise := intros; split; [intro | idtac]; unfold add, times, field_of, reflect; simpl; inner.
"""


def neurons() -> str:
    """Neurons as points, with the field A(D) of the equations of motion that the model derives."""
    neuron = CoqNeuron("(output z)", "(weights z)", "(weights z i)", "D", "D i")
    rates = {"WEIGHTS_RATE": neuron.weights_rate(), "OUTPUT_RATE": neuron.output_rate()}
    text = _NEURONS
    for name, rate in rates.items():
        text = text.replace(name, rate)
    return text


HYPERBOLIC = r"""
Lemma exp_artanh : forall c, 0 < 1 + c -> 0 < 1 - c ->
  exp (ln ((1 + c) / (1 - c)) / 2) * exp (ln ((1 + c) / (1 - c)) / 2) = (1 + c) / (1 - c).
Proof.
  intros c P Q. rewrite <- exp_plus.
  replace (ln ((1 + c) / (1 - c)) / 2 + ln ((1 + c) / (1 - c)) / 2) with (ln ((1 + c) / (1 - c))) by field.
  apply exp_ln. apply Rdiv_lt_0_compat; assumption.
Qed.

(* tanh (x + artanh c) = (sinh x + c cosh x) / (cosh x + c sinh x) *)
Lemma tanh_artanh : forall x c, 0 < 1 + c -> 0 < 1 - c ->
  ((exp (x + ln ((1 + c) / (1 - c)) / 2) - exp (- (x + ln ((1 + c) / (1 - c)) / 2))) /
   (exp (x + ln ((1 + c) / (1 - c)) / 2) + exp (- (x + ln ((1 + c) / (1 - c)) / 2)))) =
  ((exp x - exp (- x)) / 2 + c * ((exp x + exp (- x)) / 2)) / ((exp x + exp (- x)) / 2 + c * ((exp x - exp (- x)) / 2)).
Proof.
  intros x c P Q. assert (E := exp_artanh c P Q). set (L := ln ((1 + c) / (1 - c)) / 2) in *.
  rewrite Ropp_plus_distr, !exp_plus, !exp_Ropp. assert (X := exp_pos x). assert (Y := exp_pos L).
  set (a := exp x) in *. set (b := exp L) in *.
  assert (A : 0 < a * a) by nra. assert (B : 0 < b * b) by nra.
  assert (G : a * a * (1 + c) + (1 - c) > 0) by nra.
  transitivity ((a * a * (b * b) - 1) / (a * a * (b * b) + 1)).
  - field. repeat split; nra.
  - rewrite E. field. repeat split; nra.
Qed.

(* cosh x + c sinh x > 0 *)
Lemma growth_positive : forall x c, 0 <= x -> 0 < 1 + c -> 0 < 1 - c ->
  0 < (exp x + exp (- x)) / 2 + c * ((exp x - exp (- x)) / 2).
Proof.
  intros x c X P Q. rewrite exp_Ropp. assert (E := exp_pos x). assert (I := Rinv_0_lt_compat _ E). nra.
Qed.
"""
