(* Kernel evidence for the claim alignment.crossing. Generated; `coqc FILE.v` checks it again. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(* P(E) = 2 E <w(t), x> for E = e^{rt}, by the claim alignment.closed-form *)
Theorem polynomial :
  forall (wx : R) (dx : R) (a0 : R) (wu : R) (r : R) (t : R),
    ((((dx * wu) + (((exp (t * r)) ^ 2) * ((dx * wu) + (dx * a0)))) + (((- 1) * dx) * a0)) + ((2 * (exp (t * r))) * (wx + (((- 1) * dx) * wu)))) = 2 * (exp (t * r)) * (wx + (dx * ((wu * ((- 1) + ((exp (t * r) + exp (- (t * r))) / 2))) + (a0 * ((exp (t * r) - exp (- (t * r))) / 2))))).
Proof.
  intros. rewrite (Rmult_comm t r), exp_Ropp. assert (E := exp_pos (r * t)). field. lra.
Qed.

(* A dominated neuron meets the hyperplane of x at most once, unless <D, x> = 0 *)
Theorem one_root :
  forall (wx : R) (dx : R) (a0 : R) (wu : R) (r : R) (s : R) (t : R),
    ((Rabs a0) >= (Rabs wu)) ->
    a0 <> 0 ->
    r > 0 ->
    0 <= s < t ->
    (wx + (dx * ((wu * ((- 1) + ((exp (s * r) + exp (- (s * r))) / 2))) + (a0 * ((exp (s * r) - exp (- (s * r))) / 2))))) = 0 ->
    (wx + (dx * ((wu * ((- 1) + ((exp (t * r) + exp (- (t * r))) / 2))) + (a0 * ((exp (t * r) - exp (- (t * r))) / 2))))) = 0 ->
    dx = 0.
Proof.
  intros wx dx a0 wu r s t B A R T X Y.
  assert (U : exp (r * s) < exp (r * t)) by (apply exp_increasing; nra).
  rewrite (Rmult_comm s r), (Rmult_comm t r) in *. rewrite !exp_Ropp in *. assert (V := exp_pos (r * s)).
  set (e := exp (r * s)) in *. set (f := exp (r * t)) in *.
  assert (I : 0 < / e - / f) by (replace (/ e - / f) with ((f - e) / (e * f)) by (field; lra);
    apply Rdiv_lt_0_compat; [lra | nra]).
  set (p := f - e) in *. set (q := / e - / f) in *. assert (P : 0 < p) by (unfold p; lra).
  assert (Z : dx * ((a0 + wu) * p + (a0 - wu) * q) = 0) by (unfold p, q; lra).
  assert (N : (a0 + wu) * p + (a0 - wu) * q <> 0).
  { unfold Rabs in B. destruct (Rcase_abs a0), (Rcase_abs wu); nra. }
  apply Rmult_integral in Z. tauto.
Qed.

Example one_root_is_not_vacuous :
  exists wx : R,
  exists dx : R,
  exists a0 : R,
  exists wu : R,
  exists r : R,
  exists s : R,
  exists t : R,
  ((Rabs a0) >= (Rabs wu)) /\
  a0 <> 0 /\
  r > 0 /\
  0 <= s < t /\
  (wx + (dx * ((wu * ((- 1) + ((exp (s * r) + exp (- (s * r))) / 2))) + (a0 * ((exp (s * r) - exp (- (s * r))) / 2))))) = 0 /\
  (wx + (dx * ((wu * ((- 1) + ((exp (t * r) + exp (- (t * r))) / 2))) + (a0 * ((exp (t * r) - exp (- (t * r))) / 2))))) = 0.
Proof. exists 0. exists 0. exists 1. exists 0. exists 1. exists 0. exists 1. rewrite ?Rabs_R0, ?(Rabs_pos_eq 1) by lra. repeat split; try lra; field. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (polynomial, one_root).
Print Assumptions all_stated.
