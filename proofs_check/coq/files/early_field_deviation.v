(* Kernel evidence for the claim early.field-deviation. Generated; `coqc FILE.v` checks it again. *)
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

(* Sums over the points k < n. *)
Fixpoint total (n : nat) (f : nat -> R) : R :=
  match n with
  | O => 0
  | S m => total m f + f m
  end.

Lemma total_le : forall n f g, (forall k, f k <= g k) -> total n f <= total n g.
Proof. induction n as [|n IH]; intros f g H; simpl; [lra | assert (Q := IH f g H); assert (K := H n); lra]. Qed.

Lemma total_scaled : forall n s f, total n (fun k => s * f k) = s * total n f.
Proof. induction n as [|n IH]; intros; simpl; [ring | rewrite IH; ring]. Qed.

(* The triangle inequality: no sum of vectors is longer than the sum of bounds of their lengths. *)
Lemma triangle : forall n d (v : nat -> vec) (r : nat -> R),
  (forall k, 0 <= r k) -> (forall k, dot d (v k) (v k) <= r k ^ 2) ->
  0 <= total n r /\ dot d (fun i => total n (fun k => v k i)) (fun i => total n (fun k => v k i)) <= total n r ^ 2.
Proof.
  induction n as [|n IH]; intros d v r P H; simpl.
  - split; [lra | ]. induction d as [|d ID]; simpl; [lra | ].
    assert (Q : dot d (fun _ : nat => 0) (fun _ : nat => 0) <= 0 * (0 * 1)); [ | lra].
    clear. induction d as [|d ID]; simpl; lra.
  - destruct (IH d v r P H) as [T L]. assert (R := P n). assert (N := H n). split; [lra | ].
    rewrite dot_sum, !dot_sum_r.
    set (u := fun i => total n (fun k => v k i)) in *.
    assert (C := cauchy_schwarz d u (v n)). assert (U := dot_nonnegative d u). assert (V := dot_nonnegative d (v n)).
    rewrite (dot_sym d (v n) u).
    assert (B : dot d u (v n) <= total n r * r n).
    { assert (D : dot d u (v n) ^ 2 <= (total n r * r n) ^ 2).
      { apply (Rle_trans _ _ _ C). replace ((total n r * r n) ^ 2) with (total n r ^ 2 * r n ^ 2) by ring.
        apply Rmult_le_compat; assumption. }
      assert (0 <= total n r * r n) by (apply Rmult_le_pos; assumption). nra. }
    nra.
Qed.

(* `change` are the changes of the pulls, `eta` the slopes, `h` the outputs of n points in R^d. *)
Theorem deviation :
  forall (d : nat) (n : nat) (x : nat -> vec) (eta : nat -> R) (change : nat -> R) (h : nat -> R) (kappa : R) (s : R),
    (0 < n)%nat ->
    0 <= kappa ->
    0 <= s ->
    (forall k : nat, 0 <= eta k <= 1) ->
    (forall k : nat, Rabs (change k) <= kappa * Rabs (h k)) ->
    (forall k : nat, Rabs (h k) <= s * sqrt (dot d (x k) (x k))) ->
    sqrt (dot d (fun i : nat => total n (fun k : nat => eta k * change k / INR n * x k i)) (fun i : nat => total n (fun k : nat => eta k * change k / INR n * x k i))) <= ((s * (total n (fun k : nat => dot d (x k) (x k)) / INR n)) * kappa).
Proof.
  intros d n x eta change h kappa s N K S E C H.
  assert (I : 0 < INR n) by (apply lt_0_INR; exact N).
  set (r := fun k => kappa * s / INR n * dot d (x k) (x k)).
  destruct (triangle n d (fun k i => eta k * change k / INR n * x k i) r) as [T L].
  - intro k. unfold r. apply Rmult_le_pos; [ | apply dot_nonnegative].
    apply Rdiv_le_0_compat; [apply Rmult_le_pos; assumption | exact I].
  - intro k. rewrite dot_scaled, dot_scaled_r. unfold r.
    set (X := dot d (x k) (x k)). assert (P : 0 <= X) by apply dot_nonnegative.
    assert (A : (eta k * change k) ^ 2 <= (kappa * s) ^ 2 * X).
    { assert (F : Rabs (change k) <= kappa * (s * sqrt X)).
      { apply (Rle_trans _ (kappa * Rabs (h k))); [apply C | apply Rmult_le_compat_l; [exact K | apply H]]. }
      assert (G : change k ^ 2 <= (kappa * (s * sqrt X)) ^ 2).
      { rewrite <- (pow2_abs (change k)). apply pow_incr. split; [apply Rabs_pos | exact F]. }
      replace ((kappa * (s * sqrt X)) ^ 2) with ((kappa * s) ^ 2 * (sqrt X * sqrt X)) in G by ring.
      rewrite sqrt_sqrt in G by exact P.
      assert (Q : eta k ^ 2 <= 1) by (assert (J := E k); nra).
      replace ((eta k * change k) ^ 2) with (eta k ^ 2 * change k ^ 2) by ring.
      assert (0 <= change k ^ 2) by apply pow2_ge_0. nra. }
    replace (eta k * change k / INR n * (eta k * change k / INR n * X))
      with ((eta k * change k) ^ 2 * X / INR n ^ 2) by (field; lra).
    replace ((kappa * s / INR n * X) ^ 2) with ((kappa * s) ^ 2 * X * X / INR n ^ 2) by (field; lra).
    apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; nra | ].
    apply Rmult_le_compat_r; [exact P | exact A].
  - unfold r in L, T. rewrite total_scaled in L, T.
    match goal with |- _ <= ?b =>
      replace b with (kappa * s / INR n * total n (fun k => dot d (x k) (x k))) by (field; lra) end.
    rewrite <- (sqrt_pow2 (kappa * s / INR n * total n (fun k => dot d (x k) (x k)))) by exact T.
    apply sqrt_le_1_alt. exact L.
Qed.

Example deviation_is_not_vacuous :
  exists d : nat,
  exists n : nat,
  exists x : nat -> vec,
  exists eta : nat -> R,
  exists change : nat -> R,
  exists h : nat -> R,
  exists kappa : R,
  exists s : R,
  (0 < n)%nat /\
  0 <= kappa /\
  0 <= s /\
  (forall k : nat, 0 <= eta k <= 1) /\
  (forall k : nat, Rabs (change k) <= kappa * Rabs (h k)) /\
  (forall k : nat, Rabs (h k) <= s * sqrt (dot d (x k) (x k))).
Proof. exists 1%nat. exists 1%nat. exists (fun k i => 1). exists (fun k => 1). exists (fun k => 1). exists (fun k => 1). exists 1. exists 1. split; [lia | ]. do 2 (split; [lra | ]). split; [intro; lra | ]. split; [intro; lra | ]. intro k. simpl. rewrite Rabs_R1. replace (0 + 1 * 1) with 1 by ring. rewrite sqrt_1. lra. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (deviation).
Print Assumptions all_stated.
