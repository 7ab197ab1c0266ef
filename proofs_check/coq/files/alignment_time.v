(* Kernel evidence for the claim alignment.time. Generated; `coqc FILE.v` checks it again. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

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

(* At T the cosine, by the closed form of the claim alignment.closed-form, is 1 - delta *)
Theorem time :
  forall (r : R) (c0 : R) (delta : R),
    r > 0 ->
    ((1 + c0) > 0) ->
    ((1 + ((- 1) * c0)) > 0) ->
    (delta > 0) ->
    ((2 + ((- 1) * delta)) > 0) ->
    ((exp ((((/ r) * (((- 1) * (ln ((1 + c0) / (1 - c0)) / 2)) + ((- 1) * (ln ((1 + ((- 1) + delta)) / (1 - ((- 1) + delta))) / 2)))) * r) + (ln ((1 + c0) / (1 - c0)) / 2)) - exp (- ((((/ r) * (((- 1) * (ln ((1 + c0) / (1 - c0)) / 2)) + ((- 1) * (ln ((1 + ((- 1) + delta)) / (1 - ((- 1) + delta))) / 2)))) * r) + (ln ((1 + c0) / (1 - c0)) / 2)))) / (exp ((((/ r) * (((- 1) * (ln ((1 + c0) / (1 - c0)) / 2)) + ((- 1) * (ln ((1 + ((- 1) + delta)) / (1 - ((- 1) + delta))) / 2)))) * r) + (ln ((1 + c0) / (1 - c0)) / 2)) + exp (- ((((/ r) * (((- 1) * (ln ((1 + c0) / (1 - c0)) / 2)) + ((- 1) * (ln ((1 + ((- 1) + delta)) / (1 - ((- 1) + delta))) / 2)))) * r) + (ln ((1 + c0) / (1 - c0)) / 2))))) = 1 - delta.
Proof.
  intros r c0 delta R P Q C D.
  assert (F : ln ((1 + ((- 1) + delta)) / (1 - ((- 1) + delta))) = - ln ((1 + (1 - delta)) / (1 - (1 - delta)))).
  { rewrite <- ln_Rinv by (apply Rdiv_lt_0_compat; lra). f_equal. field. lra. }
  rewrite F.
  match goal with |- (exp ?x - _) / _ = _ =>
    replace x with (0 + ln ((1 + (1 - delta)) / (1 - (1 - delta))) / 2) by (field; lra) end.
  rewrite tanh_artanh by lra. rewrite Ropp_0, exp_0. field.
Qed.

Example time_is_not_vacuous :
  exists r : R,
  exists c0 : R,
  exists delta : R,
  r > 0 /\
  ((1 + c0) > 0) /\
  ((1 + ((- 1) * c0)) > 0) /\
  (delta > 0) /\
  ((2 + ((- 1) * delta)) > 0).
Proof. exists 1. exists 0. exists (1 / 2). repeat split; lra. Qed.

(* T - T_0 -> 0 as delta -> 0 from above *)
Theorem asymptote :
  forall (r : R) (c0 : R),
    r > 0 ->
    ((1 + c0) > 0) ->
    ((1 + ((- 1) * c0)) > 0) ->
    filterlim (fun delta : R => (((/ r) * (((- 1) * (ln ((1 + c0) / (1 - c0)) / 2)) + ((- 1) * (ln ((1 + ((- 1) + delta)) / (1 - ((- 1) + delta))) / 2)))) - ((((1 / 2) * (/ r)) * (ln (2 * (/ delta)))) + (((- 1) * (/ r)) * (ln ((1 + c0) / (1 - c0)) / 2))))) (at_right 0) (locally 0).
Proof.
  intros r c0 R P Q.
  apply (filterlim_ext_loc (fun delta => ln (1 - delta / 2) / (2 * r))).
  - exists (mkposreal 1 Rlt_0_1). intros delta B D.
    assert (L : delta < 1) by (apply Rabs_def2 in B; unfold minus, plus, opp in B; simpl in B; lra).
    assert (F : ln ((1 + ((- 1) + delta)) / (1 - ((- 1) + delta))) = - (ln (1 - delta / 2) + ln (2 / delta))).
    { rewrite <- ln_mult by (try (apply Rdiv_lt_0_compat; lra); lra). rewrite <- ln_Rinv.
      - f_equal. field. lra.
      - apply Rmult_lt_0_compat; [lra | apply Rdiv_lt_0_compat; lra]. }
    rewrite F. replace (2 * (/ delta)) with (2 / delta) by (field; lra). field. lra.
  - apply (filterlim_filter_le_1 (F := locally 0)); [apply filter_le_within | ].
    replace (locally 0) with (locally (ln (1 - 0 / 2) / (2 * r))) at 2.
    + apply (continuity_pt_filterlim (fun delta => ln (1 - delta / 2) / (2 * r))). apply derivable_continuous_pt.
      exists (- / 2 / (1 - 0 / 2) / (2 * r)). apply is_derive_Reals. auto_derive; [lra | field; lra].
    + f_equal. replace (1 - 0 / 2) with 1 by field. rewrite ln_1. field. lra.
Qed.

Example asymptote_is_not_vacuous :
  exists r : R,
  exists c0 : R,
  r > 0 /\
  ((1 + c0) > 0) /\
  ((1 + ((- 1) * c0)) > 0).
Proof. exists 1. exists 0. repeat split; lra. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (time, asymptote).
Print Assumptions all_stated.
