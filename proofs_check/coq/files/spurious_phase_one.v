(* Kernel evidence for the claim spurious.phase-one. Generated; `coqc FILE.v` checks it again. *)
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

(* Put the derivative of f at t, which the hypothesis H says, in place of `Derive f t`. *)
Ltac derived H :=
  match type of H with is_derive ?f ?t ?l =>
    replace (Derive (fun x : R => f x) t) with l by (symmetry; apply is_derive_unique; exact H) end.

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
  0 <= dot d (weighted n (fun k => (((/ (INR n)) * (eta k)) * (p k))) x) w /\
  zeta * c <= dot d (weighted n (fun k => (((/ (INR n)) * (eta k)) * (p k))) x) (x l).
Proof.
  intros d n l m x p eta y zeta c w N M P S Z B C. assert (I : 0 < INR n) by (apply lt_0_INR; exact N).
  assert (J : 0 < / INR n) by (apply Rinv_0_lt_compat; exact I).
  rewrite !dot_weighted. set (f := fun k => (((/ (INR n)) * (eta k)) * (p k))).
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

(* The point m is active and has the pull p_m >= zeta y_m; eta are the slopes. Where x_l is not active: *)
Theorem gain :
  forall (d : nat) (n : nat) (l : nat) (m : nat) (x : nat -> vec) (p : nat -> R) (eta : nat -> R) (y : nat -> R) (a : R -> R) (w : R -> vec) (zeta : R) (c : R) (t : R),
    (0 < n)%nat ->
    (m < n)%nat ->
    (forall k : nat, (k < n)%nat ->
    0 <= p k /\ 0 <= eta k /\ 0 <= eta k * dot d (w t) (x k) /\ 0 <= dot d (x k) (x l)) ->
    eta m = 1 ->
    0 <= zeta ->
    zeta * y m <= p m ->
    c <= y m * dot d (x m) (x l) / INR n ->
    is_derive a t (dot d (weighted n (fun k : nat => (((/ (INR n)) * (eta k)) * (p k))) x) (w t)) ->
    (forall i : nat, is_derive (fun s : R => w s i) t ((a t) * (weighted n (fun k : nat => (((/ (INR n)) * (eta k)) * (p k))) x) i)) ->
    0 < a t ->
    dot d (w t) (x l) <= 0 ->
    exists v : R, is_derive (fun s : R => dot d (w s) (x l) / a s) t v /\ v >= (c * zeta).
Proof.
  intros d n l m x p eta y a w zeta c t N M P S Z B C Ha Hw A L.
  destruct (pushed d n l m x p eta y zeta c (w t) N M P S Z B C) as [G H].
  set (D := weighted n (fun k => (((/ (INR n)) * (eta k)) * (p k))) x) in *. set (q := fun s => dot d (w s) (x l)) in *.
  assert (V : is_derive q t (dot d (fun i => a t * D i) (x l))) by (apply is_derive_seen; exact Hw).
  rewrite dot_scaled in V.
  
  exists (dot d D (x l) - q t * dot d D (w t) / a t ^ 2). split.
  - change (is_derive (fun s => q s / a s) t (dot d D (x l) - q t * dot d D (w t) / a t ^ 2)).
    auto_derive.
    + repeat split; try (eexists; eassumption). lra.
    + derived Ha. derived V. field. lra.
  - assert (0 < / a t ^ 2) by (apply Rinv_0_lt_compat; nra).
    assert (q t * dot d D (w t) <= 0) by (unfold q; nra). unfold Rdiv. nra.
Qed.

Example gain_is_not_vacuous :
  exists d : nat,
  exists n : nat,
  exists l : nat,
  exists m : nat,
  exists x : nat -> vec,
  exists p : nat -> R,
  exists eta : nat -> R,
  exists y : nat -> R,
  exists a : R -> R,
  exists w : R -> vec,
  exists zeta : R,
  exists c : R,
  exists t : R,
  (0 < n)%nat /\
  (m < n)%nat /\
  (forall k : nat, (k < n)%nat ->
    0 <= p k /\ 0 <= eta k /\ 0 <= eta k * dot d (w t) (x k) /\ 0 <= dot d (x k) (x l)) /\
  eta m = 1 /\
  0 <= zeta /\
  zeta * y m <= p m /\
  c <= y m * dot d (x m) (x l) / INR n /\
  is_derive a t (dot d (weighted n (fun k : nat => (((/ (INR n)) * (eta k)) * (p k))) x) (w t)) /\
  (forall i : nat, is_derive (fun s : R => w s i) t ((a t) * (weighted n (fun k : nat => (((/ (INR n)) * (eta k)) * (p k))) x) i)) /\
  0 < a t /\
  dot d (w t) (x l) <= 0.
Proof. exists 2%nat. exists 1%nat. exists 1%nat. exists 0%nat. exists (fun k i => 1). exists (fun k => 1). exists (fun k => 1). exists (fun k => 1). exists (fun s => 1). exists (fun s i => s). exists 1. exists (1 / 2). exists 0. unfold weighted; simpl. split; [lia | ]. split; [lia | ]. split; [intros k K; repeat split; lra | ]. do 3 (split; [lra | ]). split; [lra | ]. split; [auto_derive; [tauto | lra] | ]. split; [intro i; auto_derive; [tauto | lra] | lra]. Qed.

(* The same for a < 0, wherever x_l is, on its hyperplane with any slope: <w, x_l>' = |a| v. *)
Theorem fall :
  forall (d : nat) (n : nat) (l : nat) (m : nat) (x : nat -> vec) (p : nat -> R) (eta : nat -> R) (y : nat -> R) (a : R -> R) (w : R -> vec) (zeta : R) (c : R) (t : R),
    (0 < n)%nat ->
    (m < n)%nat ->
    (forall k : nat, (k < n)%nat ->
    0 <= p k /\ 0 <= eta k /\ 0 <= eta k * dot d (w t) (x k) /\ 0 <= dot d (x k) (x l)) ->
    eta m = 1 ->
    0 <= zeta ->
    zeta * y m <= p m ->
    c <= y m * dot d (x m) (x l) / INR n ->
    is_derive a t (dot d (weighted n (fun k : nat => (((/ (INR n)) * (eta k)) * (p k))) x) (w t)) ->
    (forall i : nat, is_derive (fun s : R => w s i) t ((a t) * (weighted n (fun k : nat => (((/ (INR n)) * (eta k)) * (p k))) x) i)) ->
    a t < 0 ->
    exists v : R, is_derive (fun s : R => dot d (w s) (x l)) t (Rabs (a t) * v) /\ v <= (((- 1) * c) * zeta).
Proof.
  intros d n l m x p eta y a w zeta c t N M P S Z B C Ha Hw A.
  destruct (pushed d n l m x p eta y zeta c (w t) N M P S Z B C) as [G H].
  set (D := weighted n (fun k => (((/ (INR n)) * (eta k)) * (p k))) x) in *. set (q := fun s => dot d (w s) (x l)) in *.
  assert (V : is_derive q t (dot d (fun i => a t * D i) (x l))) by (apply is_derive_seen; exact Hw).
  rewrite dot_scaled in V.
  
  exists (- dot d D (x l)). rewrite Rabs_left by exact A. split; [ | lra].
  replace (- a t * - dot d D (x l)) with (a t * dot d D (x l)) by ring. exact V.
Qed.

Example fall_is_not_vacuous :
  exists d : nat,
  exists n : nat,
  exists l : nat,
  exists m : nat,
  exists x : nat -> vec,
  exists p : nat -> R,
  exists eta : nat -> R,
  exists y : nat -> R,
  exists a : R -> R,
  exists w : R -> vec,
  exists zeta : R,
  exists c : R,
  exists t : R,
  (0 < n)%nat /\
  (m < n)%nat /\
  (forall k : nat, (k < n)%nat ->
    0 <= p k /\ 0 <= eta k /\ 0 <= eta k * dot d (w t) (x k) /\ 0 <= dot d (x k) (x l)) /\
  eta m = 1 /\
  0 <= zeta /\
  zeta * y m <= p m /\
  c <= y m * dot d (x m) (x l) / INR n /\
  is_derive a t (dot d (weighted n (fun k : nat => (((/ (INR n)) * (eta k)) * (p k))) x) (w t)) /\
  (forall i : nat, is_derive (fun s : R => w s i) t ((a t) * (weighted n (fun k : nat => (((/ (INR n)) * (eta k)) * (p k))) x) i)) /\
  a t < 0.
Proof. exists 2%nat. exists 1%nat. exists 1%nat. exists 0%nat. exists (fun k i => 1). exists (fun k => 1). exists (fun k => 1). exists (fun k => 1). exists (fun s => - 1). exists (fun s i => - s). exists 1. exists (1 / 2). exists 0. unfold weighted; simpl. split; [lia | ]. split; [lia | ]. split; [intros k K; repeat split; lra | ]. do 3 (split; [lra | ]). split; [lra | ]. split; [auto_derive; [tauto | lra] | ]. split; [intro i; auto_derive; [tauto | lra] | lra]. Qed.

(* cos theta = (1 - u^2)/(1 + u^2) for u = tan(theta/2), and it falls at least as stated in 9.1. *)
Theorem turn :
  forall (u : R -> R) (u' : R) (cosine' : R) (r : R) (rho : R) (t : R),
    0 < u t ->
    is_derive u t u' ->
    is_derive (fun s : R => ((1 - u s ^ 2) / (1 + u s ^ 2))) t cosine' ->
    cosine' <= - r * (1 - ((1 - u t ^ 2) / (1 + u t ^ 2)) ^ 2) + rho * sqrt (1 - ((1 - u t ^ 2) / (1 + u t ^ 2)) ^ 2) ->
    u' >= ((r * (u t)) + (((- (1 / 2)) * rho) * (1 + ((u t) ^ 2)))).
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
  apply Rle_ge. apply (Rmult_le_reg_l (4 * v / (1 + v ^ 2) ^ 2)); [exact J | ].
  match goal with |- ?l <= _ =>
    replace l with (r * (2 * v / (1 + v ^ 2)) ^ 2 - rho * (2 * v / (1 + v ^ 2))) by (field; lra) end.
  lra.
Qed.

Example turn_is_not_vacuous :
  exists u : R -> R,
  exists u' : R,
  exists cosine' : R,
  exists r : R,
  exists rho : R,
  exists t : R,
  0 < u t /\
  is_derive u t u' /\
  is_derive (fun s : R => ((1 - u s ^ 2) / (1 + u s ^ 2))) t cosine' /\
  cosine' <= - r * (1 - ((1 - u t ^ 2) / (1 + u t ^ 2)) ^ 2) + rho * sqrt (1 - ((1 - u t ^ 2) / (1 + u t ^ 2)) ^ 2).
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

(* u' >= r u - rho and u < 1 before the time b: a neuron that stays in a cell up to b. *)
Theorem stay :
  forall (u : R -> R) (u' : R -> R) (r : R) (rho : R) (u0 : R) (b : R),
    0 < r ->
    0 <= rho ->
    0 < u0 ->
    (1 + ((- 1) * u0)) >= 0 ->
    (((- 1) * rho) + (((1 / 2) * r) * u0)) >= 0 ->
    0 <= b ->
    u0 <= u 0 ->
    (forall t : R, 0 <= t <= b -> is_derive u t (u' t)) ->
    (forall t : R, 0 <= t <= b -> r * u t - rho <= u' t) ->
    (forall t : R, 0 <= t < b -> u t < 1) ->
    b <= ((/ r) * (ln (2 * (/ u0)))).
Proof.
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
Qed.

Example stay_is_not_vacuous :
  exists u : R -> R,
  exists u' : R -> R,
  exists r : R,
  exists rho : R,
  exists u0 : R,
  exists b : R,
  0 < r /\
  0 <= rho /\
  0 < u0 /\
  (1 + ((- 1) * u0)) >= 0 /\
  (((- 1) * rho) + (((1 / 2) * r) * u0)) >= 0 /\
  0 <= b /\
  u0 <= u 0 /\
  (forall t : R, 0 <= t <= b -> is_derive u t (u' t)) /\
  (forall t : R, 0 <= t <= b -> r * u t - rho <= u' t) /\
  (forall t : R, 0 <= t < b -> u t < 1).
Proof. exists (fun t => exp t / 2). exists (fun t => exp t / 2). exists 1. exists 0. exists (1 / 2). exists (1 / 2). assert (E := exp_0). do 7 (split; [lra | ]). split; [intros t T; auto_derive; [tauto | field] | ]. split; [intros t T; lra | intros t T]. assert (X := exp_pos t). assert (Y := exp_ineq1_le (- t)). assert (Z := exp_plus t (- t)). replace (t + - t) with 0 in Z by ring. nra. Qed.

(* f = <omega, x_l> grows at the rate of `gain` and is negative before the time b. *)
Theorem arrival :
  forall (f : R -> R) (f' : R -> R) (zeta : R) (c : R) (length : R) (b : R),
    0 < zeta ->
    0 < c ->
    0 <= length ->
    0 <= b ->
    - length <= f 0 ->
    (forall t : R, 0 <= t <= b -> is_derive f t (f' t)) ->
    (forall t : R, 0 <= t <= b -> f' t >= (c * zeta)) ->
    (forall t : R, 0 <= t < b -> f t < 0) ->
    b <= ((length * (/ c)) * (/ zeta)).
Proof.
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
Qed.

Example arrival_is_not_vacuous :
  exists f : R -> R,
  exists f' : R -> R,
  exists zeta : R,
  exists c : R,
  exists length : R,
  exists b : R,
  0 < zeta /\
  0 < c /\
  0 <= length /\
  0 <= b /\
  - length <= f 0 /\
  (forall t : R, 0 <= t <= b -> is_derive f t (f' t)) /\
  (forall t : R, 0 <= t <= b -> f' t >= (c * zeta)) /\
  (forall t : R, 0 <= t < b -> f t < 0).
Proof. exists (fun t => t - 1). exists (fun t => 1). exists 1. exists 1. exists 1. exists 1. do 5 (split; [lra | ]). split; [intros t T; auto_derive; [tauto | ring] | ]. split; intros t T; lra. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (gain, fall, turn, stay, arrival).
Print Assumptions all_stated.
