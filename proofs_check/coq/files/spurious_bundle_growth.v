(* Kernel evidence for the claim spurious.bundle-growth. Generated; `coqc FILE.v` checks it again. *)
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

(* <u, H v> = (1/n) sum over k < n of <u, x_k> <v, x_k>, and H v = (1/n) sum over k < n of <v, x_k> x_k. *)
Definition form (n d : nat) (x : nat -> vec) (u v : vec) : R :=
  dot n (fun k : nat => dot d u (x k)) (fun k : nat => dot d v (x k)) / INR n.
Definition image (n d : nat) (x : nat -> vec) (v : vec) : vec :=
  fun i : nat => weighted n (fun k : nat => dot d v (x k)) x i / INR n.

Lemma image_form : forall n d x u v, dot d (image n d x u) v = form n d x u v.
Proof.
  intros n d x u v. unfold image, form. rewrite (dot_sym d).
  rewrite (dot_ext d v _ (fun i => / INR n * weighted n (fun k => dot d u (x k)) x i)) by (intros; unfold Rdiv; ring).
  rewrite dot_scaled_r, (dot_sym d), dot_weighted. unfold Rdiv. rewrite Rmult_comm. f_equal.
  apply dot_ext. intros. apply dot_sym.
Qed.

Lemma form_sym : forall n d x u v, form n d x u v = form n d x v u.
Proof. intros. unfold form. rewrite dot_sym. reflexivity. Qed.

Lemma form_sum : forall n d x u u' v, form n d x (fun i => u i + u' i) v = form n d x u v + form n d x u' v.
Proof. intros. rewrite form_sym, <- image_form, dot_sum_r, !image_form, !(form_sym n d x v). reflexivity. Qed.

Lemma form_scaled : forall n d x s u v, form n d x (fun i => s * u i) v = s * form n d x u v.
Proof. intros. rewrite form_sym, <- image_form, dot_scaled_r, image_form, form_sym. reflexivity. Qed.

(* <u + s v, H (u + s v)> *)
Lemma form_square : forall n d x s u v, form n d x (fun i => u i + s * v i) (fun i => u i + s * v i) =
  form n d x u u + 2 * s * form n d x u v + s ^ 2 * form n d x v v.
Proof.
  intros. rewrite form_sum, form_scaled, !(form_sym n d x _ (fun i => u i + s * v i)), !form_sum, !form_scaled.
  rewrite (form_sym n d x v u). ring.
Qed.

Lemma form_nonnegative : forall n d x u, (0 < n)%nat -> 0 <= form n d x u u.
Proof. intros. unfold form. apply Rdiv_le_0_compat; [apply dot_nonnegative | apply lt_0_INR; assumption]. Qed.

Lemma form_schwarz : forall n d x u v, (0 < n)%nat -> form n d x u v ^ 2 <= form n d x u u * form n d x v v.
Proof.
  intros n d x u v N. assert (I : 0 < INR n) by (apply lt_0_INR; exact N). unfold form.
  set (p := dot n (fun k => dot d u (x k)) (fun k => dot d v (x k))).
  set (q := dot n (fun k => dot d u (x k)) (fun k => dot d u (x k))).
  set (r := dot n (fun k => dot d v (x k)) (fun k => dot d v (x k))).
  replace ((p / INR n) ^ 2) with (p ^ 2 * (/ INR n) ^ 2) by (field; lra).
  replace (q / INR n * (r / INR n)) with (q * r * (/ INR n) ^ 2) by (field; lra).
  apply Rmult_le_compat_r; [apply pow2_ge_0 | apply cauchy_schwarz].
Qed.

Lemma below_root : forall r a, r ^ 2 <= a -> - sqrt a <= r <= sqrt a.
Proof.
  intros r a S. assert (N : 0 <= a) by (assert (T := pow2_ge_0 r); lra).
  assert (E := sqrt_sqrt a N). assert (P := sqrt_pos a). split; nra.
Qed.

Lemma schwarz : forall d u v,
  - (sqrt (dot d u u) * sqrt (dot d v v)) <= dot d u v <= sqrt (dot d u u) * sqrt (dot d v v).
Proof. intros. rewrite <- sqrt_mult by apply dot_nonnegative. apply below_root, cauchy_schwarz. Qed.

(* S^T H S <= 2 <b, S> says that e = beta - S has e^T H e <= <b, beta>, where <H beta, u> = <b, u> for all u. *)
Lemma ellipsoid : forall n d x b beta s,
  (forall u, form n d x beta u = dot d b u) -> form n d x s s / 2 <= dot d b s ->
  form n d x (fun i => beta i + (- 1) * s i) (fun i => beta i + (- 1) * s i) <= dot d b beta.
Proof. intros n d x b beta s F S. rewrite form_square, !F. lra. Qed.

(* H beta = b, every eigenvalue of H is at least mu > 0, and L <= L(0): <b, S> >= S^T H S/2. *)
Theorem radius :
  forall (d : nat) (n : nat) (x : nat -> vec) (b : vec) (beta : vec) (s : vec) (mu : R) (delta : R),
    0 < mu ->
    (forall u : vec, mu * dot d u u <= form n d x u u) ->
    (forall u : vec, form n d x beta u = dot d b u) ->
    form n d x s s / 2 <= dot d b s ->
    delta = dot d b beta / 2 ->
    sqrt (dot d s s) <= ((sqrt (dot d beta beta)) + (((sqrt 2) * (sqrt delta)) * (/ (sqrt mu)))).
Proof.
  intros d n x b beta s mu delta M L F S D.
  assert (E := ellipsoid n d x b beta s F S). set (e := fun i => beta i + (- 1) * s i) in *.
  assert (P := L e). assert (U := dot_nonnegative d e). assert (Y : 0 <= delta) by nra.
  set (r := sqrt 2 * sqrt delta * / sqrt mu).
  assert (R2 : r ^ 2 = 2 * delta / mu).
  { unfold r. rewrite !Rpow_mult_distr, pow_inv, !pow2_sqrt by lra. field. lra. }
  assert (R0 : 0 <= r).
  { unfold r. apply Rmult_le_pos; [apply Rmult_le_pos; apply sqrt_pos | ].
    apply Rlt_le, Rinv_0_lt_compat, sqrt_lt_R0, M. }
  assert (X : sqrt (dot d e e) <= r).
  { rewrite <- (sqrt_pow2 r R0). apply sqrt_le_1_alt. rewrite R2. apply (Rmult_le_reg_l mu); [exact M | ].
    replace (mu * (2 * delta / mu)) with (2 * delta) by (field; lra). lra. }
  assert (C := proj1 (schwarz d beta e)).
  assert (X2 := sqrt_sqrt _ U). assert (T2 := sqrt_sqrt _ (dot_nonnegative d beta)).
  assert (Q : dot d s s = dot d beta beta - 2 * dot d beta e + dot d e e).
  { unfold e. inner. rewrite (dot_sym d s beta). ring. }
  apply (Rle_trans _ (sqrt (dot d beta beta) + sqrt (dot d e e))); [ | lra].
  rewrite <- (sqrt_pow2 (sqrt (dot d beta beta) + sqrt (dot d e e))) by (apply Rplus_le_le_0_compat; apply sqrt_pos).
  apply sqrt_le_1_alt. rewrite Q. nra.
Qed.

Example radius_is_not_vacuous :
  exists d : nat,
  exists n : nat,
  exists x : nat -> vec,
  exists b : vec,
  exists beta : vec,
  exists s : vec,
  exists mu : R,
  exists delta : R,
  0 < mu /\
  (forall u : vec, mu * dot d u u <= form n d x u u) /\
  (forall u : vec, form n d x beta u = dot d b u) /\
  form n d x s s / 2 <= dot d b s /\
  delta = dot d b beta / 2.
Proof. exists 1%nat. exists 1%nat. exists (fun k i => 1). exists (fun i => 1). exists (fun i => 1). exists (fun i => 0). exists 1. exists (1 / 2). unfold form; simpl. split; [lra | ]. split; [intro u; lra | ]. split; [intro u; lra | ]. split; lra. Qed.

(* The same for D = b - H S, with every eigenvalue of H at most M. *)
Theorem drift :
  forall (d : nat) (n : nat) (x : nat -> vec) (b : vec) (beta : vec) (s : vec) (big : R) (delta : R),
    (0 < n)%nat ->
    0 <= big ->
    (forall u : vec, form n d x u u <= big * dot d u u) ->
    (forall u : vec, form n d x beta u = dot d b u) ->
    form n d x s s / 2 <= dot d b s ->
    delta = dot d b beta / 2 ->
    sqrt (dot d (fun i : nat => b i + (- 1) * image n d x s i) (fun i : nat => b i + (- 1) * image n d x s i)) <= (((sqrt 2) * (sqrt delta)) * (sqrt big)).
Proof.
  intros d n x b beta s big delta N M L F S D.
  assert (E := ellipsoid n d x b beta s F S). set (e := fun i => beta i + (- 1) * s i) in *.
  set (v := fun i => b i + (- 1) * image n d x s i).
  assert (V : dot d v v = form n d x e v).
  { unfold v at 1. unfold e. rewrite dot_sum, dot_scaled, image_form, form_sum, form_scaled, F. reflexivity. }
  assert (Y : 0 <= form n d x e e) by (apply form_nonnegative; exact N).
  assert (Z := form_schwarz n d x e v N). rewrite <- V in Z. assert (W := L v). assert (U := dot_nonnegative d v).
  assert (H : dot d v v <= 2 * delta * big).
  { destruct (Rle_lt_or_eq_dec _ _ U) as [P | P]; [ | rewrite <- P; apply Rmult_le_pos; lra].
    apply (Rmult_le_reg_r (dot d v v)); [exact P | ].
    replace (dot d v v * dot d v v) with (dot d v v ^ 2) by ring. apply (Rle_trans _ _ _ Z).
    rewrite Rmult_assoc. apply Rmult_le_compat; [exact Y | apply form_nonnegative; exact N | lra | exact W]. }
  apply (Rle_trans _ (sqrt (2 * delta * big))); [apply sqrt_le_1_alt; exact H | ].
  rewrite !sqrt_mult by lra. lra.
Qed.

Example drift_is_not_vacuous :
  exists d : nat,
  exists n : nat,
  exists x : nat -> vec,
  exists b : vec,
  exists beta : vec,
  exists s : vec,
  exists big : R,
  exists delta : R,
  (0 < n)%nat /\
  0 <= big /\
  (forall u : vec, form n d x u u <= big * dot d u u) /\
  (forall u : vec, form n d x beta u = dot d b u) /\
  form n d x s s / 2 <= dot d b s /\
  delta = dot d b beta / 2.
Proof. exists 1%nat. exists 1%nat. exists (fun k i => 1). exists (fun i => 1). exists (fun i => 1). exists (fun i => 0). exists 1. exists (1 / 2). unfold form; simpl. split; [lia | ]. split; [lra | ]. split; [intro u; lra | ]. split; [intro u; lra | ]. split; lra. Qed.

(* S = S_0 + Q e with ||e||^2 <= 2 eta: by how much S_0 may be outside the ellipsoid of S. *)
Theorem inflation :
  forall (d : nat) (n : nat) (x : nat -> vec) (b : vec) (s : vec) (e : vec) (big : R) (q : R) (qmax : R) (dbar : R) (eta : R),
    0 <= big ->
    (forall u : vec, form n d x u u <= big * dot d u u) ->
    form n d x s s / 2 <= dot d b s ->
    0 <= q <= qmax ->
    0 <= eta ->
    dot d e e <= 2 * eta ->
    sqrt (dot d (fun i : nat => b i + (- 1) * image n d x s i) (fun i : nat => b i + (- 1) * image n d x s i)) <= dbar ->
    form n d x (fun i : nat => s i + (- q) * e i) (fun i : nat => s i + (- q) * e i) - 2 * dot d b (fun i : nat => s i + (- q) * e i) <= ((((2 * eta) * big) * (qmax ^ 2)) + ((((2 * dbar) * qmax) * (sqrt 2)) * (sqrt eta))).
Proof.
  intros d n x b s e big q qmax dbar eta M L S [Q0 Q1] T E D.
  set (v := fun i => b i + (- 1) * image n d x s i) in *.
  assert (V : dot d e v = dot d b e - form n d x s e).
  { unfold v. rewrite dot_sym, dot_sum, dot_scaled, image_form. ring. }
  rewrite form_square. inner. assert (F := L e). assert (C := proj2 (schwarz d e v)).
  assert (X : sqrt (dot d e e) <= sqrt 2 * sqrt eta).
  { rewrite <- sqrt_mult by lra. apply sqrt_le_1_alt. exact E. }
  assert (X0 := sqrt_pos (dot d e e)). assert (D0 := sqrt_pos (dot d v v)).
  assert (Y : dot d e v <= sqrt 2 * sqrt eta * dbar)
    by (apply (Rle_trans _ _ _ C); apply Rmult_le_compat; assumption).
  set (k := sqrt 2 * sqrt eta) in *.
  assert (P : q * dot d e v <= qmax * (k * dbar)).
  { apply (Rle_trans _ (q * (k * dbar))); [apply Rmult_le_compat_l; assumption | ].
    apply Rmult_le_compat_r; [apply Rmult_le_pos; lra | exact Q1]. }
  assert (G : form n d x e e <= big * (2 * eta)).
  { apply (Rle_trans _ _ _ F). apply Rmult_le_compat_l; assumption. }
  assert (H : q ^ 2 * form n d x e e <= qmax ^ 2 * (big * (2 * eta))).
  { apply (Rle_trans _ (q ^ 2 * (big * (2 * eta)))); [apply Rmult_le_compat_l; [apply pow2_ge_0 | exact G] | ].
    apply Rmult_le_compat_r; [apply Rmult_le_pos; lra | apply pow_incr; lra]. }
  unfold k in P. nra.
Qed.

Example inflation_is_not_vacuous :
  exists d : nat,
  exists n : nat,
  exists x : nat -> vec,
  exists b : vec,
  exists s : vec,
  exists e : vec,
  exists big : R,
  exists q : R,
  exists qmax : R,
  exists dbar : R,
  exists eta : R,
  0 <= big /\
  (forall u : vec, form n d x u u <= big * dot d u u) /\
  form n d x s s / 2 <= dot d b s /\
  0 <= q <= qmax /\
  0 <= eta /\
  dot d e e <= 2 * eta /\
  sqrt (dot d (fun i : nat => b i + (- 1) * image n d x s i) (fun i : nat => b i + (- 1) * image n d x s i)) <= dbar.
Proof. exists 1%nat. exists 1%nat. exists (fun k i => 1). exists (fun i => 1). exists (fun i => 1). exists (fun i => 1). exists 1. exists 1. exists 1. exists 0. exists 1. unfold form, image, weighted; simpl. split; [lra | ]. split; [intro u; lra | ]. do 4 (split; [lra | ]). replace (0 + (1 + - 1 * ((0 + (0 + 1 * 1) * 1) / 1)) * (1 + - 1 * ((0 + (0 + 1 * 1) * 1) / 1))) with 0 by field. rewrite sqrt_0. lra. Qed.

(* S_0 lies on the facet <S_0, v> = 0; c and g are H_v^+ P b and H_v^+ P H v, D = b - H (S_0 + Q e). *)
Theorem barrier :
  forall (d : nat) (n : nat) (x : nat -> vec) (b : vec) (v : vec) (c : vec) (g : vec) (s0 : vec) (e : vec) (q : R) (qmax : R) (eta : R) (kappa : R),
    (0 < n)%nat ->
    dot d s0 v = 0 ->
    dot d c v = 0 ->
    dot d g v = 0 ->
    (forall w : vec, dot d w v = 0 ->
    form n d x c w = dot d b w /\ form n d x g w = form n d x v w) ->
    form n d x s0 s0 - 2 * dot d b s0 <= kappa ->
    0 <= q <= qmax ->
    0 <= eta ->
    dot d e e <= 2 * eta ->
    dot d (fun i : nat => b i + (- 1) * image n d x (fun j : nat => s0 j + q * e j) i) v >= (((dot d b v - form n d x v c) + (((- 1) * (sqrt (form n d x g g))) * (sqrt (kappa + (dot d b c))))) + (((((- 1) * (sqrt (dot d (image n d x v) (image n d x v)))) * qmax) * (sqrt 2)) * (sqrt eta))).
Proof.
  intros d n x b v c g s0 e q qmax eta kappa N S C G W K [Q0 Q1] T E.
  set (z := fun i => s0 i + (- 1) * c i).
  destruct (W s0 S) as [W1 W2]. destruct (W c C) as [W3 W4].
  assert (Z : form n d x z z <= kappa + dot d b c).
  { unfold z. rewrite form_square, (form_sym n d x s0 c). lra. }
  assert (L : form n d x g z = form n d x v s0 - form n d x v c).
  { rewrite form_sym. unfold z. rewrite form_sum, form_scaled, (form_sym n d x s0), (form_sym n d x c). lra. }
  assert (Z0 := form_nonnegative n d x z N). assert (G0 := form_nonnegative n d x g N).
  assert (M : form n d x g z <= sqrt (form n d x g g) * sqrt (kappa + dot d b c)).
  { rewrite <- sqrt_mult by lra. apply below_root. apply (Rle_trans _ _ _ (form_schwarz n d x g z N)).
    apply Rmult_le_compat_l; assumption. }
  assert (A : form n d x v e <= sqrt 2 * sqrt eta * sqrt (dot d (image n d x v) (image n d x v))).
  { rewrite <- image_form. apply (Rle_trans _ _ _ (proj2 (schwarz d _ _))). rewrite Rmult_comm.
    apply Rmult_le_compat_r; [apply sqrt_pos | ]. rewrite <- sqrt_mult by lra. apply sqrt_le_1_alt. exact E. }
  set (t := sqrt 2 * sqrt eta * sqrt (dot d (image n d x v) (image n d x v))) in *.
  assert (T0 : 0 <= t) by (unfold t; repeat apply Rmult_le_pos; apply sqrt_pos).
  assert (B : q * form n d x v e <= qmax * t).
  { apply (Rle_trans _ (q * t)); [apply Rmult_le_compat_l | apply Rmult_le_compat_r]; assumption. }
  rewrite dot_sum, dot_scaled, image_form, form_sum, form_scaled, (form_sym n d x s0), (form_sym n d x e).
  unfold t in B. lra.
Qed.

Example barrier_is_not_vacuous :
  exists d : nat,
  exists n : nat,
  exists x : nat -> vec,
  exists b : vec,
  exists v : vec,
  exists c : vec,
  exists g : vec,
  exists s0 : vec,
  exists e : vec,
  exists q : R,
  exists qmax : R,
  exists eta : R,
  exists kappa : R,
  (0 < n)%nat /\
  dot d s0 v = 0 /\
  dot d c v = 0 /\
  dot d g v = 0 /\
  (forall w : vec, dot d w v = 0 ->
    form n d x c w = dot d b w /\ form n d x g w = form n d x v w) /\
  form n d x s0 s0 - 2 * dot d b s0 <= kappa /\
  0 <= q <= qmax /\
  0 <= eta /\
  dot d e e <= 2 * eta.
Proof. exists 2%nat. exists 1%nat. exists (fun k i => 1). exists (fun i => 1). exists (fun i => match i with O => 1 | _ => 0 end). exists (fun i => match i with O => 0 | _ => 1 end). exists (fun i => match i with O => 0 | _ => 1 end). exists (fun i => match i with O => 0 | _ => 1 end). exists (fun i => match i with O => 1 | _ => 0 end). exists 1. exists 1. exists (1 / 2). exists 0. unfold form; simpl. split; [lia | ]. do 3 (split; [lra | ]). split; [intros w W; split; lra | ]. do 3 (split; [lra | ]). lra. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (radius, drift, inflation, barrier).
Print Assumptions all_stated.
