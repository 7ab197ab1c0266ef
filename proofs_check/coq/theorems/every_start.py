"""Steps of Theorem A (theory.md 9.1), printed to Coq for every dimension and every number of points."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic

from ....theory.spurious import bundle
from ..document import Document, Theorem, Variable
from ..motion import CoqNeuron
from ..preamble import VECTORS
from ..printer import Unprintable, to_coq

_DERIVED = r"""
(* Put the derivative of f at t, which the hypothesis H says, in place of `Derive f t`. *)
Ltac derived H :=
  match type of H with is_derive ?f ?t ?l =>
    replace (Derive (fun x : R => f x) t) with l by (symmetry; apply is_derive_unique; exact H) end.
"""


def conserved_product(statement: Mapping[str, Basic]) -> Document:
    """spurious.bundle: the derivative of the stated quantity, from the equations of two neurons in one drift."""
    derivative, value = statement["product"].args
    if not isinstance(derivative, sympy.Derivative):
        raise Unprintable(f"{derivative} is not the derivative of a quantity")
    first = CoqNeuron("(a t)", "(w t)", "w t i", "drift", "drift i")
    second = CoqNeuron("(c t)", "(v t)", "v t i", "drift", "drift i")

    def quantity(between: str) -> str:
        names = {bundle.first_output: "(a s)", bundle.second_output: "(c s)"}
        return to_coq(derivative.args[0], {**names, bundle.omega_product: f"({between} / (a s * c s))"})

    theorem = Theorem(
        "product",
        "Two neurons (w, a) and (v, c) that move in the same drift, which may be any at this time.",
        (Variable("d", "nat"), Variable("a", "R -> R"), Variable("w", "R -> vec"), Variable("c", "R -> R"),
         Variable("v", "R -> vec"), Variable("drift", "vec"), Variable("t")),
        ("a t <> 0", "c t <> 0",
         f"is_derive a t {first.output_rate()}",
         f"(forall i : nat, is_derive (fun s : R => w s i) t ({first.weights_rate()}))",
         f"is_derive c t {second.output_rate()}",
         f"(forall i : nat, is_derive (fun s : R => v s i) t ({second.weights_rate()}))"),
        f"is_derive (fun s : R => {quantity('dot d (w s) (v s)')}) t {to_coq(value)}",
        """
intros d a w c v D t A C Ha Hw Hc Hv.
assert (P := is_derive_dot d w v _ _ t Hw Hv). cbv beta in P.
rewrite dot_scaled, dot_scaled_r, (dot_sym d (w t) D) in P.
set (p := fun s => dot d (w s) (v s)) in *.
match type of P with is_derive _ _ ?l => change (is_derive p t l) in P end.
change (is_derive (fun s : R => QUANTITY) t VALUE).
auto_derive.
- repeat split; try (eexists; eassumption). apply Rmult_integral_contrapositive; tauto.
- derived Ha. derived Hc. derived P. field. tauto.
""".replace("QUANTITY", quantity("p s")).replace("VALUE", to_coq(value)),
        witness=("1%nat", "exp", "(fun t i => exp t)", "exp", "(fun t i => exp t)", "(fun i => 1)", "0"),
        witness_proof="assert (E := exp_0). do 2 (split; [lra | ]). split; [simpl; auto_derive; [tauto | ring] | ]. "
        "split; [intro i; auto_derive; [tauto | ring] | ]. split; [simpl; auto_derive; [tauto | ring] | ]. "
        "intro i; auto_derive; [tauto | ring].",
    )  # fmt: skip
    return Document("spurious.bundle", (theorem,), VECTORS + _DERIVED)
