(* Kernel evidence for the claim spurious.geometry. Generated; `coqc FILE.v` checks it again. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(* With the minors m_kl and N = m23 y1 - m13 y2 + m12 y3, residuals that are orthogonal to the inputs are multiples of
   (m23, - m13, m12): r_k (m12^2 + m13^2 + m23^2) = m23 N, - m13 N, m12 N. *)
Lemma residuals_by_minors : forall p1 q1 p2 q2 p3 q3 y1 y2 y3 b1 b2 r1 r2 r3 m12 m13 m23,
  r1 = y1 - (b1 * p1 + b2 * q1) -> r2 = y2 - (b1 * p2 + b2 * q2) -> r3 = y3 - (b1 * p3 + b2 * q3) ->
  m12 = p1 * q2 - q1 * p2 -> m13 = p1 * q3 - q1 * p3 -> m23 = p2 * q3 - q2 * p3 ->
  r1 * p1 + r2 * p2 + r3 * p3 = 0 -> r1 * q1 + r2 * q2 + r3 * q3 = 0 ->
  r1 * (m12 ^ 2 + m13 ^ 2 + m23 ^ 2) = m23 * (m23 * y1 - m13 * y2 + m12 * y3) /\
  r2 * (m12 ^ 2 + m13 ^ 2 + m23 ^ 2) = - m13 * (m23 * y1 - m13 * y2 + m12 * y3) /\
  r3 * (m12 ^ 2 + m13 ^ 2 + m23 ^ 2) = m12 * (m23 * y1 - m13 * y2 + m12 * y3).
Proof.
  intros p1 q1 p2 q2 p3 q3 y1 y2 y3 b1 b2 r1 r2 r3 m12 m13 m23 R1 R2 R3 M12 M13 M23 E1 E2.
  assert (K : m23 * y1 - m13 * y2 + m12 * y3 = m23 * r1 - m13 * r2 + m12 * r3) by (subst; ring).
  assert (F13 : r1 * m12 - r3 * m23 = q2 * (r1 * p1 + r2 * p2 + r3 * p3) - p2 * (r1 * q1 + r2 * q2 + r3 * q3))
    by (rewrite M12, M23; ring).
  assert (F12 : r1 * m13 + r2 * m23 = q3 * (r1 * p1 + r2 * p2 + r3 * p3) - p3 * (r1 * q1 + r2 * q2 + r3 * q3))
    by (rewrite M13, M23; ring).
  assert (F23 : r2 * m12 + r3 * m13 = p1 * (r1 * q1 + r2 * q2 + r3 * q3) - q1 * (r1 * p1 + r2 * p2 + r3 * p3))
    by (rewrite M12, M13; ring).
  rewrite E1, E2 in F12, F13, F23. rewrite K. clear R1 R2 R3 M12 M13 M23 E1 E2 K.
  repeat split.
  - replace (r1 * (m12 ^ 2 + m13 ^ 2 + m23 ^ 2)) with (r1 * m12 * m12 + r1 * m13 * m13 + r1 * m23 ^ 2) by ring.
    replace (r1 * m12) with (r3 * m23) by lra. replace (r1 * m13) with (- (r2 * m23)) by lra. ring.
  - replace (r2 * (m12 ^ 2 + m13 ^ 2 + m23 ^ 2)) with (r2 * m12 * m12 + r2 * m13 ^ 2 + r2 * m23 * m23) by ring.
    replace (r2 * m12) with (- (r3 * m13)) by lra. replace (r2 * m23) with (- (r1 * m13)) by lra. ring.
  - replace (r3 * (m12 ^ 2 + m13 ^ 2 + m23 ^ 2)) with (r3 * m12 ^ 2 + r3 * m13 * m13 + r3 * m23 * m23) by ring.
    replace (r3 * m13) with (- (r2 * m12)) by lra. replace (r3 * m23) with (r1 * m12) by lra. ring.
Qed.

Lemma sign_of_quotient : forall r s v, 0 < s -> r * s = v -> (0 < v -> 0 < r) /\ (v < 0 -> r < 0).
Proof. intros r s v S E. split; intro V; nra. Qed.

Lemma minor_bounds : forall eta p q p' q', 0 < eta < (1 / 6) -> -1 < p <= -1 + eta -> 1 <= q <= 1 + eta ->
  - eta <= p' <= eta -> 1 - eta <= q' <= 1 + eta ->
  - (1 + eta) ^ 2 <= p * q' - q * p' <= - (1 - 3 * eta).
Proof. intros. split; nra. Qed.

Lemma sign_of_n : forall eta m12 m13 m23 y1 y2 y3, 0 < eta < (1 / 6) ->
  m12 <= - (1 - 3 * eta) -> m23 <= - (1 - 3 * eta) -> - (2 * (1 + eta)) <= m13 -> m13 < 0 ->
  1 <= y1 -> 1 <= y3 -> 0 < y2 <= eta -> m23 * y1 - m13 * y2 + m12 * y3 < 0.
Proof.
  intros eta m12 m13 m23 y1 y2 y3 E A B C C' Y1 Y3 Y2.
  assert (m23 * y1 <= m23) by nra. assert (m12 * y3 <= m12) by nra.
  assert (- m13 * y2 <= 2 * (1 + eta) * eta) by nra. nra.
Qed.

Lemma square_bounds : forall eta, 0 < eta < (1 / 6) -> 0 <= (1 + eta) ^ 2 <= 49 / 36 /\ 25 / 36 <= (1 - eta) ^ 2.
Proof. intros eta E. repeat split; nra. Qed.

(* y S - r S > 0 for an outer point, where r S = m N. *)
Lemma sign_of_prediction : forall eta m m' m13 y y2 y', 0 < eta < (1 / 6) ->
  - (1 + eta) ^ 2 <= m < 0 -> - (1 + eta) ^ 2 <= m' < 0 -> m13 <= - (2 * (1 - eta)) ->
  1 <= y -> 0 < y2 -> 1 <= y' <= 1 + eta ->
  0 < y * (m' ^ 2 + m13 ^ 2 + m ^ 2) - m * (m * y - m13 * y2 + m' * y').
Proof.
  intros eta m m' m13 y y2 y' E M M' C Y Y2 Y'.
  assert (X : 0 < m * m' <= (1 + eta) ^ 4).
  { split; [nra | ]. replace ((1 + eta) ^ 4) with ((1 + eta) ^ 2 * (1 + eta) ^ 2) by ring.
    replace (m * m') with (- m * - m') by ring. apply Rmult_le_compat; lra. }
  assert (U : m * m' * y' <= (1 + eta) ^ 4 * (1 + eta)) by (apply Rmult_le_compat; lra).
  assert (V : 4 * (1 - eta) ^ 2 <= m13 ^ 2) by nra.
  assert (W : (1 + eta) ^ 4 * (1 + eta) < 4 * (1 - eta) ^ 2).
  { destruct (square_bounds eta E) as [A D].
    assert (B : (1 + eta) ^ 4 * (1 + eta) <= 49 / 36 * (49 / 36) * (7 / 6)).
    { replace ((1 + eta) ^ 4) with ((1 + eta) ^ 2 * (1 + eta) ^ 2) by ring.
      apply Rmult_le_compat; [nra | lra | apply Rmult_le_compat; lra | lra]. }
    lra. }
  assert (0 <= - m * - m13 * y2) by (apply Rmult_le_pos; [apply Rmult_le_pos; lra | lra]).
  assert (0 <= (y - 1) * m13 ^ 2) by (apply Rmult_le_pos; [lra | apply pow2_ge_0]).
  assert (0 <= y * m' ^ 2) by (apply Rmult_le_pos; [lra | apply pow2_ge_0]). lra.
Qed.

(* <x_k, x_l> > 0 for k < l *)
Theorem inner_products :
  forall (eta : R) (p1 : R) (q1 : R) (p2 : R) (q2 : R) (p3 : R) (q3 : R) (y1 : R) (y2 : R) (y3 : R),
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
    (((p1 * p2) + (q1 * q2)) > 0) /\ (((p1 * p3) + (q1 * q3)) > 0) /\ (((p2 * p3) + (q2 * q3)) > 0).
Proof.
  intros eta p1 q1 p2 q2 p3 q3 y1 y2 y3 H0 H1 H2 H3 H4 H5 H6 H7 H8 H9 H10 H11 H12 H13 H14 H15 H16 H17 H18 H19.
  repeat split; nra.
Qed.

Example inner_products_is_not_vacuous :
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
  (y2 <= eta).
Proof. exists (1 / 10). exists (- (19 / 20)). exists 1. exists 0. exists 1. exists (19 / 20). exists 1. exists 1. exists (1 / 20). exists 1. repeat split; lra. Qed.

(* <D_I, x_l> > 0 for every non-empty I and every l *)
Theorem drifts :
  forall (eta : R) (p1 : R) (q1 : R) (p2 : R) (q2 : R) (p3 : R) (q3 : R) (y1 : R) (y2 : R) (y3 : R),
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
    (((((1 / 3) * y1) * (p1 ^ 2)) + (((1 / 3) * y1) * (q1 ^ 2))) > 0) /\
    ((((((1 / 3) * p1) * p2) * y1) + ((((1 / 3) * q1) * q2) * y1)) > 0) /\
    ((((((1 / 3) * p1) * p3) * y1) + ((((1 / 3) * q1) * q3) * y1)) > 0) /\
    ((((((1 / 3) * p1) * p2) * y2) + ((((1 / 3) * q1) * q2) * y2)) > 0) /\
    (((((1 / 3) * y2) * (p2 ^ 2)) + (((1 / 3) * y2) * (q2 ^ 2))) > 0) /\
    ((((((1 / 3) * p2) * p3) * y2) + ((((1 / 3) * q2) * q3) * y2)) > 0) /\
    ((((((1 / 3) * p1) * p3) * y3) + ((((1 / 3) * q1) * q3) * y3)) > 0) /\
    ((((((1 / 3) * p2) * p3) * y3) + ((((1 / 3) * q2) * q3) * y3)) > 0) /\
    (((((1 / 3) * y3) * (p3 ^ 2)) + (((1 / 3) * y3) * (q3 ^ 2))) > 0) /\
    (((p1 * ((((1 / 3) * p1) * y1) + (((1 / 3) * p2) * y2))) + (q1 * ((((1 / 3) * q1) * y1) + (((1 / 3) * q2) * y2)))) > 0) /\
    (((p2 * ((((1 / 3) * p1) * y1) + (((1 / 3) * p2) * y2))) + (q2 * ((((1 / 3) * q1) * y1) + (((1 / 3) * q2) * y2)))) > 0) /\
    (((p3 * ((((1 / 3) * p1) * y1) + (((1 / 3) * p2) * y2))) + (q3 * ((((1 / 3) * q1) * y1) + (((1 / 3) * q2) * y2)))) > 0) /\
    (((p1 * ((((1 / 3) * p1) * y1) + (((1 / 3) * p3) * y3))) + (q1 * ((((1 / 3) * q1) * y1) + (((1 / 3) * q3) * y3)))) > 0) /\
    (((p2 * ((((1 / 3) * p1) * y1) + (((1 / 3) * p3) * y3))) + (q2 * ((((1 / 3) * q1) * y1) + (((1 / 3) * q3) * y3)))) > 0) /\
    (((p3 * ((((1 / 3) * p1) * y1) + (((1 / 3) * p3) * y3))) + (q3 * ((((1 / 3) * q1) * y1) + (((1 / 3) * q3) * y3)))) > 0) /\
    (((p1 * ((((1 / 3) * p2) * y2) + (((1 / 3) * p3) * y3))) + (q1 * ((((1 / 3) * q2) * y2) + (((1 / 3) * q3) * y3)))) > 0) /\
    (((p2 * ((((1 / 3) * p2) * y2) + (((1 / 3) * p3) * y3))) + (q2 * ((((1 / 3) * q2) * y2) + (((1 / 3) * q3) * y3)))) > 0) /\
    (((p3 * ((((1 / 3) * p2) * y2) + (((1 / 3) * p3) * y3))) + (q3 * ((((1 / 3) * q2) * y2) + (((1 / 3) * q3) * y3)))) > 0) /\
    (((p1 * (((((1 / 3) * p1) * y1) + (((1 / 3) * p2) * y2)) + (((1 / 3) * p3) * y3))) + (q1 * (((((1 / 3) * q1) * y1) + (((1 / 3) * q2) * y2)) + (((1 / 3) * q3) * y3)))) > 0) /\
    (((p2 * (((((1 / 3) * p1) * y1) + (((1 / 3) * p2) * y2)) + (((1 / 3) * p3) * y3))) + (q2 * (((((1 / 3) * q1) * y1) + (((1 / 3) * q2) * y2)) + (((1 / 3) * q3) * y3)))) > 0) /\
    (((p3 * (((((1 / 3) * p1) * y1) + (((1 / 3) * p2) * y2)) + (((1 / 3) * p3) * y3))) + (q3 * (((((1 / 3) * q1) * y1) + (((1 / 3) * q2) * y2)) + (((1 / 3) * q3) * y3)))) > 0).
Proof.
  intros eta p1 q1 p2 q2 p3 q3 y1 y2 y3 H0 H1 H2 H3 H4 H5 H6 H7 H8 H9 H10 H11 H12 H13 H14 H15 H16 H17 H18 H19.
  assert (A : p1 * p2 + q1 * q2 > 0) by nra. assert (B : p1 * p3 + q1 * q3 > 0) by nra.
  assert (C : p2 * p3 + q2 * q3 > 0) by nra. assert (D : p1 * p1 + q1 * q1 > 0) by nra.
  assert (E : p2 * p2 + q2 * q2 > 0) by nra. assert (F : p3 * p3 + q3 * q3 > 0) by nra.
  assert (0 < y1) by lra. assert (0 < y3) by lra. assert (0 < y2) by lra.
  clear H0 H1 H2 H3 H4 H5 H6 H7 H8 H9 H10 H11 H12 H13 H14 H15 H16 H17 H18 H19. repeat split; nra.
Qed.

Example drifts_is_not_vacuous :
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
  (y2 <= eta).
Proof. exists (1 / 10). exists (- (19 / 20)). exists 1. exists 0. exists 1. exists (19 / 20). exists 1. exists 1. exists (1 / 20). exists 1. repeat split; lra. Qed.

(* n^2 det H > 0 *)
Theorem determinant :
  forall (eta : R) (p1 : R) (q1 : R) (p2 : R) (q2 : R) (p3 : R) (q3 : R) (y1 : R) (y2 : R) (y3 : R),
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
    (((((((((((p1 ^ 2) * (q2 ^ 2)) + ((p1 ^ 2) * (q3 ^ 2))) + ((p2 ^ 2) * (q1 ^ 2))) + ((p2 ^ 2) * (q3 ^ 2))) + ((p3 ^ 2) * (q1 ^ 2))) + ((p3 ^ 2) * (q2 ^ 2))) + (((((- 2) * p1) * p2) * q1) * q2)) + (((((- 2) * p1) * p3) * q1) * q3)) + (((((- 2) * p2) * p3) * q2) * q3)) > 0).
Proof.
  intros eta p1 q1 p2 q2 p3 q3 y1 y2 y3 H0 H1 H2 H3 H4 H5 H6 H7 H8 H9 H10 H11 H12 H13 H14 H15 H16 H17 H18 H19.
  assert (M : p1 * q3 - q1 * p3 < 0) by (clear - H0 H1 H2 H3 H6 H7 H8 H9 H10 H11; nra).
  match goal with |- ?d > 0 => replace d with ((p1 * q2 - q1 * p2) ^ 2 + (p1 * q3 - q1 * p3) ^ 2 +
    (p2 * q3 - q2 * p3) ^ 2) by ring end.
  assert (X := pow2_gt_0 (p1 * q3 - q1 * p3) ltac:(lra)). assert (Y := pow2_ge_0 (p1 * q2 - q1 * p2)).
  assert (Z := pow2_ge_0 (p2 * q3 - q2 * p3)). lra.
Qed.

Example determinant_is_not_vacuous :
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
  (y2 <= eta).
Proof. exists (1 / 10). exists (- (19 / 20)). exists 1. exists 0. exists 1. exists (19 / 20). exists 1. exists 1. exists (1 / 20). exists 1. repeat split; lra. Qed.

(* r_1 > 0, r_2 < 0, r_3 > 0, for the solution (b1, b2) of the normal equations *)
Theorem residuals :
  forall (eta : R) (p1 : R) (q1 : R) (p2 : R) (q2 : R) (p3 : R) (q3 : R) (y1 : R) (y2 : R) (y3 : R) (b1 : R) (b2 : R),
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
    (((b1 * (((p1 ^ 2) + (p2 ^ 2)) + (p3 ^ 2))) + (b2 * (((p1 * q1) + (p2 * q2)) + (p3 * q3)))) = (((p1 * y1) + (p2 * y2)) + (p3 * y3))) ->
    (((b1 * (((p1 * q1) + (p2 * q2)) + (p3 * q3))) + (b2 * (((q1 ^ 2) + (q2 ^ 2)) + (q3 ^ 2)))) = (((q1 * y1) + (q2 * y2)) + (q3 * y3))) ->
    (((y1 + (((- 1) * b1) * p1)) + (((- 1) * b2) * q1)) > 0) /\
    (((y2 + (((- 1) * b1) * p2)) + (((- 1) * b2) * q2)) < 0) /\
    (((y3 + (((- 1) * b1) * p3)) + (((- 1) * b2) * q3)) > 0).
Proof.
  intros eta p1 q1 p2 q2 p3 q3 y1 y2 y3 b1 b2 H0 H1 H2 H3 H4 H5 H6 H7 H8 H9 H10 H11 H12 H13 H14 H15 H16 H17 H18 H19 N1 N2.
  assert (E : 0 < eta < (1 / 6)) by lra.
  assert (A := minor_bounds eta p1 q1 p2 q2 E (conj H2 H3) ltac:(lra) ltac:(lra) ltac:(lra)).
  assert (B : - (1 + eta) ^ 2 <= p2 * q3 - q2 * p3 <= - (1 - 3 * eta)).
  { assert (M := minor_bounds eta (- p3) q3 (- p2) q2 E ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)). lra. }
  assert (C : - (2 * (1 + eta)) <= p1 * q3 - q1 * p3 <= - (2 * (1 - eta))) by
    (clear - H0 H1 H2 H3 H6 H7 H8 H9 H10 H11; split; nra).
  remember (y1 - (b1 * p1 + b2 * q1)) as r1 eqn:R1. remember (y2 - (b1 * p2 + b2 * q2)) as r2 eqn:R2.
  remember (y3 - (b1 * p3 + b2 * q3)) as r3 eqn:R3.
  assert (E1 : r1 * p1 + r2 * p2 + r3 * p3 = 0) by (rewrite R1, R2, R3; lra).
  assert (E2 : r1 * q1 + r2 * q2 + r3 * q3 = 0) by (rewrite R1, R2, R3; lra).
  destruct (residuals_by_minors p1 q1 p2 q2 p3 q3 y1 y2 y3 b1 b2 r1 r2 r3 _ _ _ R1 R2 R3 eq_refl eq_refl eq_refl E1 E2)
    as [S1 [S2 S3]].
  remember (p1 * q2 - q1 * p2) as m12 eqn:M12. remember (p1 * q3 - q1 * p3) as m13 eqn:M13.
  remember (p2 * q3 - q2 * p3) as m23 eqn:M23.
  assert (N := sign_of_n eta m12 m13 m23 y1 y2 y3 E ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)
    ltac:(lra)).
  assert (T : 0 < m12 ^ 2 + m13 ^ 2 + m23 ^ 2) by (clear - C E; nra).
  assert (0 < r1) by (apply (sign_of_quotient _ _ _ T S1); clear - N B E; nra).
  assert (r2 < 0) by (apply (sign_of_quotient _ _ _ T S2); clear - N C E; nra).
  assert (0 < r3) by (apply (sign_of_quotient _ _ _ T S3); clear - N A E; nra).
  repeat split; lra.
Qed.

Example residuals_is_not_vacuous :
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
  exists b1 : R,
  exists b2 : R,
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
  (((b1 * (((p1 ^ 2) + (p2 ^ 2)) + (p3 ^ 2))) + (b2 * (((p1 * q1) + (p2 * q2)) + (p3 * q3)))) = (((p1 * y1) + (p2 * y2)) + (p3 * y3))) /\
  (((b1 * (((p1 * q1) + (p2 * q2)) + (p3 * q3))) + (b2 * (((q1 ^ 2) + (q2 ^ 2)) + (q3 ^ 2)))) = (((q1 * y1) + (q2 * y2)) + (q3 * y3))).
Proof. exists (1 / 10). exists (- (19 / 20)). exists 1. exists 0. exists 1. exists (19 / 20). exists 1. exists 1. exists (1 / 20). exists 1. exists 0. exists (41 / 60). repeat split; lra. Qed.

(* <beta*, x_k> > 0 *)
Theorem predictions :
  forall (eta : R) (p1 : R) (q1 : R) (p2 : R) (q2 : R) (p3 : R) (q3 : R) (y1 : R) (y2 : R) (y3 : R) (b1 : R) (b2 : R),
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
    (((b1 * (((p1 ^ 2) + (p2 ^ 2)) + (p3 ^ 2))) + (b2 * (((p1 * q1) + (p2 * q2)) + (p3 * q3)))) = (((p1 * y1) + (p2 * y2)) + (p3 * y3))) ->
    (((b1 * (((p1 * q1) + (p2 * q2)) + (p3 * q3))) + (b2 * (((q1 ^ 2) + (q2 ^ 2)) + (q3 ^ 2)))) = (((q1 * y1) + (q2 * y2)) + (q3 * y3))) ->
    (((b1 * p1) + (b2 * q1)) > 0) /\
    (((b1 * p2) + (b2 * q2)) > 0) /\
    (((b1 * p3) + (b2 * q3)) > 0).
Proof.
  intros eta p1 q1 p2 q2 p3 q3 y1 y2 y3 b1 b2 H0 H1 H2 H3 H4 H5 H6 H7 H8 H9 H10 H11 H12 H13 H14 H15 H16 H17 H18 H19 N1 N2.
  assert (E : 0 < eta < (1 / 6)) by lra.
  assert (A := minor_bounds eta p1 q1 p2 q2 E (conj H2 H3) ltac:(lra) ltac:(lra) ltac:(lra)).
  assert (B : - (1 + eta) ^ 2 <= p2 * q3 - q2 * p3 <= - (1 - 3 * eta)).
  { assert (M := minor_bounds eta (- p3) q3 (- p2) q2 E ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)). lra. }
  assert (C : - (2 * (1 + eta)) <= p1 * q3 - q1 * p3 <= - (2 * (1 - eta))) by
    (clear - H0 H1 H2 H3 H6 H7 H8 H9 H10 H11; split; nra).
  remember (y1 - (b1 * p1 + b2 * q1)) as r1 eqn:R1. remember (y2 - (b1 * p2 + b2 * q2)) as r2 eqn:R2.
  remember (y3 - (b1 * p3 + b2 * q3)) as r3 eqn:R3.
  assert (E1 : r1 * p1 + r2 * p2 + r3 * p3 = 0) by (rewrite R1, R2, R3; lra).
  assert (E2 : r1 * q1 + r2 * q2 + r3 * q3 = 0) by (rewrite R1, R2, R3; lra).
  destruct (residuals_by_minors p1 q1 p2 q2 p3 q3 y1 y2 y3 b1 b2 r1 r2 r3 _ _ _ R1 R2 R3 eq_refl eq_refl eq_refl E1 E2)
    as [S1 [S2 S3]].
  remember (p1 * q2 - q1 * p2) as m12 eqn:M12. remember (p1 * q3 - q1 * p3) as m13 eqn:M13.
  remember (p2 * q3 - q2 * p3) as m23 eqn:M23.
  assert (N := sign_of_n eta m12 m13 m23 y1 y2 y3 E ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)
    ltac:(lra)).
  assert (T : 0 < m12 ^ 2 + m13 ^ 2 + m23 ^ 2) by (clear - C E; nra).
  assert (r2 < 0) by (apply (sign_of_quotient _ _ _ T S2); clear - N C E; nra).
  assert (P1 := sign_of_prediction eta m23 m12 m13 y1 y2 y3 E ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)
    ltac:(lra) ltac:(lra)).
  assert (P3 := sign_of_prediction eta m12 m23 m13 y3 y2 y1 E ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)
    ltac:(lra) ltac:(lra)).
  assert (0 < y1 - r1) by (apply (sign_of_quotient (y1 - r1) _ _ T eq_refl);
    clear - P1 S1; rewrite Rmult_minus_distr_r, S1; lra).
  assert (0 < y3 - r3) by (apply (sign_of_quotient (y3 - r3) _ _ T eq_refl);
    clear - P3 S3; rewrite Rmult_minus_distr_r, S3; lra).
  repeat split; lra.
Qed.

Example predictions_is_not_vacuous :
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
  exists b1 : R,
  exists b2 : R,
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
  (((b1 * (((p1 ^ 2) + (p2 ^ 2)) + (p3 ^ 2))) + (b2 * (((p1 * q1) + (p2 * q2)) + (p3 * q3)))) = (((p1 * y1) + (p2 * y2)) + (p3 * y3))) /\
  (((b1 * (((p1 * q1) + (p2 * q2)) + (p3 * q3))) + (b2 * (((q1 ^ 2) + (q2 ^ 2)) + (q3 ^ 2)))) = (((q1 * y1) + (q2 * y2)) + (q3 * y3))).
Proof. exists (1 / 10). exists (- (19 / 20)). exists 1. exists 0. exists 1. exists (19 / 20). exists 1. exists 1. exists (1 / 20). exists 1. exists 0. exists (41 / 60). repeat split; lra. Qed.

(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)
Definition all_stated := (inner_products, drifts, determinant, residuals, predictions).
Print Assumptions all_stated.
