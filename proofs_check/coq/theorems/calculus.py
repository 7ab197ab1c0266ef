"""A lemma of calculus that several claims use."""

from __future__ import annotations

from ..document import Theorem, Variable

INCREASING = Theorem(
    "increasing", "What has a derivative that is not negative does not decrease.",
    (Variable("f", "R -> R"), Variable("f'", "R -> R"), Variable("b")),
    ("0 <= b", "(forall t : R, 0 <= t <= b -> is_derive f t (f' t))", "(forall t : R, 0 <= t <= b -> 0 <= f' t)"),
    "f 0 <= f b",
    """
intros f f' b B D P.
destruct (MVT_gen f 0 b f') as [c [C E]].
- intros x X. apply D. rewrite Rmin_left, Rmax_right in X by lra. lra.
- intros x X. rewrite Rmin_left, Rmax_right in X by lra.
  apply derivable_continuous_pt. exists (f' x). apply is_derive_Reals. apply D. lra.
- rewrite Rmin_left, Rmax_right in C by lra. assert (Q := P c C). nra.
""",
    lemma=True,
)  # fmt: skip
