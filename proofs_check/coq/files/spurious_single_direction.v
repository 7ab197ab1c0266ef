(* Kernel evidence for the claim spurious.single-direction. Generated; `coqc FILE.v` checks it again. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(* (u a + v b + w c) / 3 > 0 for u, v, w >= 0, not all 0, and a, b, c > 0. *)
Lemma positive_combination : forall u v w a b c, 0 <= u -> 0 <= v -> 0 <= w -> 0 < u + v + w ->
  a > 0 -> b > 0 -> c > 0 -> 0 < (u * a + v * b + w * c) / 3.
Proof.
  intros u v w a b c U V W S A B C.
  assert (0 <= u * a) by nra. assert (0 <= v * b) by nra. assert (0 <= w * c) by nra.
  destruct (Rle_lt_or_eq_dec 0 u U) as [L | Z]; [assert (0 < u * a) by nra; lra | ].
  destruct (Rle_lt_or_eq_dec 0 v V) as [L | Z']; [assert (0 < v * b) by nra; lra | ].
  assert (0 < w * c) by nra. lra.
Qed.

(* e_k are the slopes: 1 where s <D, x_k> > 0, 0 where it is < 0, any in [0, 1] where it vanishes (leak 0) *)
Theorem single_direction :
  forall (eta : R) (p1 : R) (q1 : R) (p2 : R) (q2 : R) (p3 : R) (q3 : R) (y1 : R) (y2 : R) (y3 : R) (e1 : R) (e2 : R) (e3 : R) (s : R),
    (eta > 0) ->
    (eta < (1 / 6)) ->
    (p1 > (- 1)) ->
    (p1 <= ((- 1) + eta)) ->
    (p2 >= ((- 1) * eta)) ->
    (p2 <= eta) ->
    (p3 >= (1 + ((- 1) * eta))) ->
    (p3 < 1) ->
    (q1 >= 1) ->
    (q1 <= (1 + eta)) ->
    (q3 >= 1) ->
    (q3 <= (1 + eta)) ->
    (y1 >= 1) ->
    (y1 <= (1 + eta)) ->
    (y3 >= 1) ->
    (y3 <= (1 + eta)) ->
    (q2 >= (1 + ((- 1) * eta))) ->
    (q2 <= (1 + eta)) ->
    (y2 > 0) ->
    (y2 <= eta) ->
    0 <= e1 <= 1 ->
    0 <= e2 <= 1 ->
    0 <= e3 <= 1 ->
    (s = 1 \/ s = -1) ->
    (((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3)) <> 0 \/ ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3)) <> 0) ->
    (((s * ((p1 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q1 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) > 0) -> (e1 = 1)) ->
    (((s * ((p1 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q1 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) < 0) -> (e1 = 0)) ->
    (((s * ((p2 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q2 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) > 0) -> (e2 = 1)) ->
    (((s * ((p2 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q2 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) < 0) -> (e2 = 0)) ->
    (((s * ((p3 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q3 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) > 0) -> (e3 = 1)) ->
    (((s * ((p3 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q3 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) < 0) -> (e3 = 0)) ->
    s = 1 /\ e1 = 1 /\ e2 = 1 /\ e3 = 1.
Proof.
  intros eta p1 q1 p2 q2 p3 q3 y1 y2 y3 e1 e2 e3 s H0 H1 H2 H3 H4 H5 H6 H7 H8 H9 H10 H11 H12 H13 H14 H15 H16 H17 H18 H19 R1 R2 R3 S N P1 M1 P2 M2 P3 M3.
  assert (A : p1 * p2 + q1 * q2 > 0) by (clear - H0 H1 H2 H3 H4 H5 H8 H9 H16 H17; nra).
  assert (B : p1 * p3 + q1 * q3 > 0) by (clear - H0 H1 H2 H3 H6 H7 H8 H9 H10 H11; nra).
  assert (C : p2 * p3 + q2 * q3 > 0) by (clear - H0 H1 H4 H5 H6 H7 H10 H11 H16 H17; nra).
  assert (F1 : p1 * p1 + q1 * q1 > 0) by (clear - H0 H8; nra).
  assert (F2 : p2 * p2 + q2 * q2 > 0) by (clear - H0 H1 H16; nra).
  assert (F3 : p3 * p3 + q3 * q3 > 0) by (clear - H0 H10; nra).
  assert (Y1 : 0 < y1) by lra. assert (Y2 : 0 < y2) by lra. assert (Y3 : 0 < y3) by lra.
  clear H0 H1 H2 H3 H4 H5 H6 H7 H8 H9 H10 H11 H12 H13 H14 H15 H16 H17 H18 H19. 
  assert (U1 : 0 <= e1 * y1) by (apply Rmult_le_pos; lra). assert (U2 : 0 <= e2 * y2) by (apply Rmult_le_pos; lra).
  assert (U3 : 0 <= e3 * y3) by (apply Rmult_le_pos; lra).
  destruct (Rle_lt_or_eq_dec 0 (e1 * y1 + e2 * y2 + e3 * y3) ltac:(lra)) as [L | Z].
  - assert (G1 := positive_combination (e1 * y1) (e2 * y2) (e3 * y3) (p1 * p1 + q1 * q1) (p1 * p2 + q1 * q2)
      (p1 * p3 + q1 * q3) U1 U2 U3 L F1 A B).
    assert (G2 := positive_combination (e1 * y1) (e2 * y2) (e3 * y3) (p1 * p2 + q1 * q2) (p2 * p2 + q2 * q2)
      (p2 * p3 + q2 * q3) U1 U2 U3 L A F2 C).
    assert (G3 := positive_combination (e1 * y1) (e2 * y2) (e3 * y3) (p1 * p3 + q1 * q3) (p2 * p3 + q2 * q3)
      (p3 * p3 + q3 * q3) U1 U2 U3 L B C F3).
    destruct S as [S | S]; subst s.
    + repeat split; [apply P1 | apply P2 | apply P3]; lra.
    + exfalso. assert (e1 = 0) by (apply M1; lra). assert (e2 = 0) by (apply M2; lra).
      assert (e3 = 0) by (apply M3; lra). subst. lra.
  - exfalso. assert (e1 * y1 = 0) by lra. assert (e2 * y2 = 0) by lra. assert (e3 * y3 = 0) by lra.
    assert (e1 = 0) by (clear - H Y1; nra). assert (e2 = 0) by (clear - H0 Y2; nra).
    assert (e3 = 0) by (clear - H1 Y3; nra). subst. destruct N as [N | N]; apply N; lra.
Qed.

Example single_direction_is_not_vacuous :
  exists eta : R,
  exists p1 : R,
  exists q1 : R,
  exists p2 : R,
  exists q2 : R,
  exists p3 : R,
  exists q3 : R,
  exists y1 : R,
  exists y2 : R,
  exists y3 : R,
  exists e1 : R,
  exists e2 : R,
  exists e3 : R,
  exists s : R,
  (eta > 0) /\
  (eta < (1 / 6)) /\
  (p1 > (- 1)) /\
  (p1 <= ((- 1) + eta)) /\
  (p2 >= ((- 1) * eta)) /\
  (p2 <= eta) /\
  (p3 >= (1 + ((- 1) * eta))) /\
  (p3 < 1) /\
  (q1 >= 1) /\
  (q1 <= (1 + eta)) /\
  (q3 >= 1) /\
  (q3 <= (1 + eta)) /\
  (y1 >= 1) /\
  (y1 <= (1 + eta)) /\
  (y3 >= 1) /\
  (y3 <= (1 + eta)) /\
  (q2 >= (1 + ((- 1) * eta))) /\
  (q2 <= (1 + eta)) /\
  (y2 > 0) /\
  (y2 <= eta) /\
  0 <= e1 <= 1 /\
  0 <= e2 <= 1 /\
  0 <= e3 <= 1 /\
  (s = 1 \/ s = -1) /\
  (((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3)) <> 0 \/ ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3)) <> 0) /\
  (((s * ((p1 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q1 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) > 0) -> (e1 = 1)) /\
  (((s * ((p1 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q1 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) < 0) -> (e1 = 0)) /\
  (((s * ((p2 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q2 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) > 0) -> (e2 = 1)) /\
  (((s * ((p2 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q2 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) < 0) -> (e2 = 0)) /\
  (((s * ((p3 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q3 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) > 0) -> (e3 = 1)) /\
  (((s * ((p3 * ((((((1 / 3) * e1) * p1) * y1) + ((((1 / 3) * e2) * p2) * y2)) + ((((1 / 3) * e3) * p3) * y3))) + (q3 * ((((((1 / 3) * e1) * q1) * y1) + ((((1 / 3) * e2) * q2) * y2)) + ((((1 / 3) * e3) * q3) * y3))))) < 0) -> (e3 = 0)).
Proof. exists (1 / 10). exists (- (19 / 20)). exists 1. exists 0. exists 1. exists (19 / 20). exists 1. exists 1. exists (1 / 20). exists 1. exists 1. exists 1. exists 1. exists 1. repeat split; try lra; (left + right); lra. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (single_direction).
Print Assumptions all_stated.
