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

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (product).
Print Assumptions all_stated.
