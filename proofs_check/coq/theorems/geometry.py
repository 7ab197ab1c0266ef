"""spurious.geometry and spurious.single-direction (theory.md 5.1, 5.2), printed to Coq over the whole box T(eta)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy

from ....theory.spurious import three_points as points
from ..document import Document, Theorem, Variable
from ..printer import to_coq

POINTS = tuple(Variable(str(symbol)) for pair in points.inputs for symbol in pair)
LABELS = tuple(Variable(str(symbol)) for symbol in points.labels)
DATA = (Variable("eta"), *POINTS, *LABELS)
WITNESS = {
    "eta": "(1 / 10)", "p1": "(- (19 / 20))", "q1": "1", "p2": "0", "q2": "1", "p3": "(19 / 20)", "q3": "1",
    "y1": "1", "y2": "(1 / 20)", "y3": "1",
}  # fmt: skip
"""A point of T(1/10): symmetric about the second axis."""
FIT_AT_WITNESS = ("0", "(41 / 60)")
BETA = sympy.symbols("b1 b2", real=True)
BOX = " ".join(f"H{place}" for place in range(20))
"""Names of the twenty hypotheses of T(eta) in proofs."""
OPENING = "intros eta p1 q1 p2 q2 p3 q3 y1 y2 y3"

RESIDUAL_LEMMAS = """
(* With the minors m_kl and N = m23 y1 - m13 y2 + m12 y3, residuals that are orthogonal to the inputs are multiples of
   (m23, - m13, m12): r_k (m12^2 + m13^2 + m23^2) = m23 N, - m13 N, m12 N. *)
Lemma residuals_by_minors : forall p1 q1 p2 q2 p3 q3 y1 y2 y3 b1 b2 r1 r2 r3 m12 m13 m23,
  r1 = y1 - (b1 * p1 + b2 * q1) -> r2 = y2 - (b1 * p2 + b2 * q2) -> r3 = y3 - (b1 * p3 + b2 * q3) ->
  m12 = p1 * q2 - q1 * p2 -> m13 = p1 * q3 - q1 * p3 -> m23 = p2 * q3 - q2 * p3 ->
  r1 * p1 + r2 * p2 + r3 * p3 = 0 -> r1 * q1 + r2 * q2 + r3 * q3 = 0 ->
  r1 * (m12 ^ 2 + m13 ^ 2 + m23 ^ 2) = m23 * (m23 * y1 - m13 * y2 + m12 * y3) /\\
  r2 * (m12 ^ 2 + m13 ^ 2 + m23 ^ 2) = - m13 * (m23 * y1 - m13 * y2 + m12 * y3) /\\
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

Lemma sign_of_quotient : forall r s v, 0 < s -> r * s = v -> (0 < v -> 0 < r) /\\ (v < 0 -> r < 0).
Proof. intros r s v S E. split; intro V; nra. Qed.
"""


def _minor_lemmas(below: str) -> str:
    """Bounds of the minors, and signs of what they make, for eta below a bound; few hypotheses each, for speed."""
    return f"""
Lemma minor_bounds : forall eta p q p' q', 0 < eta < {below} -> -1 < p <= -1 + eta -> 1 <= q <= 1 + eta ->
  - eta <= p' <= eta -> 1 - eta <= q' <= 1 + eta ->
  - (1 + eta) ^ 2 <= p * q' - q * p' <= - (1 - 3 * eta).
Proof. intros. split; nra. Qed.

Lemma sign_of_n : forall eta m12 m13 m23 y1 y2 y3, 0 < eta < {below} ->
  m12 <= - (1 - 3 * eta) -> m23 <= - (1 - 3 * eta) -> - (2 * (1 + eta)) <= m13 -> m13 < 0 ->
  1 <= y1 -> 1 <= y3 -> 0 < y2 <= eta -> m23 * y1 - m13 * y2 + m12 * y3 < 0.
Proof.
  intros eta m12 m13 m23 y1 y2 y3 E A B C C' Y1 Y3 Y2.
  assert (m23 * y1 <= m23) by nra. assert (m12 * y3 <= m12) by nra.
  assert (- m13 * y2 <= 2 * (1 + eta) * eta) by nra. nra.
Qed.

Lemma square_bounds : forall eta, 0 < eta < {below} -> 0 <= (1 + eta) ^ 2 <= 49 / 36 /\\ 25 / 36 <= (1 - eta) ^ 2.
Proof. intros eta E. repeat split; nra. Qed.

(* y S - r S > 0 for an outer point, where r S = m N. *)
Lemma sign_of_prediction : forall eta m m' m13 y y2 y', 0 < eta < {below} ->
  - (1 + eta) ^ 2 <= m < 0 -> - (1 + eta) ^ 2 <= m' < 0 -> m13 <= - (2 * (1 - eta)) ->
  1 <= y -> 0 < y2 -> 1 <= y' <= 1 + eta ->
  0 < y * (m' ^ 2 + m13 ^ 2 + m ^ 2) - m * (m * y - m13 * y2 + m' * y').
Proof.
  intros eta m m' m13 y y2 y' E M M' C Y Y2 Y'.
  assert (X : 0 < m * m' <= (1 + eta) ^ 4).
  {{ split; [nra | ]. replace ((1 + eta) ^ 4) with ((1 + eta) ^ 2 * (1 + eta) ^ 2) by ring.
    replace (m * m') with (- m * - m') by ring. apply Rmult_le_compat; lra. }}
  assert (U : m * m' * y' <= (1 + eta) ^ 4 * (1 + eta)) by (apply Rmult_le_compat; lra).
  assert (V : 4 * (1 - eta) ^ 2 <= m13 ^ 2) by nra.
  assert (W : (1 + eta) ^ 4 * (1 + eta) < 4 * (1 - eta) ^ 2).
  {{ destruct (square_bounds eta E) as [A D].
    assert (B : (1 + eta) ^ 4 * (1 + eta) <= 49 / 36 * (49 / 36) * (7 / 6)).
    {{ replace ((1 + eta) ^ 4) with ((1 + eta) ^ 2 * (1 + eta) ^ 2) by ring.
      apply Rmult_le_compat; [nra | lra | apply Rmult_le_compat; lra | lra]. }}
    lra. }}
  assert (0 <= - m * - m13 * y2) by (apply Rmult_le_pos; [apply Rmult_le_pos; lra | lra]).
  assert (0 <= (y - 1) * m13 ^ 2) by (apply Rmult_le_pos; [lra | apply pow2_ge_0]).
  assert (0 <= y * m' ^ 2) by (apply Rmult_le_pos; [lra | apply pow2_ge_0]). lra.
Qed.
"""


SETTING = """
assert (E : 0 < eta < {below}) by lra.
assert (A := minor_bounds eta p1 q1 p2 q2 E (conj H2 H3) ltac:(lra) ltac:(lra) ltac:(lra)).
assert (B : - (1 + eta) ^ 2 <= p2 * q3 - q2 * p3 <= - (1 - 3 * eta)).
{{ assert (M := minor_bounds eta (- p3) q3 (- p2) q2 E ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)). lra. }}
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
"""


def geometry(parameters: Mapping[str, Any]) -> Document:
    """The inequalities of `theory.three_points` on T(eta) for all eta below `below`; beta* solves the normal equations.

    `residuals` are the signs claimed of r_1, r_2, r_3.
    """
    below = to_coq(parameters["below"])
    box = tuple(map(to_coq, points.assumption(parameters["below"])))
    claimed = points.inequalities()
    products = [to_coq(expression > 0) for name, expression in claimed.items() if name.startswith("<x_")]
    drifts = [to_coq(expression > 0) for name, expression in claimed.items() if name.startswith("<D_")]
    equations = zip(points.X.T * points.X * sympy.Matrix(BETA), points.X.T * points.Y, strict=True)
    normal = [to_coq(sympy.Eq(left, right)) for left, right in equations]
    fitted = [sympy.Add(*(b * v for b, v in zip(BETA, x, strict=True))) for x in points.inputs]
    left_over = [label - value for label, value in zip(points.labels, fitted, strict=True)]
    signs = [to_coq(r > 0 if sign > 0 else r < 0) for r, sign in zip(left_over, parameters["residuals"], strict=True)]
    predictions = [to_coq(value > 0) for value in fitted]
    variables = (*DATA, *(Variable(str(b)) for b in BETA))
    hypotheses, witness = (*box, *normal), (*WITNESS.values(), *FIT_AT_WITNESS)
    opening = f"{OPENING} b1 b2 {BOX} N1 N2.\n{SETTING.format(below=below).strip()}"
    theorems = (
        Theorem(
            "inner_products", "<x_k, x_l> > 0 for k < l", DATA, box, " /\\ ".join(products),
            f"{OPENING} {BOX}.\nrepeat split; nra.", tuple(WITNESS.values()),
        ),
        Theorem(
            "drifts", "<D_I, x_l> > 0 for every non-empty I and every l", DATA, box, " /\\\n    ".join(drifts),
            f"{OPENING} {BOX}.\n"
            "assert (A : p1 * p2 + q1 * q2 > 0) by nra. assert (B : p1 * p3 + q1 * q3 > 0) by nra.\n"
            "assert (C : p2 * p3 + q2 * q3 > 0) by nra. assert (D : p1 * p1 + q1 * q1 > 0) by nra.\n"
            "assert (E : p2 * p2 + q2 * q2 > 0) by nra. assert (F : p3 * p3 + q3 * q3 > 0) by nra.\n"
            "assert (0 < y1) by lra. assert (0 < y3) by lra. assert (0 < y2) by lra.\n"
            f"clear {BOX}. repeat split; nra.",
            tuple(WITNESS.values()),
        ),
        Theorem(
            "determinant", "n^2 det H > 0", DATA, box, to_coq(points.determinant() > 0),
            f"{OPENING} {BOX}.\nassert (M : p1 * q3 - q1 * p3 < 0) by (clear - H0 H1 H2 H3 H6 H7 H8 H9 H10 H11; nra).\n"
            "match goal with |- ?d > 0 => replace d with ((p1 * q2 - q1 * p2) ^ 2 + (p1 * q3 - q1 * p3) ^ 2 +\n"
            "  (p2 * q3 - q2 * p3) ^ 2) by ring end.\n"
            "assert (X := pow2_gt_0 (p1 * q3 - q1 * p3) ltac:(lra)). assert (Y := pow2_ge_0 (p1 * q2 - q1 * p2)).\n"
            "assert (Z := pow2_ge_0 (p2 * q3 - q2 * p3)). lra.",
            tuple(WITNESS.values()),
        ),
        Theorem(
            "residuals", "r_1 > 0, r_2 < 0, r_3 > 0, for the solution (b1, b2) of the normal equations",
            variables, hypotheses, " /\\\n    ".join(signs),
            f"{opening}\n"
            "assert (0 < r1) by (apply (sign_of_quotient _ _ _ T S1); clear - N B E; nra).\n"
            "assert (r2 < 0) by (apply (sign_of_quotient _ _ _ T S2); clear - N C E; nra).\n"
            "assert (0 < r3) by (apply (sign_of_quotient _ _ _ T S3); clear - N A E; nra).\n"
            "repeat split; lra.",
            witness,
        ),
        Theorem(
            "predictions", "<beta*, x_k> > 0", variables, hypotheses, " /\\\n    ".join(predictions),
            f"{opening}\n"
            "assert (r2 < 0) by (apply (sign_of_quotient _ _ _ T S2); clear - N C E; nra).\n"
            "assert (P1 := sign_of_prediction eta m23 m12 m13 y1 y2 y3 E ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)\n"
            "  ltac:(lra) ltac:(lra)).\n"
            "assert (P3 := sign_of_prediction eta m12 m23 m13 y3 y2 y1 E ltac:(lra) ltac:(lra) ltac:(lra) ltac:(lra)\n"
            "  ltac:(lra) ltac:(lra)).\n"
            "assert (0 < y1 - r1) by (apply (sign_of_quotient (y1 - r1) _ _ T eq_refl);\n"
            "  clear - P1 S1; rewrite Rmult_minus_distr_r, S1; lra).\n"
            "assert (0 < y3 - r3) by (apply (sign_of_quotient (y3 - r3) _ _ T eq_refl);\n"
            "  clear - P3 S3; rewrite Rmult_minus_distr_r, S3; lra).\n"
            "repeat split; lra.",
            witness,
        ),
    )  # fmt: skip
    return Document("spurious.geometry", theorems, f"{RESIDUAL_LEMMAS.strip()}\n\n{_minor_lemmas(below).strip()}")


def single_direction(parameters: Mapping[str, Any]) -> Document:
    """On T(eta), eta below `below`: D != 0 in frakD(s D, 0), s = 1 or -1, has s = 1 and all slopes 1, that is D = b.

    `sign` and `slopes` say what is claimed of s and of the three slopes.
    """
    below = parameters["below"]
    box = tuple(map(to_coq, points.assumption(below)))
    slopes = sympy.symbols("e1 e2 e3", real=True)
    s = sympy.Symbol("s", real=True)
    D = points.sloped_drift(slopes)
    seen = []
    for e, x in zip(slopes, points.inputs, strict=True):
        side = s * sympy.Add(*(v * u for v, u in zip(D, x, strict=True)))
        seen.append(f"({to_coq(side > 0)} -> {to_coq(sympy.Eq(e, 1))})")
        seen.append(f"({to_coq(side < 0)} -> {to_coq(sympy.Eq(e, 0))})")
    ranges = [f"0 <= {e} <= 1" for e in slopes]
    stated = [f"s = {to_coq(sympy.Integer(parameters['sign']))}"]
    stated += [f"{e} = {to_coq(sympy.Integer(value))}" for e, value in zip(slopes, parameters["slopes"], strict=True)]
    theorem = Theorem(
        "single_direction",
        "e_k are the slopes: 1 where s <D, x_k> > 0, 0 where it is < 0, any in [0, 1] where it vanishes (leak 0)",
        (*DATA, *(Variable(str(e)) for e in slopes), Variable("s")),
        (*box, *ranges, "(s = 1 \\/ s = -1)", f"({to_coq(D[0])} <> 0 \\/ {to_coq(D[1])} <> 0)", *seen),
        " /\\ ".join(stated),
        f"{OPENING} e1 e2 e3 s {BOX} R1 R2 R3 S N P1 M1 P2 M2 P3 M3.\n"
        "assert (A : p1 * p2 + q1 * q2 > 0) by (clear - H0 H1 H2 H3 H4 H5 H8 H9 H16 H17; nra).\n"
        "assert (B : p1 * p3 + q1 * q3 > 0) by (clear - H0 H1 H2 H3 H6 H7 H8 H9 H10 H11; nra).\n"
        "assert (C : p2 * p3 + q2 * q3 > 0) by (clear - H0 H1 H4 H5 H6 H7 H10 H11 H16 H17; nra).\n"
        "assert (F1 : p1 * p1 + q1 * q1 > 0) by (clear - H0 H8; nra).\n"
        "assert (F2 : p2 * p2 + q2 * q2 > 0) by (clear - H0 H1 H16; nra).\n"
        "assert (F3 : p3 * p3 + q3 * q3 > 0) by (clear - H0 H10; nra).\n"
        "assert (Y1 : 0 < y1) by lra. assert (Y2 : 0 < y2) by lra. assert (Y3 : 0 < y3) by lra.\n"
        f"clear {BOX}. {SOME_SLOPE}",
        (*WITNESS.values(), "1", "1", "1", "1"),
        "repeat split; try lra; (left + right); lra.",
    )  # fmt: skip
    return Document("spurious.single-direction", (theorem,), POSITIVE_COMBINATION)


POSITIVE_COMBINATION = """
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
"""
SOME_SLOPE = """
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
"""
