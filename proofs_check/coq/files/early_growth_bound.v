(* Kernel evidence for the claim early.growth-bound. Generated; `coqc FILE.v` checks it again. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(* What has a derivative that is not negative does not decrease. *)
Lemma increasing :
  forall (f : R -> R) (f' : R -> R) (b : R),
    0 <= b ->
    (forall t : R, 0 <= t <= b -> is_derive f t (f' t)) ->
    (forall t : R, 0 <= t <= b -> 0 <= f' t) ->
    f 0 <= f b.
Proof.
  intros f f' b B D P.
  destruct (MVT_gen f 0 b f') as [c [C E]].
  - intros x X. apply D. rewrite Rmin_left, Rmax_right in X by lra. lra.
  - intros x X. rewrite Rmin_left, Rmax_right in X by lra.
    apply derivable_continuous_pt. exists (f' x). apply is_derive_Reals. apply D. lra.
  - rewrite Rmin_left, Rmax_right in C by lra. assert (Q := P c C). nra.
Qed.

(* S(t) <= the stated bound where S' <= 2 D* S, as for a loss convex in its prediction *)
Theorem convex :
  forall (size : R -> R) (size' : R -> R) (dstar : R) (s0 : R) (t : R),
    0 <= t ->
    size 0 = s0 ->
    (forall v : R, 0 <= v <= t -> is_derive size v (size' v)) ->
    (forall v : R, 0 <= v <= t -> size' v <= ((2 * (size v)) * dstar)) ->
    size t <= (s0 * (exp ((2 * t) * dstar))).
Proof.
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
Qed.

Example convex_is_not_vacuous :
  exists size : R -> R,
  exists size' : R -> R,
  exists dstar : R,
  exists s0 : R,
  exists t : R,
  0 <= t /\
  size 0 = s0 /\
  (forall v : R, 0 <= v <= t -> is_derive size v (size' v)) /\
  (forall v : R, 0 <= v <= t -> size' v <= ((2 * (size v)) * dstar)).
Proof. exists exp. exists exp. exists 1. exists 1. exists 0. rewrite exp_0. do 2 (split; [lra | ]). split; intros v V; [auto_derive; [tauto | ring] | assert (E := exp_pos v); lra]. Qed.

(* The same where S' <= 2 (D_max + kappa R2 S) S, while the denominator is positive *)
Theorem smooth :
  forall (size : R -> R) (size' : R -> R) (dmax : R) (kappa : R) (r2 : R) (s0 : R) (t : R),
    0 <= t ->
    size 0 = s0 ->
    dmax > 0 ->
    kappa * r2 >= 0 ->
    (forall v : R, 0 <= v <= t -> is_derive size v (size' v)) ->
    (forall v : R, 0 <= v <= t -> size v > 0) ->
    (forall v : R, 0 <= v <= t -> size' v <= ((size v) * ((2 * dmax) + (((2 * (size v)) * r2) * kappa)))) ->
    (1 + ((((((- 1) * r2) * s0) * kappa) * (/ dmax)) * ((- 1) + (exp ((2 * t) * dmax))))) > 0 ->
    size t <= ((s0 * (/ (1 + ((((((- 1) * r2) * s0) * kappa) * (/ dmax)) * ((- 1) + (exp ((2 * t) * dmax))))))) * (exp ((2 * t) * dmax))).
Proof.
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
Qed.

Example smooth_is_not_vacuous :
  exists size : R -> R,
  exists size' : R -> R,
  exists dmax : R,
  exists kappa : R,
  exists r2 : R,
  exists s0 : R,
  exists t : R,
  0 <= t /\
  size 0 = s0 /\
  dmax > 0 /\
  kappa * r2 >= 0 /\
  (forall v : R, 0 <= v <= t -> is_derive size v (size' v)) /\
  (forall v : R, 0 <= v <= t -> size v > 0) /\
  (forall v : R, 0 <= v <= t -> size' v <= ((size v) * ((2 * dmax) + (((2 * (size v)) * r2) * kappa)))) /\
  (1 + ((((((- 1) * r2) * s0) * kappa) * (/ dmax)) * ((- 1) + (exp ((2 * t) * dmax))))) > 0.
Proof. exists exp. exists exp. exists 1. exists 0. exists 0. exists 1. exists 0. rewrite exp_0. do 4 (split; [lra | ]). split; [intros v V; auto_derive; [tauto | ring] | ]. split; [intros v V; apply exp_pos | ]. split; [intros v V; assert (E := exp_pos v); lra | lra]. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (convex, smooth).
Print Assumptions all_stated.
