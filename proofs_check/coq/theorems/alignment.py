"""Claims on alignment under a constant drift (theory.md 3.2, 3.3, 3.5), printed to Coq for every dimension d."""

from __future__ import annotations

from collections.abc import Mapping

import sympy
from sympy import Basic, Expr

from ....theory.alignment import constant_drift, crossing
from ....theory.flow import lorentz
from ....theory.formal.vectors import as_vector, vector
from ..document import Document, Theorem, Variable
from ..motion import CoqNeuron
from ..preamble import HYPERBOLIC, VECTORS
from ..printer import Unprintable, domain_of, to_coq

NAMES: dict[Basic, str] = {
    lorentz.rate: "r",
    lorentz.time: "t",
    lorentz.start_output: "a0",
    constant_drift.weights_along: "wu",
    constant_drift.start_cosine: "c0",
    constant_drift.delta: "delta",
    crossing.start_value: "wx",
    crossing.drift_value: "dx",
}
"""The symbols of `theory` as variables: wu = <w(0), Dhat>, wx = <w(0), x>, dx = <Dhat, x>."""

DIMENSION, UNIT, START = Variable("d", "nat"), Variable("u", "vec"), Variable("w0", "vec")
A0, RATE, TIME, ALONG, COSINE = Variable("a0"), Variable("r"), Variable("t"), Variable("wu"), Variable("c0")
PATH = (DIMENSION, UNIT, START, A0, ALONG, RATE, TIME)
UNIT_DRIFT = ("dot d u u = 1", "wu = dot d u w0")
ONE = ("1%nat", "(fun i => 1)", "(fun i => 0)", "1", "0", "1", "0")
"""d = 1, Dhat = 1, w(0) = 0, a(0) = 1, r = 1, t = 0."""


def domain(expression: Expr) -> tuple[str, ...]:
    """The hypotheses under which a formula that is stated means something, but for denominators (r > 0 is stated)."""
    return tuple(to_coq(needed, NAMES) for needed in domain_of(expression) if not isinstance(needed, sympy.Ne))


def coordinate(weights: Expr, index: str) -> str:
    """One coordinate of a vector that is linear in w(0) and Dhat; Unprintable if it is not."""
    generators = {name: vector(name) for name in (lorentz.start_weights, lorentz.unit_drift)}
    try:
        path = as_vector(weights, generators)
    except ValueError as problem:
        raise Unprintable(str(problem)) from problem
    start, along = (to_coq(path.coefficient(name), NAMES) for name in generators)
    return f"({start} * w0 {index} + {along} * u {index})"


def closed_form(statement: Mapping[str, Basic]) -> Document:
    """alignment.closed-form: the stated paths solve the flow from the start; cosine and omega_perp are w/a's."""
    right = {name: relation.args[1] for name, relation in statement.items()}
    a, c, factor = (to_coq(right[name], NAMES) for name in ("output", "cosine", "perpendicular"))
    w_i, w = coordinate(right["weights"], "i"), f"(fun i : nat => {coordinate(right['weights'], 'i')})"
    path = CoqNeuron(a, w, w_i, "(fun i : nat => r * u i)", "(r * u i)")
    ratio, inside = "wu = c0 * a0", domain(right["cosine"])
    theorems = (
        Theorem(
            "output_moves", "a' = <w, D> with D = r Dhat", PATH, UNIT_DRIFT,
            f"is_derive (fun t : R => {a}) t {path.output_rate()}",
            "intros d u w0 a0 wu r t N W. inner. rewrite ?N, <- ?W. auto_derive; [tauto | field].",
            ONE, "simpl; lra.",
        ),
        Theorem(
            "weights_move", "w' = a D, coordinate by coordinate",
            (UNIT, START, A0, ALONG, RATE, TIME, Variable("i", "nat")), (),
            f"is_derive (fun t : R => {w_i}) t ({path.weights_rate()})",
            "intros. auto_derive; [tauto | field].",
        ),
        Theorem(
            "output_starts", "a(0) is the start", (A0, ALONG, RATE), (),
            f"{to_coq(right['output'].subs(lorentz.time, 0), NAMES)} = a0",
            "intros. rewrite ?Rmult_0_r, ?Rmult_0_l, ?Ropp_0, ?exp_0. field.",
        ),
        Theorem(
            "weights_start", "w(0) is the start", (UNIT, START, A0, ALONG, RATE, Variable("i", "nat")), (),
            f"{coordinate(right['weights'].subs(lorentz.time, 0), 'i')} = w0 i",
            "intros. rewrite ?Rmult_0_r, ?Rmult_0_l, ?Ropp_0, ?exp_0. field.",
        ),
        Theorem(
            "cosine", "c(t) = <w(t), Dhat>/a(t), for c0 = <w(0), Dhat>/a(0)", (*PATH, COSINE),
            (*UNIT_DRIFT, ratio, "a0 <> 0", *inside, "r > 0", "t >= 0"), f"{c} = dot d u {w} / {a}",
            "intros d u w0 a0 wu r t c0 N W C A P Q R T. rewrite tanh_artanh by lra. inner.\n"
            "rewrite ?N, <- ?W, ?C. assert (X : 0 <= t * r) by nra.\n"
            "assert (G := growth_positive (t * r) c0 X ltac:(lra) ltac:(lra)).\n"
            "field. repeat split; try lra; intro Z; destruct (Rdichotomy a0 0 A); nra.",
            (*ONE, "0"), "simpl; repeat split; lra.",
        ),
        Theorem(
            "perpendicular", "omega_perp(t) = factor omega_perp(0), coordinate by coordinate",
            (*PATH, COSINE, Variable("i", "nat")),
            (*UNIT_DRIFT, ratio, "a0 <> 0", *inside, "r > 0", "t >= 0"),
            f"({w_i} - dot d u {w} * u i) / {a} = {factor} * ((w0 i - wu * u i) / a0)",
            "intros d u w0 a0 wu r t c0 i N W C A P Q R T. inner. rewrite ?N, <- ?W, ?C.\n"
            "assert (X : 0 <= t * r) by nra. assert (G := growth_positive (t * r) c0 X ltac:(lra) ltac:(lra)).\n"
            "field. repeat split; try lra; intro Z; destruct (Rdichotomy a0 0 A); nra.",
            (*ONE, "0", "0%nat"), "simpl; repeat split; lra.",
        ),
    )  # fmt: skip
    return Document("alignment.closed-form", theorems, f"{VECTORS.strip()}\n\n{HYPERBOLIC.strip()}")


def alignment_time(statement: Mapping[str, Basic]) -> Document:
    """alignment.time: the closed form of the cosine is 1 - delta at the stated T, and T - T_0 tends to 0."""
    time, asymptote = statement["time"].args[1], constant_drift.asymptote_of(statement["asymptote"])
    reached = to_coq(constant_drift.cosine_path, {**NAMES, lorentz.time: to_coq(time, NAMES)})
    difference = f"({to_coq(time, NAMES)} - {to_coq(asymptote, NAMES)})"
    theorems = (
        Theorem(
            "time", "At T the cosine, by the closed form of the claim alignment.closed-form, is 1 - delta",
            (RATE, COSINE, Variable("delta")), ("r > 0", *domain(time)), f"{reached} = 1 - delta",
            """
intros r c0 delta R P Q C D.
assert (F : ln ((1 + ((- 1) + delta)) / (1 - ((- 1) + delta))) = - ln ((1 + (1 - delta)) / (1 - (1 - delta)))).
{ rewrite <- ln_Rinv by (apply Rdiv_lt_0_compat; lra). f_equal. field. lra. }
rewrite F.
match goal with |- (exp ?x - _) / _ = _ =>
  replace x with (0 + ln ((1 + (1 - delta)) / (1 - (1 - delta))) / 2) by (field; lra) end.
rewrite tanh_artanh by lra. rewrite Ropp_0, exp_0. field.
""",
            ("1", "0", "(1 / 2)"),
        ),
        Theorem(
            "asymptote", "T - T_0 -> 0 as delta -> 0 from above",
            (RATE, COSINE), ("r > 0", *domain(constant_drift.cosine_path)),
            f"filterlim (fun delta : R => {difference}) (at_right 0) (locally 0)",
            """
intros r c0 R P Q.
apply (filterlim_ext_loc (fun delta => ln (1 - delta / 2) / (2 * r))).
- exists (mkposreal 1 Rlt_0_1). intros delta B D.
  assert (L : delta < 1) by (apply Rabs_def2 in B; unfold minus, plus, opp in B; simpl in B; lra).
  assert (F : ln ((1 + ((- 1) + delta)) / (1 - ((- 1) + delta))) = - (ln (1 - delta / 2) + ln (2 / delta))).
  { rewrite <- ln_mult by (try (apply Rdiv_lt_0_compat; lra); lra). rewrite <- ln_Rinv.
    - f_equal. field. lra.
    - apply Rmult_lt_0_compat; [lra | apply Rdiv_lt_0_compat; lra]. }
  rewrite F. replace (2 * (/ delta)) with (2 / delta) by (field; lra). field. lra.
- apply (filterlim_filter_le_1 (F := locally 0)); [apply filter_le_within | ].
  replace (locally 0) with (locally (ln (1 - 0 / 2) / (2 * r))) at 2.
  + apply (continuity_pt_filterlim (fun delta => ln (1 - delta / 2) / (2 * r))). apply derivable_continuous_pt.
    exists (- / 2 / (1 - 0 / 2) / (2 * r)). apply is_derive_Reals. auto_derive; [lra | field; lra].
  + f_equal. replace (1 - 0 / 2) with 1 by field. rewrite ln_1. field. lra.
""",
            ("1", "0"),
        ),
    )  # fmt: skip
    return Document("alignment.time", theorems, HYPERBOLIC)


def crossing_times(statement: Mapping[str, Basic]) -> Document:
    """alignment.crossing: the polynomial at E = e^{rt} is 2 E <w(t), x>; under domination it has one root at most."""
    stated = {name: statement[name.name].args[1] for name in (crossing.alpha, crossing.beta, crossing.gamma)}
    polynomial = statement["polynomial"].args[1].subs(stated)
    dominated = statement["dominated"]
    if statement["roots"].args[1] != 1:
        raise Unprintable(f"{statement['roots']} is not what the theorem on the roots says")
    grown = to_coq(sympy.exp(lorentz.rate * lorentz.time), NAMES)
    value = to_coq(polynomial, {**NAMES, crossing.exponential: grown})
    path = to_coq(crossing.preactivation_path, NAMES)
    if not isinstance(dominated, sympy.Ge | sympy.Gt) and dominated is not sympy.true:
        raise Unprintable(f"{dominated} is not a lower bound on |a|")
    bound = () if dominated is sympy.true else (to_coq(dominated, NAMES),)
    variables = (Variable("wx"), Variable("dx"), A0, ALONG, RATE)

    def root(moment: str) -> str:
        return to_coq(crossing.preactivation_path, {**NAMES, lorentz.time: moment}) + " = 0"

    theorems = (
        Theorem(
            "polynomial", "P(E) = 2 E <w(t), x> for E = e^{rt}, by the claim alignment.closed-form",
            (*variables, TIME), (), f"{value} = 2 * {grown} * {path}",
            "intros. rewrite (Rmult_comm t r), exp_Ropp. assert (E := exp_pos (r * t)). field. lra.",
        ),
        Theorem(
            "one_root", "A dominated neuron meets the hyperplane of x at most once, unless <D, x> = 0",
            (*variables, Variable("s"), TIME), (*bound, "a0 <> 0", "r > 0", "0 <= s < t", root("s"), root("t")),
            "dx = 0",
            """
intros wx dx a0 wu r s t B A R T X Y.
assert (U : exp (r * s) < exp (r * t)) by (apply exp_increasing; nra).
rewrite (Rmult_comm s r), (Rmult_comm t r) in *. rewrite !exp_Ropp in *. assert (V := exp_pos (r * s)).
set (e := exp (r * s)) in *. set (f := exp (r * t)) in *.
assert (I : 0 < / e - / f) by (replace (/ e - / f) with ((f - e) / (e * f)) by (field; lra);
  apply Rdiv_lt_0_compat; [lra | nra]).
set (p := f - e) in *. set (q := / e - / f) in *. assert (P : 0 < p) by (unfold p; lra).
assert (Z : dx * ((a0 + wu) * p + (a0 - wu) * q) = 0) by (unfold p, q; lra).
assert (N : (a0 + wu) * p + (a0 - wu) * q <> 0).
{ unfold Rabs in B. destruct (Rcase_abs a0), (Rcase_abs wu); nra. }
apply Rmult_integral in Z. tauto.
""",
            ("0", "0", "1", "0", "1", "0", "1"),
            "rewrite ?Rabs_R0, ?(Rabs_pos_eq 1) by lra. repeat split; try lra; field.",
        ),
    )  # fmt: skip
    return Document("alignment.crossing", theorems)
