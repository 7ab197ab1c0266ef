(* Kernel evidence for the claim spurious.bundle. Generated; `coqc FILE.v` checks it again. *)
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

(* Put the derivative of f at t, which the hypothesis H says, in place of `Derive f t`. *)
Ltac derived H :=
  match type of H with is_derive ?f ?t ?l =>
    replace (Derive (fun x : R => f x) t) with l by (symmetry; apply is_derive_unique; exact H) end.

(* Two neurons (w, a) and (v, c) that move in the same drift, which may be any at this time. *)
Theorem product :
  forall (d : nat) (a : R -> R) (w : R -> vec) (c : R -> R) (v : R -> vec) (drift : vec) (t : R),
    a t <> 0 ->
    c t <> 0 ->
    is_derive a t (dot d drift (w t)) ->
    (forall i : nat, is_derive (fun s : R => w s i) t ((a t) * drift i)) ->
    is_derive c t (dot d drift (v t)) ->
    (forall i : nat, is_derive (fun s : R => v s i) t ((c t) * drift i)) ->
    is_derive (fun s : R => (((a s) * (c s)) * (1 + ((- 1) * (dot d (w s) (v s) / (a s * c s)))))) t 0.
Proof.
  intros d a w c v D t A C Ha Hw Hc Hv.
  assert (P := is_derive_dot d w v _ _ t Hw Hv). cbv beta in P.
  rewrite dot_scaled, dot_scaled_r, (dot_sym d (w t) D) in P.
  set (p := fun s => dot d (w s) (v s)) in *.
  match type of P with is_derive _ _ ?l => change (is_derive p t l) in P end.
  change (is_derive (fun s : R => (((a s) * (c s)) * (1 + ((- 1) * (p s / (a s * c s)))))) t 0).
  auto_derive.
  - repeat split; try (eexists; eassumption). apply Rmult_integral_contrapositive; tauto.
  - derived Ha. derived Hc. derived P. field. tauto.
Qed.

Example product_is_not_vacuous :
  exists d : nat,
  exists a : R -> R,
  exists w : R -> vec,
  exists c : R -> R,
  exists v : R -> vec,
  exists drift : vec,
  exists t : R,
  a t <> 0 /\
  c t <> 0 /\
  is_derive a t (dot d drift (w t)) /\
  (forall i : nat, is_derive (fun s : R => w s i) t ((a t) * drift i)) /\
  is_derive c t (dot d drift (v t)) /\
  (forall i : nat, is_derive (fun s : R => v s i) t ((c t) * drift i)).
Proof. exists 1%nat. exists exp. exists (fun t i => exp t). exists exp. exists (fun t i => exp t). exists (fun i => 1). exists 0. assert (E := exp_0). do 2 (split; [lra | ]). split; [simpl; auto_derive; [tauto | ring] | ]. split; [intro i; auto_derive; [tauto | ring] | ]. split; [simpl; auto_derive; [tauto | ring] | ]. intro i; auto_derive; [tauto | ring]. Qed.

(* cos psi = (1 - u^2)/(1 + u^2) for u = tan(psi/2), and it grows at least as stated in 9.1. *)
Theorem approach :
  forall (u : R -> R) (u' : R) (cosine' : R) (r : R) (rho : R) (t : R),
    0 < u t ->
    is_derive u t u' ->
    is_derive (fun s : R => ((1 - u s ^ 2) / (1 + u s ^ 2))) t cosine' ->
    cosine' >= r * (1 - ((1 - u t ^ 2) / (1 + u t ^ 2)) ^ 2) - rho * sqrt (1 - ((1 - u t ^ 2) / (1 + u t ^ 2)) ^ 2) ->
    u' <= ((((1 / 2) * rho) * (1 + ((u t) ^ 2))) + (((- 1) * r) * (u t))).
Proof.
  intros u u' c' r rho t P U C B.
  set (v := u t) in *. assert (Q : 0 < 1 + v ^ 2) by nra.
  assert (E : c' = - (4 * v / (1 + v ^ 2) ^ 2) * u').
  { rewrite <- (is_derive_unique _ _ _ C). apply is_derive_unique. auto_derive.
    - repeat split; try (exists u'; exact U). change (1 + v ^ 2 <> 0). lra.
    - derived U. fold v. field. lra. }
  replace (1 - ((1 - v ^ 2) / (1 + v ^ 2)) ^ 2) with ((2 * v / (1 + v ^ 2)) ^ 2) in B by (field; lra).
  rewrite sqrt_pow2 in B by (apply Rlt_le, Rdiv_lt_0_compat; lra). rewrite E in B.
  assert (J : 0 < 4 * v / (1 + v ^ 2) ^ 2) by (apply Rdiv_lt_0_compat; nra).
  apply (Rmult_le_reg_l (4 * v / (1 + v ^ 2) ^ 2)); [exact J | ].
  match goal with |- _ <= ?l =>
    replace l with (rho * (2 * v / (1 + v ^ 2)) - r * (2 * v / (1 + v ^ 2)) ^ 2) by (field; lra) end.
  lra.
Qed.

Example approach_is_not_vacuous :
  exists u : R -> R,
  exists u' : R,
  exists cosine' : R,
  exists r : R,
  exists rho : R,
  exists t : R,
  0 < u t /\
  is_derive u t u' /\
  is_derive (fun s : R => ((1 - u s ^ 2) / (1 + u s ^ 2))) t cosine' /\
  cosine' >= r * (1 - ((1 - u t ^ 2) / (1 + u t ^ 2)) ^ 2) - rho * sqrt (1 - ((1 - u t ^ 2) / (1 + u t ^ 2)) ^ 2).
Proof. exists (fun s => 1). exists 0. exists 0. exists 1. exists 1. exists 0. split; [lra | ]. split; [auto_derive; [tauto | ring] | ]. split; [auto_derive; [lra | field] | ]. replace (1 - ((1 - 1 ^ 2) / (1 + 1 ^ 2)) ^ 2) with 1 by field. rewrite sqrt_1. lra. Qed.

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

(* u' <= -r u + rho up to a time b that is not before log(1/epsilon)/r. *)
Theorem aligned :
  forall (u : R -> R) (u' : R -> R) (r : R) (rho : R) (e : R) (b : R),
    0 < r ->
    0 <= rho ->
    0 < e <= 1 ->
    (((- 1) * rho) + (e * r)) >= 0 ->
    0 <= b ->
    ln (/ e) / r <= b ->
    u 0 <= 1 ->
    (forall t : R, 0 <= t <= b -> is_derive u t (u' t)) ->
    (forall t : R, 0 <= t <= b -> u' t <= - r * u t + rho) ->
    u b <= (2 * e).
Proof.
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
Qed.

Example aligned_is_not_vacuous :
  exists u : R -> R,
  exists u' : R -> R,
  exists r : R,
  exists rho : R,
  exists e : R,
  exists b : R,
  0 < r /\
  0 <= rho /\
  0 < e <= 1 /\
  (((- 1) * rho) + (e * r)) >= 0 /\
  0 <= b /\
  ln (/ e) / r <= b /\
  u 0 <= 1 /\
  (forall t : R, 0 <= t <= b -> is_derive u t (u' t)) /\
  (forall t : R, 0 <= t <= b -> u' t <= - r * u t + rho).
Proof. exists (fun t => exp (- t)). exists (fun t => - exp (- t)). exists 1. exists 0. exists 1. exists 1. rewrite Rinv_1, ln_1. do 6 (split; [lra | ]). replace (- 0) with 0 by ring. rewrite exp_0. split; [lra | ]. split; [intros t T; auto_derive; [tauto | ring] | intros t T; lra]. Qed.

(* Two dominated neurons (w, a) and (v, c) that move in the same drift and have tightness eta. *)
Theorem ratio :
  forall (d : nat) (a : R -> R) (w : R -> vec) (c : R -> R) (v : R -> vec) (drift : vec) (eta : R) (t : R),
    0 < a t ->
    0 < c t ->
    dot d (w t) (w t) <= a t ^ 2 ->
    dot d (v t) (v t) <= c t ^ 2 ->
    1 - dot d (w t) (v t) / (a t * c t) <= eta ->
    0 <= eta ->
    is_derive a t (dot d drift (w t)) ->
    is_derive c t (dot d drift (v t)) ->
    exists r : R, is_derive (fun s : R => ln (a s) - ln (c s)) t r /\ r <= (((sqrt (dot d drift drift)) * (sqrt 2)) * (sqrt eta)).
Proof.
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
Qed.

Example ratio_is_not_vacuous :
  exists d : nat,
  exists a : R -> R,
  exists w : R -> vec,
  exists c : R -> R,
  exists v : R -> vec,
  exists drift : vec,
  exists eta : R,
  exists t : R,
  0 < a t /\
  0 < c t /\
  dot d (w t) (w t) <= a t ^ 2 /\
  dot d (v t) (v t) <= c t ^ 2 /\
  1 - dot d (w t) (v t) / (a t * c t) <= eta /\
  0 <= eta /\
  is_derive a t (dot d drift (w t)) /\
  is_derive c t (dot d drift (v t)).
Proof. exists 1%nat. exists exp. exists (fun t i => exp t). exists exp. exists (fun t i => exp t). exists (fun i => 1). exists 1. exists 0. assert (E := exp_0). rewrite E. split; [lra | ]. split; [lra | ]. do 4 (split; [simpl; lra | ]). split; simpl; auto_derive; try tauto; lra. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (product, approach, aligned, ratio).
Print Assumptions all_stated.
