(* Kernel evidence for the claim flow.domination. Generated; `coqc FILE.v` checks it again. *)
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

(* |a u| <= K a^2 when u^2 <= K^2 s and s <= a^2. *)
Lemma slow : forall a s u K, 0 <= K -> 0 <= s <= a ^ 2 -> u ^ 2 <= K ^ 2 * s -> 0 <= a * u + K * a ^ 2.
Proof.
  intros a s u K P S U.
  assert (Q : (a * u) ^ 2 <= (K * a ^ 2) ^ 2).
  { replace ((a * u) ^ 2) with (a ^ 2 * u ^ 2) by ring.
    replace ((K * a ^ 2) ^ 2) with (a ^ 2 * (K ^ 2 * a ^ 2)) by ring.
    apply Rmult_le_compat_l; [apply pow2_ge_0 | ].
    apply (Rle_trans _ (K ^ 2 * s)); [exact U | apply Rmult_le_compat_l; [apply pow2_ge_0 | lra]]. }
  assert (N : 0 <= K * a ^ 2) by (apply Rmult_le_pos; [exact P | apply pow2_ge_0]). nra.
Qed.

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

(* With s = ||w||^2 and u = <D, w>: a^2 - s is constant, a^2 e^{2Kt} increases, and a keeps its sign. *)
Lemma persists :
  forall (a : R -> R) (s : R -> R) (u : R -> R) (k : R) (b : R),
    0 <= b ->
    0 <= k ->
    (forall t : R, 0 <= t <= b -> is_derive a t (u t)) ->
    (forall t : R, 0 <= t <= b -> is_derive s t (2 * a t * u t)) ->
    (forall t : R, 0 <= t <= b -> 0 <= s t) ->
    (forall t : R, 0 <= t <= b -> u t ^ 2 <= k ^ 2 * s t) ->
    s 0 <= a 0 ^ 2 ->
    a 0 <> 0 ->
    s b <= a b ^ 2 /\ 0 < a 0 * a b.
Proof.
  intros a s u K b B P A S N U I Z.
  assert (Z2 : 0 < a 0 ^ 2) by (apply pow2_gt_0; exact Z).
  assert (E : forall t, 0 <= t <= b -> s t <= a t ^ 2).
  { intros t T. assert (H := increasing (fun v => a v ^ 2 - s v) (fun v => 0) t (proj1 T)).
    assert (a 0 ^ 2 - s 0 <= a t ^ 2 - s t); [apply H | lra].
    - intros v V. assert (X := A v ltac:(lra)). assert (Y := S v ltac:(lra)). auto_derive.
      + split; [exists (u v); exact X | split; [eexists; exact Y | tauto]].
      + replace (Derive (fun x : R => a x) v) with (u v) by (symmetry; apply is_derive_unique; exact X).
        replace (Derive (fun x : R => s x) v) with (2 * a v * u v) by (symmetry; apply is_derive_unique; exact Y). ring.
    - intros v V. lra. }
  assert (G : forall t, 0 <= t <= b -> a t <> 0).
  { intros t T O.
    assert (H := increasing (fun v => a v ^ 2 * exp (2 * K * v))
      (fun v => 2 * (a v * u v + K * a v ^ 2) * exp (2 * K * v)) t (proj1 T)).
    assert (L : a 0 ^ 2 * exp (2 * K * 0) <= a t ^ 2 * exp (2 * K * t)); [apply H | ].
    - intros v V. assert (X := A v ltac:(lra)). auto_derive.
      + exists (u v); exact X.
      + replace (Derive (fun x : R => a x) v) with (u v) by (symmetry; apply is_derive_unique; exact X). ring.
    - intros v V. assert (W : 0 <= v <= b) by lra. assert (X := exp_pos (2 * K * v)).
      assert (0 <= a v * u v + K * a v ^ 2)
        by (apply (slow _ (s v)); [exact P | split; [apply N, W | apply E, W] | apply U, W]). nra.
    - rewrite O in L. assert (X := exp_pos (2 * K * 0)). nra. }
  split; [apply E; lra | ].
  destruct (Rlt_le_dec 0 (a 0 * a b)) as [H | H]; [exact H | exfalso].
  destruct (Rle_lt_or_eq_dec _ _ H) as [L | L]; [ | apply (G b); [lra | nra]].
  assert (Y : 0 < b).
  { destruct (Rle_lt_or_eq_dec _ _ B) as [Y | Y]; [exact Y | exfalso]. rewrite <- Y in L. nra. }
  destruct (Ranalysis5.IVT_interv (fun x => - (a 0 * a x)) 0 b) as [z [V W]].
  - intros x X. apply derivable_continuous_pt. exists (- (a 0 * u x)). apply is_derive_Reals.
    assert (Q := A x X). auto_derive; [exists (u x); exact Q | ].
    replace (Derive (fun x : R => a x) x) with (u x) by (symmetry; apply is_derive_unique; exact Q). ring.
  - exact Y.
  - nra.
  - lra.
  - apply (G z V). nra.
Qed.

(* A neuron that moves by w' = a D(t), a' = <w, D(t)> with ||D(t)|| <= K, in any dimension d. *)
Theorem domination :
  forall (d : nat) (a : R -> R) (w : R -> vec) (drift : R -> vec) (k : R) (b : R),
    0 <= b ->
    0 <= k ->
    (forall t : R, 0 <= t <= b -> is_derive a t (dot d (drift t) (w t))) ->
    (forall t : R, 0 <= t <= b -> forall i : nat, is_derive (fun s : R => w s i) t ((a t) * drift t i)) ->
    (forall t : R, 0 <= t <= b -> dot d (drift t) (drift t) <= k ^ 2) ->
    ((Rabs (a 0)) >= (sqrt (dot d (w 0) (w 0)))) ->
    a 0 <> 0 ->
    ((a 0 / Rabs (a 0) * a b) >= (sqrt (dot d (w b) (w b)))) /\ a b <> 0.
Proof.
  intros d a w D K b B P A W Q I Z.
  destruct (persists a (fun t => dot d (w t) (w t)) (fun t => dot d (D t) (w t)) K b) as [S G].
  - exact B.
  - exact P.
  - intros t T. exact (A t T).
  - intros t T. evar_last.
    + apply is_derive_dot; exact (W t T).
    + simpl. inner. rewrite (dot_sym d (w t) (D t)). ring.
  - intros t T. apply dot_nonnegative.
  - intros t T. apply (Rle_trans _ (dot d (D t) (D t) * dot d (w t) (w t))); [apply cauchy_schwarz | ].
    apply Rmult_le_compat_r; [apply dot_nonnegative | exact (Q t T)].
  - assert (N := dot_nonnegative d (w 0)). assert (X := sqrt_sqrt _ N). assert (Y := sqrt_pos (dot d (w 0) (w 0))).
    rewrite <- (pow2_abs (a 0)). nra.
  - exact Z.
  - assert (E : a 0 / Rabs (a 0) * a b = Rabs (a b)).
    { destruct (Rlt_le_dec 0 (a 0)) as [H | H].
      - rewrite (Rabs_pos_eq (a 0)) by lra. rewrite (Rabs_pos_eq (a b)) by nra. field. lra.
      - assert (a 0 < 0) by lra. rewrite (Rabs_left (a 0)) by lra. rewrite (Rabs_left (a b)) by nra. field. lra. }
    split; [ | intro O; rewrite O in G; lra].
    rewrite E. apply Rle_ge. rewrite <- (sqrt_pow2 (Rabs (a b))) by apply Rabs_pos.
    apply sqrt_le_1_alt. rewrite pow2_abs. exact S.
Qed.

Example domination_is_not_vacuous :
  exists d : nat,
  exists a : R -> R,
  exists w : R -> vec,
  exists drift : R -> vec,
  exists k : R,
  exists b : R,
  0 <= b /\
  0 <= k /\
  (forall t : R, 0 <= t <= b -> is_derive a t (dot d (drift t) (w t))) /\
  (forall t : R, 0 <= t <= b -> forall i : nat, is_derive (fun s : R => w s i) t ((a t) * drift t i)) /\
  (forall t : R, 0 <= t <= b -> dot d (drift t) (drift t) <= k ^ 2) /\
  ((Rabs (a 0)) >= (sqrt (dot d (w 0) (w 0)))) /\
  a 0 <> 0.
Proof. exists 1%nat. exists exp. exists (fun t i => exp t). exists (fun t i => 1). exists 1. exists 1. do 2 (split; [lra | ]). split; [intros t T; simpl; auto_derive; [tauto | ring] | ]. split; [intros t T i; auto_derive; [tauto | ring] | ]. split; [intros t T; simpl; lra | ]. simpl. rewrite exp_0, Rabs_R1. replace (0 + 1 * 1) with 1 by ring. rewrite sqrt_1. lra. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (domination).
Print Assumptions all_stated.
