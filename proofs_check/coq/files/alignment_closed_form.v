(* Kernel evidence for the claim alignment.closed-form. Generated; `coqc FILE.v` checks it again. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

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

(* a' = <w, D> with D = r Dhat *)
Theorem output_moves :
  forall (d : nat) (u : vec) (w0 : vec) (a0 : R) (wu : R) (r : R) (t : R),
    dot d u u = 1 ->
    wu = dot d u w0 ->
    is_derive (fun t : R => ((wu * ((exp (t * r) - exp (- (t * r))) / 2)) + (a0 * ((exp (t * r) + exp (- (t * r))) / 2)))) t (dot d (fun i : nat => r * u i) (fun i : nat => (1 * w0 i + ((((- 1) * wu) + (wu * ((exp (t * r) + exp (- (t * r))) / 2))) + (a0 * ((exp (t * r) - exp (- (t * r))) / 2))) * u i))).
Proof.
  intros d u w0 a0 wu r t N W. inner. rewrite ?N, <- ?W. auto_derive; [tauto | field].
Qed.

Example output_moves_is_not_vacuous :
  exists d : nat,
  exists u : vec,
  exists w0 : vec,
  exists a0 : R,
  exists wu : R,
  exists r : R,
  exists t : R,
  dot d u u = 1 /\
  wu = dot d u w0.
Proof. exists 1%nat. exists (fun i => 1). exists (fun i => 0). exists 1. exists 0. exists 1. exists 0. simpl; lra. Qed.

(* w' = a D, coordinate by coordinate *)
Theorem weights_move :
  forall (u : vec) (w0 : vec) (a0 : R) (wu : R) (r : R) (t : R) (i : nat),
    is_derive (fun t : R => (1 * w0 i + ((((- 1) * wu) + (wu * ((exp (t * r) + exp (- (t * r))) / 2))) + (a0 * ((exp (t * r) - exp (- (t * r))) / 2))) * u i)) t (((wu * ((exp (t * r) - exp (- (t * r))) / 2)) + (a0 * ((exp (t * r) + exp (- (t * r))) / 2))) * (r * u i)).
Proof.
  intros. auto_derive; [tauto | field].
Qed.

(* a(0) is the start *)
Theorem output_starts :
  forall (a0 : R) (wu : R) (r : R),
    a0 = a0.
Proof.
  intros. rewrite ?Rmult_0_r, ?Rmult_0_l, ?Ropp_0, ?exp_0. field.
Qed.

(* w(0) is the start *)
Theorem weights_start :
  forall (u : vec) (w0 : vec) (a0 : R) (wu : R) (r : R) (i : nat),
    (1 * w0 i + 0 * u i) = w0 i.
Proof.
  intros. rewrite ?Rmult_0_r, ?Rmult_0_l, ?Ropp_0, ?exp_0. field.
Qed.

(* c(t) = <w(t), Dhat>/a(t), for c0 = <w(0), Dhat>/a(0) *)
Theorem cosine :
  forall (d : nat) (u : vec) (w0 : vec) (a0 : R) (wu : R) (r : R) (t : R) (c0 : R),
    dot d u u = 1 ->
    wu = dot d u w0 ->
    wu = c0 * a0 ->
    a0 <> 0 ->
    ((1 + c0) > 0) ->
    ((1 + ((- 1) * c0)) > 0) ->
    r > 0 ->
    t >= 0 ->
    ((exp ((t * r) + (ln ((1 + c0) / (1 - c0)) / 2)) - exp (- ((t * r) + (ln ((1 + c0) / (1 - c0)) / 2)))) / (exp ((t * r) + (ln ((1 + c0) / (1 - c0)) / 2)) + exp (- ((t * r) + (ln ((1 + c0) / (1 - c0)) / 2))))) = dot d u (fun i : nat => (1 * w0 i + ((((- 1) * wu) + (wu * ((exp (t * r) + exp (- (t * r))) / 2))) + (a0 * ((exp (t * r) - exp (- (t * r))) / 2))) * u i)) / ((wu * ((exp (t * r) - exp (- (t * r))) / 2)) + (a0 * ((exp (t * r) + exp (- (t * r))) / 2))).
Proof.
  intros d u w0 a0 wu r t c0 N W C A P Q R T. rewrite tanh_artanh by lra. inner.
  rewrite ?N, <- ?W, ?C. assert (X : 0 <= t * r) by nra.
  assert (G := growth_positive (t * r) c0 X ltac:(lra) ltac:(lra)).
  field. repeat split; try lra; intro Z; destruct (Rdichotomy a0 0 A); nra.
Qed.

Example cosine_is_not_vacuous :
  exists d : nat,
  exists u : vec,
  exists w0 : vec,
  exists a0 : R,
  exists wu : R,
  exists r : R,
  exists t : R,
  exists c0 : R,
  dot d u u = 1 /\
  wu = dot d u w0 /\
  wu = c0 * a0 /\
  a0 <> 0 /\
  ((1 + c0) > 0) /\
  ((1 + ((- 1) * c0)) > 0) /\
  r > 0 /\
  t >= 0.
Proof. exists 1%nat. exists (fun i => 1). exists (fun i => 0). exists 1. exists 0. exists 1. exists 0. exists 0. simpl; repeat split; lra. Qed.

(* omega_perp(t) = factor omega_perp(0), coordinate by coordinate *)
Theorem perpendicular :
  forall (d : nat) (u : vec) (w0 : vec) (a0 : R) (wu : R) (r : R) (t : R) (c0 : R) (i : nat),
    dot d u u = 1 ->
    wu = dot d u w0 ->
    wu = c0 * a0 ->
    a0 <> 0 ->
    ((1 + c0) > 0) ->
    ((1 + ((- 1) * c0)) > 0) ->
    r > 0 ->
    t >= 0 ->
    ((1 * w0 i + ((((- 1) * wu) + (wu * ((exp (t * r) + exp (- (t * r))) / 2))) + (a0 * ((exp (t * r) - exp (- (t * r))) / 2))) * u i) - dot d u (fun i : nat => (1 * w0 i + ((((- 1) * wu) + (wu * ((exp (t * r) + exp (- (t * r))) / 2))) + (a0 * ((exp (t * r) - exp (- (t * r))) / 2))) * u i)) * u i) / ((wu * ((exp (t * r) - exp (- (t * r))) / 2)) + (a0 * ((exp (t * r) + exp (- (t * r))) / 2))) = (/ ((c0 * ((exp (t * r) - exp (- (t * r))) / 2)) + ((exp (t * r) + exp (- (t * r))) / 2))) * ((w0 i - wu * u i) / a0).
Proof.
  intros d u w0 a0 wu r t c0 i N W C A P Q R T. inner. rewrite ?N, <- ?W, ?C.
  assert (X : 0 <= t * r) by nra. assert (G := growth_positive (t * r) c0 X ltac:(lra) ltac:(lra)).
  field. repeat split; try lra; intro Z; destruct (Rdichotomy a0 0 A); nra.
Qed.

Example perpendicular_is_not_vacuous :
  exists d : nat,
  exists u : vec,
  exists w0 : vec,
  exists a0 : R,
  exists wu : R,
  exists r : R,
  exists t : R,
  exists c0 : R,
  exists i : nat,
  dot d u u = 1 /\
  wu = dot d u w0 /\
  wu = c0 * a0 /\
  a0 <> 0 /\
  ((1 + c0) > 0) /\
  ((1 + ((- 1) * c0)) > 0) /\
  r > 0 /\
  t >= 0.
Proof. exists 1%nat. exists (fun i => 1). exists (fun i => 0). exists 1. exists 0. exists 1. exists 0. exists 0. exists 0%nat. simpl; repeat split; lra. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (output_moves, weights_move, output_starts, weights_start, cosine, perpendicular).
Print Assumptions all_stated.
