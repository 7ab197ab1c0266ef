(* Kernel evidence for the claim flow.lorentz. Generated; `coqc FILE.v` checks it again. *)
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

(* A neuron z = (w, a), and the maps of theory.md 2.3: A(D) z = (a D, <D, w>), J z = (w, -a). *)
Record point := Point { weights : vec; output : R }.
Definition same (y z : point) : Prop := (forall i, weights y i = weights z i) /\ output y = output z.
Definition add (y z : point) : point := Point (fun i => weights y i + weights z i) (output y + output z).
Definition times (s : R) (z : point) : point := Point (fun i => s * weights z i) (s * output z).
Definition field_of (d : nat) (D : vec) (z : point) : point := Point (fun i => (output z) * D i) (dot d D (weights z)).
Definition reflect (z : point) : point := Point (weights z) (- output z).
Definition euclid (d : nat) (y z : point) : R := dot d (weights y) (weights z) + output y * output z.
Definition moves (z : R -> point) (t : R) (v : point) : Prop :=
  (forall i, is_derive (fun s => weights (z s) i) t (weights v i)) /\ is_derive (fun s => output (z s)) t (output v).

Ltac pointwise := intros; split; [intro | idtac]; unfold add, times, field_of, reflect; simpl; inner.

Definition phi (d : nat) (drift : vec) (r t : R) (z : point) : point :=
  (add (add z (times ((/ r) * ((exp (t * r) - exp (- (t * r))) / 2)) (field_of d drift z))) (times ((/ (r ^ 2)) * ((- 1) + ((exp (t * r) + exp (- (t * r))) / 2))) (field_of d drift (field_of d drift z)))).

(* A(D) and J are symmetric: a transpose of theirs is printed as themselves. *)
Theorem algebra_symmetric :
  forall (d : nat) (drift : vec) (y : point) (z : point),
    euclid d (field_of d drift y) z = euclid d y (field_of d drift z) /\ euclid d (reflect y) z = euclid d y (reflect z).
Proof.
  intros. unfold euclid, field_of, reflect; simpl; inner.
  rewrite (dot_sym d (weights y) drift). split; ring.
Qed.

(* A^T J + J A = 0 *)
Theorem algebra :
  forall (d : nat) (drift : vec) (z : point),
    same (add (reflect (field_of d drift z)) (field_of d drift (reflect z))) (times 0 z).
Proof.
  pointwise; ring.
Qed.

(* A^3 = r^2 A *)
Theorem cube :
  forall (d : nat) (drift : vec) (r : R) (z : point),
    r > 0 ->
    dot d drift drift = r ^ 2 ->
    same (field_of d drift (field_of d drift (field_of d drift z))) (times (r ^ 2) (field_of d drift z)).
Proof.
  intros d D r z P N. pointwise; rewrite ?N; ring.
Qed.

Example cube_is_not_vacuous :
  exists d : nat,
  exists drift : vec,
  exists r : R,
  exists z : point,
  r > 0 /\
  dot d drift drift = r ^ 2.
Proof. exists 1%nat. exists (fun i => 1). exists 1. exists (Point (fun i => 1) 1). simpl; split; ring_simplify; lra. Qed.

(* PHI(t) z moves by A(D): PHI' = A PHI *)
Theorem exponential :
  forall (d : nat) (drift : vec) (r : R) (t : R) (z : point),
    r > 0 ->
    dot d drift drift = r ^ 2 ->
    moves (fun s => phi d drift r s z) t (field_of d drift (phi d drift r t z)).
Proof.
  intros d D r t z P N. split; [intro i | idtac]; unfold phi, add, times, field_of; simpl; inner;
    rewrite ?N; auto_derive; try tauto; field; lra.
Qed.

Example exponential_is_not_vacuous :
  exists d : nat,
  exists drift : vec,
  exists r : R,
  exists t : R,
  exists z : point,
  r > 0 /\
  dot d drift drift = r ^ 2.
Proof. exists 1%nat. exists (fun i => 1). exists 1. exists 0. exists (Point (fun i => 1) 1). simpl; split; ring_simplify; lra. Qed.

(* PHI(0) = I *)
Theorem exponential_starts_at_the_identity :
  forall (d : nat) (drift : vec) (r : R) (z : point),
    r > 0 ->
    same (phi d drift r 0 z) z.
Proof.
  intros d D r z P. unfold phi. pointwise; rewrite ?Rmult_0_r, ?Rmult_0_l, ?Ropp_0, ?exp_0; field; lra.
Qed.

Example exponential_starts_at_the_identity_is_not_vacuous :
  exists d : nat,
  exists drift : vec,
  exists r : R,
  exists z : point,
  r > 0.
Proof. exists 1%nat. exists (fun i => 1). exists 1. exists (Point (fun i => 1) 1). lra. Qed.

(* PHI is symmetric: PHI^T is printed as PHI *)
Theorem symmetric :
  forall (d : nat) (drift : vec) (r : R) (t : R) (y : point) (z : point),
    euclid d (phi d drift r t y) z = euclid d y (phi d drift r t z).
Proof.
  intros d D r t y z. unfold euclid, phi, add, times, field_of; simpl; inner.
  rewrite ?(dot_sym d (weights y) D). ring.
Qed.

(* What PHI^-1 is stated to be undoes PHI *)
Theorem inverse :
  forall (d : nat) (drift : vec) (r : R) (t : R) (z : point),
    r > 0 ->
    dot d drift drift = r ^ 2 ->
    same (reflect (phi d drift r t (reflect (phi d drift r t z)))) z.
Proof.
  intros d D r t z P N. unfold phi. pointwise; rewrite ?N, ?exp_Ropp; assert (Q := exp_pos (r * t));
    try (rewrite (Rmult_comm t r)); rewrite ?exp_Ropp; field; lra.
Qed.

Example inverse_is_not_vacuous :
  exists d : nat,
  exists drift : vec,
  exists r : R,
  exists t : R,
  exists z : point,
  r > 0 /\
  dot d drift drift = r ^ 2.
Proof. exists 1%nat. exists (fun i => 1). exists 1. exists 0. exists (Point (fun i => 1) 1). simpl; split; ring_simplify; lra. Qed.

(* <X z, y> is constant for neurons y, z that move by A(D(t)), whatever D does in time *)
Theorem form :
  forall (d : nat) (drift : vec) (y : R -> point) (z : R -> point) (t : R),
    moves y t (field_of d drift (y t)) ->
    moves z t (field_of d drift (z t)) ->
    is_derive (fun s : R => euclid d (reflect (z s)) (y s)) t 0.
Proof.
  intros d D y z t [Wy Ay] [Wz Az]. unfold euclid, reflect; simpl.
  apply (is_derive_ext (fun s => dot d (weights (z s)) (weights (y s)) + - output (z s) * output (y s)));
    [intro s; match goal with |- @eq _ ?x ?y => change (@eq R x y) end; ring | ].
  evar_last.
  - apply (is_derive_plus (fun s => dot d (weights (z s)) (weights (y s))) (fun s => - output (z s) * output (y s))).
    + apply is_derive_dot; [exact Wz | exact Wy].
    + apply (is_derive_mult (fun s => - output (z s)) (fun s => output (y s)) t).
      * apply (is_derive_opp (fun s => output (z s))). exact Az.
      * exact Ay.
      * exact Rmult_comm.
  - unfold plus, mult, opp; simpl. inner. rewrite (dot_sym d (weights (z t)) D). ring.
Qed.

Example form_is_not_vacuous :
  exists d : nat,
  exists drift : vec,
  exists y : R -> point,
  exists z : R -> point,
  exists t : R,
  moves y t (field_of d drift (y t)) /\
  moves z t (field_of d drift (z t)).
Proof. exists 1%nat. exists (fun i => 1). exists (fun t => Point (fun i => exp t) (exp t)). exists (fun t => Point (fun i => exp t) (exp t)). exists 0. split; split; [intro i | | intro i |]; simpl; auto_derive; try tauto; ring. Qed.

(* where it is what is stated *)
Theorem form_at_the_start :
  forall (d : nat) (drift : vec) (z : point),
    same (reflect z) (reflect z).
Proof.
  pointwise; ring.
Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (algebra_symmetric, algebra, cube, exponential, exponential_starts_at_the_identity, symmetric, inverse, form, form_at_the_start).
Print Assumptions all_stated.
