(* Kernel evidence for the claim spurious.stationary. Generated; `coqc FILE.v` checks it again. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

Definition relu (z : R) : R := Rmax z 0.

(* What the neuron (a, w) adds to the output at the point (x1, x2). *)
Definition neuron (a w1 w2 x1 x2 : R) : R := a * relu (w1 * x1 + w2 * x2).

Lemma relu_on : forall z, 0 <= z -> relu z = z.
Proof. intros. unfold relu. apply Rmax_left. lra. Qed.

Lemma relu_off : forall z, z <= 0 -> relu z = 0.
Proof. intros. unfold relu. apply Rmax_right. lra. Qed.

Lemma is_derive_neurons : forall (p q f g : R -> R) (x p' q' f' g' : R),
  is_derive p x p' -> is_derive q x q' -> is_derive f x f' -> is_derive g x g' -> 0 < f x -> g x < 0 ->
  is_derive (fun s => p s * relu (f s) + q s * relu (g s)) x (p' * f x + p x * f').
Proof.
  intros p q f g x p' q' f' g' P Q F G On Off.
  apply (is_derive_ext_loc (fun s => p s * f s)).
  - assert (C := ex_derive_continuous f x (ex_intro _ f' F)). assert (D := ex_derive_continuous g x (ex_intro _ g' G)).
    specialize (C (fun y => 0 < y) (open_gt 0 (f x) On)). specialize (D (fun y => y < 0) (open_lt 0 (g x) Off)).
    unfold filtermap in C, D. generalize (filter_and _ _ C D). apply filter_imp.
    intros y [Y Z]. rewrite (relu_on (f y)), (relu_off (g y)) by lra.
    change (p y * f y = p y * f y + q y * 0 :> R). ring.
  - exact (is_derive_mult p f x p' f' P F Rmult_comm).
Qed.

(* The square loss at the outputs h1, h2, h3. *)
Definition loss (h1 h2 h3 : R) : R := / 3 * (((1 / 2) * ((h1 + ((- 1) * (11 / 10))) ^ 2)) + ((1 / 2) * ((h2 + ((- 1) * (1 / 10))) ^ 2)) + ((1 / 2) * ((h3 + ((- 1) * (4 / 5))) ^ 2))).

Definition loss_of (a w1 w2 b v1 v2 : R) : R :=
  loss (neuron a w1 w2 (- (3 / 4)) 1 + neuron b v1 v2 (- (3 / 4)) 1)
    (neuron a w1 w2 (- (1 / 2)) 1 + neuron b v1 v2 (- (1 / 2)) 1)
    (neuron a w1 w2 (1 / 8) 1 + neuron b v1 v2 (1 / 8) 1).

Lemma is_derive_loss : forall (f1 f2 f3 : R -> R) (x d1 d2 d3 : R),
  is_derive f1 x d1 -> is_derive f2 x d2 -> is_derive f3 x d3 -> 
  (f1 x - (11 / 10)) * d1 + (f2 x - (1 / 10)) * d2 + (f3 x - (4 / 5)) * d3 = 0 ->
  is_derive (fun s => loss (f1 s) (f2 s) (f3 s)) x 0.
Proof.
  intros f1 f2 f3 x d1 d2 d3 D1 D2 D3 Z. unfold loss. auto_derive.
  - repeat split; try tauto; [exists d1 | exists d2 | exists d3]; assumption.
  -
    replace (Derive (fun x : R => f1 x) x) with d1 by (symmetry; apply is_derive_unique; exact D1).
    replace (Derive (fun x : R => f2 x) x) with d2 by (symmetry; apply is_derive_unique; exact D2).
    replace (Derive (fun x : R => f3 x) x) with d3 by (symmetry; apply is_derive_unique; exact D3).
    lra.
Qed.

(* Least squares by one live neuron, whatever its size a; the loss is not 0. *)
Theorem loss_at_the_fit :
  forall (a : R) (b : R) (v1 : R) (v2 : R),
    a > 0 ->
    v1 * (- (3 / 4)) + v2 * 1 < 0 ->
    v1 * (- (1 / 2)) + v2 * 1 < 0 ->
    v1 * (1 / 8) + v2 * 1 < 0 ->
    loss_of a ((- (4 / 65)) / a) ((251 / 390) / a) b v1 v2 = (256 / 2925).
Proof.
  intros a b v1 v2 A V1 V2 V3. assert (I := Rinv_0_lt_compat a A). unfold loss_of, neuron.
  rewrite !(relu_off (v1 * _ + v2 * _)) by lra. rewrite !relu_on by (unfold Rdiv; nra). unfold loss. field. lra.
Qed.

Example loss_at_the_fit_is_not_vacuous :
  exists a : R,
  exists b : R,
  exists v1 : R,
  exists v2 : R,
  a > 0 /\
  v1 * (- (3 / 4)) + v2 * 1 < 0 /\
  v1 * (- (1 / 2)) + v2 * 1 < 0 /\
  v1 * (1 / 8) + v2 * 1 < 0.
Proof. exists 1. exists 0. exists (9 / 8). exists (- 3). repeat split; lra. Qed.

(* Every partial derivative of the loss vanishes there, of either neuron. *)
Theorem stationary :
  forall (a : R) (b : R) (v1 : R) (v2 : R),
    a > 0 ->
    v1 * (- (3 / 4)) + v2 * 1 < 0 ->
    v1 * (- (1 / 2)) + v2 * 1 < 0 ->
    v1 * (1 / 8) + v2 * 1 < 0 ->
    is_derive (fun s : R => loss_of s ((- (4 / 65)) / a) ((251 / 390) / a) b v1 v2) a 0 /\
    is_derive (fun s : R => loss_of a s ((251 / 390) / a) b v1 v2) ((- (4 / 65)) / a) 0 /\
    is_derive (fun s : R => loss_of a ((- (4 / 65)) / a) s b v1 v2) ((251 / 390) / a) 0 /\
    is_derive (fun s : R => loss_of a ((- (4 / 65)) / a) ((251 / 390) / a) s v1 v2) b 0 /\
    is_derive (fun s : R => loss_of a ((- (4 / 65)) / a) ((251 / 390) / a) b s v2) v1 0 /\
    is_derive (fun s : R => loss_of a ((- (4 / 65)) / a) ((251 / 390) / a) b v1 s) v2 0.
Proof.
  intros a b v1 v2 A V1 V2 V3. assert (I := Rinv_0_lt_compat a A). unfold loss_of, neuron.
  refine (conj _ (conj _ (conj _ (conj _ (conj _ _))))).
  - eapply (is_derive_loss _ _ _ a (1 * (((- (4 / 65)) / a) * (- (3 / 4)) + ((251 / 390) / a) * 1) + a * 0) (1 * (((- (4 / 65)) / a) * (- (1 / 2)) + ((251 / 390) / a) * 1) + a * 0) (1 * (((- (4 / 65)) / a) * (1 / 8) + ((251 / 390) / a) * 1) + a * 0));
    [
      apply (is_derive_neurons (fun s => s) (fun s => b) (fun s => (((- (4 / 65)) / a) * (- (3 / 4)) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (- (3 / 4)) + v2 * 1)) a 1 0 0 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => s) (fun s => b) (fun s => (((- (4 / 65)) / a) * (- (1 / 2)) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (- (1 / 2)) + v2 * 1)) a 1 0 0 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => s) (fun s => b) (fun s => (((- (4 / 65)) / a) * (1 / 8) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (1 / 8) + v2 * 1)) a 1 0 0 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] | ].
    cbv beta. rewrite !(relu_off (v1 * _ + v2 * _)) by lra. rewrite !relu_on by (unfold Rdiv; nra). field. lra.
  - eapply (is_derive_loss _ _ _ ((- (4 / 65)) / a) (0 * (((- (4 / 65)) / a) * (- (3 / 4)) + ((251 / 390) / a) * 1) + a * (- (3 / 4))) (0 * (((- (4 / 65)) / a) * (- (1 / 2)) + ((251 / 390) / a) * 1) + a * (- (1 / 2))) (0 * (((- (4 / 65)) / a) * (1 / 8) + ((251 / 390) / a) * 1) + a * (1 / 8)));
    [
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (s * (- (3 / 4)) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (- (3 / 4)) + v2 * 1)) ((- (4 / 65)) / a) 0 0 (- (3 / 4)) 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (s * (- (1 / 2)) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (- (1 / 2)) + v2 * 1)) ((- (4 / 65)) / a) 0 0 (- (1 / 2)) 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (s * (1 / 8) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (1 / 8) + v2 * 1)) ((- (4 / 65)) / a) 0 0 (1 / 8) 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] | ].
    cbv beta. rewrite !(relu_off (v1 * _ + v2 * _)) by lra. rewrite !relu_on by (unfold Rdiv; nra). field. lra.
  - eapply (is_derive_loss _ _ _ ((251 / 390) / a) (0 * (((- (4 / 65)) / a) * (- (3 / 4)) + ((251 / 390) / a) * 1) + a * 1) (0 * (((- (4 / 65)) / a) * (- (1 / 2)) + ((251 / 390) / a) * 1) + a * 1) (0 * (((- (4 / 65)) / a) * (1 / 8) + ((251 / 390) / a) * 1) + a * 1));
    [
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (((- (4 / 65)) / a) * (- (3 / 4)) + s * 1))
        (fun s => (v1 * (- (3 / 4)) + v2 * 1)) ((251 / 390) / a) 0 0 1 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (((- (4 / 65)) / a) * (- (1 / 2)) + s * 1))
        (fun s => (v1 * (- (1 / 2)) + v2 * 1)) ((251 / 390) / a) 0 0 1 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (((- (4 / 65)) / a) * (1 / 8) + s * 1))
        (fun s => (v1 * (1 / 8) + v2 * 1)) ((251 / 390) / a) 0 0 1 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] | ].
    cbv beta. rewrite !(relu_off (v1 * _ + v2 * _)) by lra. rewrite !relu_on by (unfold Rdiv; nra). field. lra.
  - eapply (is_derive_loss _ _ _ b (0 * (((- (4 / 65)) / a) * (- (3 / 4)) + ((251 / 390) / a) * 1) + a * 0) (0 * (((- (4 / 65)) / a) * (- (1 / 2)) + ((251 / 390) / a) * 1) + a * 0) (0 * (((- (4 / 65)) / a) * (1 / 8) + ((251 / 390) / a) * 1) + a * 0));
    [
      apply (is_derive_neurons (fun s => a) (fun s => s) (fun s => (((- (4 / 65)) / a) * (- (3 / 4)) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (- (3 / 4)) + v2 * 1)) b 0 1 0 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => a) (fun s => s) (fun s => (((- (4 / 65)) / a) * (- (1 / 2)) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (- (1 / 2)) + v2 * 1)) b 0 1 0 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => a) (fun s => s) (fun s => (((- (4 / 65)) / a) * (1 / 8) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (1 / 8) + v2 * 1)) b 0 1 0 0);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] | ].
    cbv beta. rewrite !(relu_off (v1 * _ + v2 * _)) by lra. rewrite !relu_on by (unfold Rdiv; nra). field. lra.
  - eapply (is_derive_loss _ _ _ v1 (0 * (((- (4 / 65)) / a) * (- (3 / 4)) + ((251 / 390) / a) * 1) + a * 0) (0 * (((- (4 / 65)) / a) * (- (1 / 2)) + ((251 / 390) / a) * 1) + a * 0) (0 * (((- (4 / 65)) / a) * (1 / 8) + ((251 / 390) / a) * 1) + a * 0));
    [
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (((- (4 / 65)) / a) * (- (3 / 4)) + ((251 / 390) / a) * 1))
        (fun s => (s * (- (3 / 4)) + v2 * 1)) v1 0 0 0 (- (3 / 4)));
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (((- (4 / 65)) / a) * (- (1 / 2)) + ((251 / 390) / a) * 1))
        (fun s => (s * (- (1 / 2)) + v2 * 1)) v1 0 0 0 (- (1 / 2)));
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (((- (4 / 65)) / a) * (1 / 8) + ((251 / 390) / a) * 1))
        (fun s => (s * (1 / 8) + v2 * 1)) v1 0 0 0 (1 / 8));
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] | ].
    cbv beta. rewrite !(relu_off (v1 * _ + v2 * _)) by lra. rewrite !relu_on by (unfold Rdiv; nra). field. lra.
  - eapply (is_derive_loss _ _ _ v2 (0 * (((- (4 / 65)) / a) * (- (3 / 4)) + ((251 / 390) / a) * 1) + a * 0) (0 * (((- (4 / 65)) / a) * (- (1 / 2)) + ((251 / 390) / a) * 1) + a * 0) (0 * (((- (4 / 65)) / a) * (1 / 8) + ((251 / 390) / a) * 1) + a * 0));
    [
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (((- (4 / 65)) / a) * (- (3 / 4)) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (- (3 / 4)) + s * 1)) v2 0 0 0 1);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (((- (4 / 65)) / a) * (- (1 / 2)) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (- (1 / 2)) + s * 1)) v2 0 0 0 1);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] |
      apply (is_derive_neurons (fun s => a) (fun s => b) (fun s => (((- (4 / 65)) / a) * (1 / 8) + ((251 / 390) / a) * 1))
        (fun s => (v1 * (1 / 8) + s * 1)) v2 0 0 0 1);
        [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |
         auto_derive; [tauto | ring] | unfold Rdiv; nra | lra] | ].
    cbv beta. rewrite !(relu_off (v1 * _ + v2 * _)) by lra. rewrite !relu_on by (unfold Rdiv; nra). field. lra.
Qed.

Example stationary_is_not_vacuous :
  exists a : R,
  exists b : R,
  exists v1 : R,
  exists v2 : R,
  a > 0 /\
  v1 * (- (3 / 4)) + v2 * 1 < 0 /\
  v1 * (- (1 / 2)) + v2 * 1 < 0 /\
  v1 * (1 / 8) + v2 * 1 < 0.
Proof. exists 1. exists 0. exists (9 / 8). exists (- 3). repeat split; lra. Qed.

(* What a small neuron t (u, 1) does to the loss: the fit is no local minimum with one more. *)
Theorem added_neuron :
  forall (a : R) (t : R),
    a > 0 ->
    0 < t ->
    t ^ 2 < (64 / 39) ->
    loss_of a ((- (4 / 65)) / a) ((251 / 390) / a) t (t * (- 2)) (t * (- 1)) < (256 / 2925).
Proof.
  intros a t A T B. assert (I := Rinv_0_lt_compat a A). unfold loss_of, neuron.
  rewrite (relu_on (t * (- 2) * (- (3 / 4)) + t * (- 1) * 1)) by nra.
  rewrite (relu_off (t * (- 2) * (- (1 / 2)) + t * (- 1) * 1)) by nra.
  rewrite (relu_off (t * (- 2) * (1 / 8) + t * (- 1) * 1)) by nra.
  rewrite !relu_on by (unfold Rdiv; nra). unfold loss.
  assert (P : 0 < t ^ 2 * ((64 / 39) - t ^ 2)) by (apply Rmult_lt_0_compat; nra).
  field_simplify; [ | lra]. nra.
Qed.

Example added_neuron_is_not_vacuous :
  exists a : R,
  exists t : R,
  a > 0 /\
  0 < t /\
  t ^ 2 < (64 / 39).
Proof. exists 1. exists (1 / 2). repeat split; lra. Qed.

(* A network of three neurons with the loss that is stated. *)
Theorem interpolating_network :
    loss (neuron 1 0 (1 / 10) (- (3 / 4)) 1 + neuron 4 (- 1) (- (1 / 2)) (- (3 / 4)) 1 + neuron (28 / 25) 1 (1 / 2) (- (3 / 4)) 1) (neuron 1 0 (1 / 10) (- (1 / 2)) 1 + neuron 4 (- 1) (- (1 / 2)) (- (1 / 2)) 1 + neuron (28 / 25) 1 (1 / 2) (- (1 / 2)) 1) (neuron 1 0 (1 / 10) (1 / 8) 1 + neuron 4 (- 1) (- (1 / 2)) (1 / 8) 1 + neuron (28 / 25) 1 (1 / 2) (1 / 8) 1) = 0.
Proof.
  unfold loss, neuron. repeat match goal with |- context [relu ?z] =>
    first [rewrite (relu_on z) by lra | rewrite (relu_off z) by lra] end. field.
Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (loss_at_the_fit, stationary, added_neuron, interpolating_network).
Print Assumptions all_stated.
