(* Kernel evidence for the claim flow.sliding-drift. Generated; `coqc FILE.v` checks it again. *)
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

(* Sums over the points k < s of the face. *)
Fixpoint total (s : nat) (f : nat -> R) : R :=
  match s with
  | O => 0
  | S m => total m f + f m
  end.

(* The drift: `base` is the part of the points that are not on the face. *)
Definition drift (n s : nat) (x : nat -> vec) (p : nat -> R) (base : vec) (slopes : nat -> R) : vec :=
  fun i : nat => base i + total s (fun k : nat => (((/ (INR n)) * (slopes k)) * (p k)) * x k i).

Lemma total_ext : forall s f h, (forall k, (k < s)%nat -> f k = h k) -> total s f = total s h.
Proof.
  induction s as [|s IH]; intros f h E; simpl; [reflexivity | ].
  rewrite (IH f h), (E s); [reflexivity | lia | intros k K; apply E; lia].
Qed.

Lemma total_sum : forall s f h, total s (fun k => f k + h k) = total s f + total s h.
Proof. induction s as [|s IH]; intros; simpl; [ring | rewrite IH; ring]. Qed.

Lemma total_scaled : forall s r f, total s (fun k => r * f k) = r * total s f.
Proof. induction s as [|s IH]; intros; simpl; [ring | rewrite IH; ring]. Qed.

Lemma dot_ext : forall d u v v', (forall i, (i < d)%nat -> v i = v' i) -> dot d u v = dot d u v'.
Proof.
  induction d as [|d IH]; intros u v v' E; simpl; [reflexivity | ].
  rewrite (IH u v v'), (E d); [reflexivity | lia | intros i I; apply E; lia].
Qed.

(* A vector that is orthogonal to x_k for k < s is orthogonal to their span. *)
Lemma dot_total : forall s d u (c : nat -> R) (x : nat -> vec),
  (forall k, (k < s)%nat -> dot d u (x k) = 0) -> dot d u (fun i => total s (fun k => c k * x k i)) = 0.
Proof.
  induction s as [|s IH]; intros d u c x O; simpl.
  - clear. induction d as [|d ID]; simpl; [reflexivity | rewrite ID; ring].
  - rewrite dot_sum_r, dot_scaled_r, IH, O; [ring | lia | intros k K; apply O; lia].
Qed.

Lemma least_room : forall s f, (forall k, (k < s)%nat -> 0 < f k) ->
  exists r, 0 < r /\ forall k, (k < s)%nat -> r <= f k.
Proof.
  induction s as [|s IH]; intros f P; [exists 1; split; [lra | intros k K; lia] | ].
  destruct (IH f) as [r [Q B]]; [intros k K; apply P; lia | ]. exists (Rmin r (f s)). split.
  - apply Rmin_pos; [exact Q | apply P; lia].
  - intros k K. destruct (Nat.eq_dec k s) as [E | E]; [rewrite E; apply Rmin_r | ].
    apply (Rle_trans _ r); [apply Rmin_l | apply B; lia].
Qed.

Lemma largest_size : forall s c, exists m, 0 < m /\ forall k, (k < s)%nat -> Rabs (c k) <= m.
Proof.
  induction s as [|s IH]; intro c; [exists 1; split; [lra | intros k K; lia] | ].
  destruct (IH c) as [m [Q B]]. exists (Rmax m (Rabs (c s))). split.
  - apply (Rlt_le_trans _ m); [exact Q | apply Rmax_l].
  - intros k K. destruct (Nat.eq_dec k s) as [E | E]; [rewrite E; apply Rmax_r | ].
    apply (Rle_trans _ m); [apply B; lia | apply Rmax_l].
Qed.

(* A neuron on the face near the time t, with slopes eta, has the stated drift; zeta are any other slopes. *)
Theorem least :
  forall (d : nat) (n : nat) (s : nat) (x : nat -> vec) (p : nat -> R) (base : vec) (g : R) (eta : nat -> R) (a : R) (w : R -> vec) (t : R) (zeta : nat -> R),
    a <> 0 ->
    (locally t (fun u : R => forall k : nat, (k < s)%nat -> dot d (w u) (x k) = 0)) ->
    (forall i : nat, is_derive (fun u : R => w u i) t (a * drift n s x p base eta i)) ->
    (forall k : nat, (k < s)%nat -> g <= eta k <= 1) ->
    (forall k : nat, (k < s)%nat -> g <= zeta k <= 1) ->
    (forall c : nat -> R, dot d (drift n s x p base (fun k : nat => (eta k))) (fun i : nat => total s (fun k : nat => c k * x k i)) = 0) /\
  dot d (drift n s x p base zeta) (drift n s x p base zeta) = dot d (drift n s x p base (fun k : nat => (eta k))) (drift n s x p base (fun k : nat => (eta k))) + dot d (fun i : nat => (drift n s x p base zeta) i + (- 1) * (drift n s x p base (fun k : nat => (eta k))) i) (fun i : nat => (drift n s x p base zeta) i + (- 1) * (drift n s x p base (fun k : nat => (eta k))) i) /\
  dot d (drift n s x p base (fun k : nat => (eta k))) (drift n s x p base (fun k : nat => (eta k))) <= dot d (drift n s x p base zeta) (drift n s x p base zeta).
Proof.
  intros d n s x p base g eta a w t zeta A L W E Z.
  set (D := drift n s x p base eta) in *.
  assert (O : forall k, (k < s)%nat -> dot d D (x k) = 0).
  { intros k K.
    assert (M : is_derive (fun u => dot d (w u) (x k)) t (a * dot d D (x k))).
    { evar_last.
      - apply (is_derive_dot d w (fun _ => x k) (fun i => a * D i) (fun _ => 0) t); [exact W | ].
        intro i. exact (@is_derive_const R_AbsRing R_NormedModule (x k i) t).
      - simpl. rewrite dot_scaled.
        replace (dot d (w t) (fun _ => 0)) with 0; [ring | ].
        clear. induction d as [|d ID]; simpl; [reflexivity | rewrite <- ID; ring]. }
    assert (C : is_derive (fun u => dot d (w u) (x k)) t 0).
    { apply (is_derive_ext_loc (fun _ => 0)).
      - apply (filter_imp _ _ (fun u (H : forall k, (k < s)%nat -> dot d (w u) (x k) = 0) => eq_sym (H k K))). exact L.
      - exact (@is_derive_const R_AbsRing R_NormedModule 0 t). }
    apply is_derive_unique in M. apply is_derive_unique in C. rewrite C in M.
    destruct (Rmult_integral a (dot d D (x k))) as [H | H]; [symmetry; exact M | tauto | exact H]. }
  assert (P : forall c, dot d D (fun i => total s (fun k => c k * x k i)) = 0) by (intro c; apply dot_total; exact O).
  split; [exact P | ].
  set (F := drift n s x p base zeta). set (V := fun i => F i + (- 1) * D i).
  assert (Q : dot d D V = 0).
  { rewrite <- (P (fun k => (zeta k + (- 1) * eta k) * p k / INR n)). apply dot_ext. intros i I.
    unfold V, F, D, drift.
    rewrite (total_ext s (fun k => (zeta k + (- 1) * eta k) * p k / INR n * x k i)
      (fun k => (((/ (INR n)) * (zeta k)) * (p k)) * x k i + (- 1) * ((((/ (INR n)) * (eta k)) * (p k)) * x k i)))
      by (intros k K; unfold Rdiv; ring).
    rewrite total_sum, total_scaled. ring. }
  assert (R : dot d F F = dot d D D + dot d V V).
  { assert (S : dot d F F = dot d D D + 2 * dot d D V + dot d V V); [ | rewrite S, Q; ring].
    unfold V. inner. rewrite (dot_sym d F D). ring. }
  split; [exact R | ]. rewrite R. assert (N := dot_nonnegative d V). lra.
Qed.

Example least_is_not_vacuous :
  exists d : nat,
  exists n : nat,
  exists s : nat,
  exists x : nat -> vec,
  exists p : nat -> R,
  exists base : vec,
  exists g : R,
  exists eta : nat -> R,
  exists a : R,
  exists w : R -> vec,
  exists t : R,
  exists zeta : nat -> R,
  a <> 0 /\
  (locally t (fun u : R => forall k : nat, (k < s)%nat -> dot d (w u) (x k) = 0)) /\
  (forall i : nat, is_derive (fun u : R => w u i) t (a * drift n s x p base eta i)) /\
  (forall k : nat, (k < s)%nat -> g <= eta k <= 1) /\
  (forall k : nat, (k < s)%nat -> g <= zeta k <= 1).
Proof. exists 2%nat. exists 1%nat. exists 1%nat. exists (fun k i => 1 - INR i). exists (fun k => 1). exists (fun i => - (1 - INR i) / 2). exists 0. exists (fun k => 1 / 2). exists 1. exists (fun u i => INR i). exists 0. exists (fun k => 1). split; [lra | ]. split; [apply filter_forall; intros u k K; simpl; ring | ]. split; [intro i; unfold drift; simpl; evar_last; [apply @is_derive_const | unfold zero; simpl; field] | ]. split; intros k K; lra. Qed.

(* No other slopes in [g, 1] have the same drift if and only if no relation but 0 holds between the p_k x_k. *)
Theorem unique :
  forall (d : nat) (n : nat) (s : nat) (x : nat -> vec) (p : nat -> R) (base : vec) (g : R) (eta : nat -> R),
    (0 < n)%nat ->
    (forall k : nat, (k < s)%nat -> g < eta k < 1) ->
    ((forall zeta : nat -> R, (forall k : nat, (k < s)%nat -> g <= zeta k <= 1) -> (forall i : nat, (i < d)%nat -> drift n s x p base zeta i = drift n s x p base eta i) -> forall k : nat, (k < s)%nat -> zeta k = eta k) <->
  (forall c : nat -> R, (forall i : nat, (i < d)%nat -> total s (fun k : nat => c k * (p k * x k i)) = 0) -> forall k : nat, (k < s)%nat -> c k = 0)).
Proof.
  intros d n s x p base g eta N E.
  assert (I : 0 < INR n) by (apply lt_0_INR; exact N).
  split.
  - intros U c H k K.
    destruct (largest_size s c) as [m [M B]].
    destruct (least_room s (fun k => Rmin (eta k - g) (1 - eta k))) as [r [R L]].
    { intros l J. assert (X := E l J). apply Rmin_pos; lra. }
    assert (T : 0 < r / m) by (apply Rdiv_lt_0_compat; assumption).
    assert (Z : eta k + r / m * c k = eta k); [ | assert (r / m * c k = 0) by lra; apply Rmult_integral in H0; lra].
    apply (U (fun l => eta l + r / m * c l)); [ | | exact K].
    + intros l J. assert (X := B l J). assert (Y := L l J).
      assert (V := Rmin_l (eta l - g) (1 - eta l)). assert (W := Rmin_r (eta l - g) (1 - eta l)).
      assert (Q : Rabs (r / m * c l) <= r).
      { rewrite Rabs_mult, (Rabs_pos_eq (r / m)) by lra.
        apply (Rle_trans _ (r / m * m)); [apply Rmult_le_compat_l; [lra | exact X] | right; field; lra]. }
      assert (G := Rle_abs (r / m * c l)). assert (F := Rle_abs (- (r / m * c l))). rewrite Rabs_Ropp in F. lra.
    + intros i D. unfold drift.
      rewrite (total_ext s _ (fun l => (((/ (INR n)) * (eta l)) * (p l)) * x l i + r / m / INR n * (c l * (p l * x l i))))
        by (intros l J; field; lra).
      rewrite total_sum, total_scaled, (H i D). ring.
  - intros F zeta Z H k K.
    assert (C : zeta k + (- 1) * eta k = 0); [ | lra].
    apply (F (fun l => zeta l + (- 1) * eta l)); [ | exact K].
    intros i D. assert (X := H i D). unfold drift in X.
    rewrite (total_ext s _ (fun l => INR n * ((((/ (INR n)) * (zeta l)) * (p l)) * x l i + (- 1) * ((((/ (INR n)) * (eta l)) * (p l)) * x l i))))
      by (intros l J; field; lra).
    rewrite total_scaled, total_sum, total_scaled.
    match goal with |- _ * (?u + - 1 * ?v) = 0 => replace u with v by lra end. ring.
Qed.

Example unique_is_not_vacuous :
  exists d : nat,
  exists n : nat,
  exists s : nat,
  exists x : nat -> vec,
  exists p : nat -> R,
  exists base : vec,
  exists g : R,
  exists eta : nat -> R,
  (0 < n)%nat /\
  (forall k : nat, (k < s)%nat -> g < eta k < 1).
Proof. exists 1%nat. exists 1%nat. exists 1%nat. exists (fun k i => 1). exists (fun k => 1). exists (fun i => 0). exists 0. exists (fun k => 1 / 2). split; [lia | intros k K; lra]. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (least, unique).
Print Assumptions all_stated.
