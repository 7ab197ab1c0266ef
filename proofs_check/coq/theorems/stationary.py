"""spurious.stationary (theory.md 5.6) on the published three points, printed to Coq with the ReLU as it is: max(z, 0).

The network has one live neuron (a, w) and one other (b, v); every further dead one adds the same zeros as (b, v).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy

from ....theory import model
from ..document import Document, Theorem, Variable
from ..printer import Unprintable, rational, to_coq

COORDINATES = ("a", "w1", "w2", "b", "v1", "v2")

_RELU = r"""
Definition relu (z : R) : R := Rmax ABOVE BELOW.

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
"""


def relu() -> str:
    """The ReLU of the model as the larger of its two branches, with what Coq proves of it.

    It is that where its slopes do not decrease, as `theory.equations` proves.
    """
    below, above = (to_coq(slope * model.preactivation) for slope in model.clarke_slopes(sympy.S.Zero))
    return _RELU.replace("ABOVE", above).replace("BELOW", below).strip()


def stationary(parameters: Mapping[str, Any]) -> Document:
    """What the parameters of the claim say, for `points` (3, 2), `labels` (3,) and `coefficients` (2,) of the fit.

    `loss` at the fit; `escape` the direction u of a neuron t (u, 1) that is added; `change` the sign of what it does to
    the loss while 0 < t^2 < `reach`; `interpolating` the neurons (a, w1, w2) of a network whose loss is `least`.
    Raises Unprintable for another number of points.
    """
    points, labels, beta = parameters["points"], parameters["labels"], parameters["coefficients"]
    if len(points) != 3 or any(len(x) != 2 for x in points):
        raise Unprintable("the data must be three points of the plane")
    x, y = [tuple(map(rational, point)) for point in points], list(map(rational, labels))
    w1, w2 = (f"({rational(value)} / a)" for value in beta)
    at = {"a": "a", "w1": w1, "w2": w2, "b": "b", "v1": "v1", "v2": "v2"}
    fit, count = " ".join(at.values()), len(points)
    losses = [
        to_coq(model.SQUARE.value, {model.prediction: f"h{k}", model.label: y[k - 1]}) for k in range(1, count + 1)
    ]
    squares = " + ".join(losses)
    outputs = [f"(neuron a w1 w2 {x1} {x2} + neuron b v1 v2 {x1} {x2})" for x1, x2 in x]
    definitions = (
        "(* The square loss at the outputs h1, h2, h3. *)\n"
        f"Definition loss (h1 h2 h3 : R) : R := / {count} * ({squares}).\n\n"
        "Definition loss_of (a w1 w2 b v1 v2 : R) : R :=\n  loss " + "\n    ".join(outputs) + ".\n\n" + _chain_rule(y)
    )
    a, b, v1, v2, t = (Variable(name) for name in ("a", "b", "v1", "v2", "t"))
    dead = tuple(f"v1 * {x1} + v2 * {x2} < 0" for x1, x2 in x)
    opening = "assert (I := Rinv_0_lt_compat a A)."
    values = "rewrite !(relu_off (v1 * _ + v2 * _)) by lra. rewrite !relu_on by (unfold Rdiv; nra)."
    far = ("1", "0", *_dead_neuron(points))
    escape, reach = [rational(value) for value in parameters["escape"]], rational(parameters["reach"])
    sign, loss = {-1: "<", 1: ">=", 0: "="}[parameters["change"]], rational(parameters["loss"])
    theorems = (
        Theorem(
            "loss_at_the_fit", "Least squares by one live neuron, whatever its size a; the loss is not 0.",
            (a, b, v1, v2), ("a > 0", *dead), f"loss_of {fit} = {loss}",
            f"intros a b v1 v2 A V1 V2 V3. {opening} unfold loss_of, neuron.\n{values} unfold loss. field. lra.",
            far,
        ),
        Theorem(
            "stationary", "Every partial derivative of the loss vanishes there, of either neuron.",
            (a, b, v1, v2), ("a > 0", *dead),
            " /\\\n    ".join(
                f"is_derive (fun s : R => loss_of {' '.join('s' if name == moved else at[name] for name in at)}) "
                f"{at[moved]} 0"
                for moved in COORDINATES
            ),
            f"intros a b v1 v2 A V1 V2 V3. {opening} unfold loss_of, neuron.\n"
            "refine (conj _ (conj _ (conj _ (conj _ (conj _ _))))).\n"
            + "\n".join(f"- {_derivative(name, at, points)}\n  cbv beta. {values} field. lra." for name in COORDINATES),
            far,
        ),
        Theorem(
            "added_neuron", "What a small neuron t (u, 1) does to the loss: the fit is no local minimum with one more.",
            (a, t), ("a > 0", "0 < t", f"t ^ 2 < {reach}"),
            f"loss_of a {w1} {w2} t (t * {escape[0]}) (t * {escape[1]}) {sign} {loss}",
            _escape_proof(parameters, opening),
            ("1", rational(_root_below(parameters["reach"]))),
        ),
        Theorem(
            "interpolating_network", "A network of three neurons with the loss that is stated.", (), (),
            "loss "
            + " ".join(
                "(" + " + ".join(f"neuron {' '.join(map(rational, neuron))} {x1} {x2}" for neuron in
                                 parameters["interpolating"]) + ")"
                for x1, x2 in x
            )
            + f" = {rational(parameters['least'])}",
            "unfold loss, neuron. repeat match goal with |- context [relu ?z] =>\n"
            "  first [rewrite (relu_on z) by lra | rewrite (relu_off z) by lra] end. field.",
        ),
    )  # fmt: skip
    return Document("spurious.stationary", theorems, f"{relu()}\n\n{definitions}")


def _chain_rule(labels: list[str]) -> str:
    """The derivative of the loss from those of the outputs, where the residuals are orthogonal to them."""
    total = " + ".join(f"(f{k} x - {label}) * d{k}" for k, label in enumerate(labels, 1))
    moves = "".join(f"is_derive f{k} x d{k} -> " for k in (1, 2, 3))
    replaced = "\n".join(
        f"    replace (Derive (fun x : R => f{k} x) x) with d{k} by (symmetry; apply is_derive_unique; exact D{k})."
        for k in (1, 2, 3)
    )
    return (
        "Lemma is_derive_loss : forall (f1 f2 f3 : R -> R) (x d1 d2 d3 : R),\n"
        f"  {moves}\n  {total} = 0 ->\n"
        "  is_derive (fun s => loss (f1 s) (f2 s) (f3 s)) x 0.\n"
        "Proof.\n  intros f1 f2 f3 x d1 d2 d3 D1 D2 D3 Z. unfold loss. auto_derive.\n"
        "  - repeat split; try tauto; [exists d1 | exists d2 | exists d3]; assumption.\n"
        f"  -\n{replaced}\n    lra.\nQed."
    )


def _derivative(moved: str, at: Mapping[str, str], points: tuple[tuple[Fraction, ...], ...]) -> str:
    """The tactic that reduces one partial derivative of the loss to the orthogonality of residuals and inputs."""
    now = {name: "s" if name == moved else term for name, term in at.items()}

    def at_point(names: tuple[str, str, str], where: Mapping[str, str], x: tuple[str, ...]) -> str:
        return f"({where[names[1]]} * {x[0]} + {where[names[2]]} * {x[1]})"

    def slope(name: str, other: str, x: tuple[str, ...]) -> str:
        return x[0] if moved == name else x[1] if moved == other else "0"

    p_slope, q_slope = ("1" if moved == name else "0" for name in ("a", "b"))
    derivatives, steps = [], []
    for point in points:
        x = tuple(map(rational, point))
        live, inner = at_point(("a", "w1", "w2"), now, x), slope("w1", "w2", x)
        derivatives.append(f"({p_slope} * {at_point(('a', 'w1', 'w2'), at, x)} + {at['a']} * {inner})")
        steps.append(
            f"    apply (is_derive_neurons (fun s => {now['a']}) (fun s => {now['b']}) (fun s => {live})\n"
            f"      (fun s => {at_point(('b', 'v1', 'v2'), now, x)}) {at[moved]} {p_slope} {q_slope} {inner} "
            f"{slope('v1', 'v2', x)});\n"
            "      [auto_derive; [tauto | ring] | auto_derive; [tauto | ring] | auto_derive; [tauto | ring] |\n"
            "       auto_derive; [tauto | ring] | unfold Rdiv; nra | lra]"
        )
    return f"eapply (is_derive_loss _ _ _ {at[moved]} {' '.join(derivatives)});\n  [\n" + " |\n".join(steps) + " | ]."


def _dead_neuron(points: tuple[tuple[Fraction, ...], ...]) -> tuple[str, str]:
    """A weight that is inactive on every point: minus their sum, scaled; the points must lie in a half-plane."""
    v = tuple(-sum((x[axis] for x in points), Fraction(0)) for axis in (0, 1))
    if not all(v[0] * x[0] + v[1] * x[1] < 0 for x in points):
        raise Unprintable("no dead neuron was found")
    return rational(v[0]), rational(v[1])


def _root_below(square: Fraction) -> Fraction:
    """A positive rational whose square is below a positive rational."""
    return min(Fraction(1, 2), square / 2)


def _escape_proof(parameters: Mapping[str, Any], opening: str) -> str:
    """On its points the neuron adds t^2 <u, x>; the loss is then a polynomial in t, in which Coq sees the sign."""
    u, lines = parameters["escape"], []
    shown = [rational(value) for value in u]
    for x in parameters["points"]:
        inside = f"(t * {shown[0]} * {rational(x[0])} + t * {shown[1]} * {rational(x[1])})"
        which = "relu_on" if u[0] * x[0] + u[1] * x[1] > 0 else "relu_off"
        lines.append(f"rewrite ({which} {inside}) by nra.")
    return "\n".join(
        [
            f"intros a t A T B. {opening} unfold loss_of, neuron.", *lines,
            "rewrite !relu_on by (unfold Rdiv; nra). unfold loss.",
            f"assert (P : 0 < t ^ 2 * ({rational(parameters['reach'])} - t ^ 2)) by (apply Rmult_lt_0_compat; nra).",
            "field_simplify; [ | lra]. nra.",
        ]
    )  # fmt: skip
