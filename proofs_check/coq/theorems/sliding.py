"""Which drift a sliding neuron has (theory.md 10.4), printed to Coq for every face and every dimension."""

from __future__ import annotations

from sympy import Expr

from ....theory import model
from ....theory.flow import sliding
from ..document import Document, Theorem, Variable
from ..motion import CoqNeuron
from ..preamble import CAUCHY_SCHWARZ, VECTORS
from ..printer import to_coq

_SUMS = r"""
(* Sums over the points k < s of the face. *)
Fixpoint total (s : nat) (f : nat -> R) : R :=
  match s with
  | O => 0
  | S m => total m f + f m
  end.

(* The drift: `base` is the part of the points that are not on the face. *)
Definition drift (n s : nat) (x : nat -> vec) (p : nat -> R) (base : vec) (slopes : nat -> R) : vec :=
  fun i : nat => base i + total s (fun k : nat => COEFFICIENT * x k i).

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
"""

_POINTS = (
    Variable("d", "nat"), Variable("n", "nat"), Variable("s", "nat"), Variable("x", "nat -> vec"),
    Variable("p", "nat -> R"), Variable("base", "vec"), Variable("g"), Variable("eta", "nat -> R"),
)  # fmt: skip
_FACE = "forall k : nat, (k < s)%nat ->"


def drift_coefficient() -> str:
    """What a point of slope `slopes k` adds to the drift, beside x_k; from the model."""
    ((coefficient, _, _),) = model.drift().terms
    names = {model.slopes[model.j, model.k]: "slopes k", model.pull(model.k): "p k", model.n: "INR n"}
    return to_coq(coefficient, {atom: f"({term})" for atom, term in names.items()})


def sliding_drift(slope: Expr, inside: bool) -> Document:
    """flow.sliding-drift: the stated slopes give the shortest drift; slopes are unique if and only if independent."""
    neuron = CoqNeuron("a", "(w t)", "w t i", "(drift n s x p base eta)", "drift n s x p base eta i")
    stated = f"(drift n s x p base (fun k : nat => {to_coq(slope, {sliding.SLOPE: '(eta k)', model.leak: 'g'})}))"
    other = "(drift n s x p base zeta)"
    apart = f"(fun i : nat => {other} i + (- 1) * {stated} i)"
    combination = "(fun i : nat => total s (fun k : nat => c k * x k i))"
    least = Theorem(
        "least",
        "A neuron on the face near the time t, with slopes eta, has the stated drift; zeta are any other slopes.",
        (*_POINTS, Variable("a"), Variable("w", "R -> vec"), Variable("t"), Variable("zeta", "nat -> R")),
        (
            "a <> 0",
            f"(locally t (fun u : R => {_FACE} dot d (w u) (x k) = 0))",
            f"(forall i : nat, is_derive (fun u : R => w u i) t ({neuron.weights_rate()}))",
            f"({_FACE} g <= eta k <= 1)",
            f"({_FACE} g <= zeta k <= 1)",
        ),
        f"(forall c : nat -> R, dot d {stated} {combination} = 0) /\\\n  "
        f"dot d {other} {other} = dot d {stated} {stated} + dot d {apart} {apart} /\\\n  "
        f"dot d {stated} {stated} <= dot d {other} {other}",
        """
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
    (fun k => COEFFICIENT_ZETA * x k i + (- 1) * (COEFFICIENT_ETA * x k i)))
    by (intros k K; unfold Rdiv; ring).
  rewrite total_sum, total_scaled. ring. }
assert (R : dot d F F = dot d D D + dot d V V).
{ assert (S : dot d F F = dot d D D + 2 * dot d D V + dot d V V); [ | rewrite S, Q; ring].
  unfold V. inner. rewrite (dot_sym d F D). ring. }
split; [exact R | ]. rewrite R. assert (N := dot_nonnegative d V). lra.
""".replace("COEFFICIENT_ZETA", drift_coefficient().replace("slopes", "zeta")).replace(
            "COEFFICIENT_ETA", drift_coefficient().replace("slopes", "eta")
        ),
        witness=(
            "2%nat", "1%nat", "1%nat", "(fun k i => 1 - INR i)", "(fun k => 1)", "(fun i => - (1 - INR i) / 2)", "0",
            "(fun k => 1 / 2)", "1", "(fun u i => INR i)", "0", "(fun k => 1)",
        ),
        witness_proof="split; [lra | ]. "
        "split; [apply filter_forall; intros u k K; simpl; ring | ]. "
        "split; [intro i; unfold drift; simpl; evar_last; [apply @is_derive_const | unfold zero; simpl; field] | ]. "
        "split; intros k K; lra.",
    )  # fmt: skip
    room = f"({_FACE} g < eta k < 1)" if inside else f"({_FACE} g <= eta k <= 1)"
    relation = "(forall i : nat, (i < d)%nat -> total s (fun k : nat => c k * (p k * x k i)) = 0)"
    same = "(forall i : nat, (i < d)%nat -> drift n s x p base zeta i = drift n s x p base eta i)"
    unique = Theorem(
        "unique",
        "No other slopes in [g, 1] have the same drift if and only if no relation but 0 holds between the p_k x_k.",
        _POINTS,
        ("(0 < n)%nat", room),
        f"((forall zeta : nat -> R, ({_FACE} g <= zeta k <= 1) -> {same} -> {_FACE} zeta k = eta k) <->\n  "
        f"(forall c : nat -> R, {relation} -> {_FACE} c k = 0))",
        """
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
    rewrite (total_ext s _ (fun l => COEFFICIENT_ETA * x l i + r / m / INR n * (c l * (p l * x l i))))
      by (intros l J; field; lra).
    rewrite total_sum, total_scaled, (H i D). ring.
- intros F zeta Z H k K.
  assert (C : zeta k + (- 1) * eta k = 0); [ | lra].
  apply (F (fun l => zeta l + (- 1) * eta l)); [ | exact K].
  intros i D. assert (X := H i D). unfold drift in X.
  rewrite (total_ext s _ (fun l => INR n * (COEFFICIENT_ZETA * x l i + (- 1) * (COEFFICIENT_ETA * x l i))))
    by (intros l J; field; lra).
  rewrite total_scaled, total_sum, total_scaled.
  match goal with |- _ * (?u + - 1 * ?v) = 0 => replace u with v by lra end. ring.
""".replace("COEFFICIENT_ZETA", drift_coefficient().replace("slopes k", "zeta l").replace("p k", "p l")).replace(
            "COEFFICIENT_ETA", drift_coefficient().replace("slopes k", "eta l").replace("p k", "p l")
        ),
        witness=(
            "1%nat", "1%nat", "1%nat", "(fun k i => 1)", "(fun k => 1)", "(fun i => 0)", "0", "(fun k => 1 / 2)",
        ),
        witness_proof="split; [lia | intros k K; lra].",
    )  # fmt: skip
    sums = _SUMS.replace("COEFFICIENT", drift_coefficient())
    return Document("flow.sliding-drift", (least, unique), VECTORS + CAUCHY_SCHWARZ + sums)
