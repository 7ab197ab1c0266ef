(* Kernel evidence for the claim flow.balancedness. Generated; `coqc FILE.v` checks it again. *)
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

(* A neuron that moves by w' = a D, a' = <w, D>: the drift D may be any at this time, that of a kink included. *)
Theorem balancedness :
  forall (d : nat) (a : R -> R) (w : R -> vec) (drift : vec) (t : R),
    is_derive a t (dot d drift (w t)) ->
    (forall i : nat, is_derive (fun s : R => w s i) t ((a t) * drift i)) ->
    is_derive (fun s : R => ((a s ^ 2) + ((- 1) * (dot d (w s) (w s))))) t 0.
Proof.
  intros d a w D t Ha Hw.
  apply (is_derive_ext (fun s : R => a s ^ 2 + (- 1) * dot d (w s) (w s)));
    [intro s; match goal with |- @eq _ ?x ?y => change (@eq R x y) end; ring | ].
  evar_last.
  - apply (is_derive_plus (fun s : R => a s ^ 2) (fun s : R => (- 1) * dot d (w s) (w s))).
    + apply (is_derive_pow a 2 t _ Ha).
    + apply (is_derive_scal (fun s : R => dot d (w s) (w s))). apply is_derive_dot; exact Hw.
  - unfold plus; simpl. inner. rewrite (dot_sym d D (w t)). ring.
Qed.

Example balancedness_is_not_vacuous :
  exists d : nat,
  exists a : R -> R,
  exists w : R -> vec,
  exists drift : vec,
  exists t : R,
  is_derive a t (dot d drift (w t)) /\
  (forall i : nat, is_derive (fun s : R => w s i) t ((a t) * drift i)).
Proof. exists 1%nat. exists exp. exists (fun t i => exp t). exists (fun i => 1). exists 0. split; [|intro i]; simpl; auto_derive; try tauto; ring. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (balancedness).
Print Assumptions all_stated.
