"""Controls: small questions whose right answers are known, given to the parts that decide every claim.

A bug in what decides would touch every verdict and be seen by none of them. Each run of `verify` therefore first asks
what must be refused, and must not be proved, measured or capped away; a wrong answer makes every claim inconclusive.
The expected answers are written out here, so that no tested part judges its own answer. More of them, about
formulas and about what surrounds the evidence, are in `formal_controls` and `runner_controls`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy
from sympy import Rational, Symbol

from ...theory.formal.decide import decide_nonnegative, decide_zero, plainly_nonnegative
from ...theory.positivity.algebraic import Root
from ...theory.positivity.bernstein import Range
from ...theory.positivity.prover import Bernstein, Combination, NotProved, Prover, Term
from ..claim.evidence import Certificate, Covers, Evidence, EvidenceKind, Margin, Outcome
from ..claim.results import EvidenceResult, MutantOutcome, MutantResult, Verdict
from .formal_controls import FORMAL
from .runner_controls import RUNNER, outcome_at_points, result_of

WRONGLY = "the checker gives a wrong answer to one of its controls"
"""How the reason for a verdict begins when a control was answered wrongly."""

_x = Symbol("x", real=True)
_p = Symbol("p", positive=True)
_e = Symbol("eta", real=True)


def _verdict(
    *evidence: EvidenceResult, uses: dict[str, Verdict] | None = None, mutant: str = "refuted", expected: str = ""
) -> str:
    from .verdict import decide_verdict

    kinds = tuple({result.kind for result in evidence if result.kind is not EvidenceKind.POINTS})
    return str(decide_verdict(kinds, evidence, [MutantResult("control", MutantOutcome(mutant))], uses, expected)[0])


def _refutes_what_is_expected_only_beside_what_is_true() -> bool:
    from .verdict import true_neighbour_outcome

    failed, passed = result_of("certified", Outcome.FAILED), result_of("certified")
    found = [_verdict(failed, mutant=str(outcome), expected="refuted") for outcome in MutantOutcome]
    fared = [str(true_neighbour_outcome("", results).outcome) for results in ([passed], [passed, failed], [])]
    beside_what_is_true = found[0] == "refuted" and set(found[1:]) == {"inconclusive"}
    return beside_what_is_true and fared == ["accepted", "refuted", "survived"] and _verdict(passed) == "certified"


def _caps_by_the_weakest() -> bool:
    uses = {"a": Verdict.PROVED, "b": Verdict.SUPPORTED, "c": Verdict.CERTIFIED}
    refuted = {"a": Verdict.PROVED, "b": Verdict.REFUTED}
    proof = result_of("symbolic")
    return (_verdict(proof, uses=uses), _verdict(proof, uses=refuted)) == ("supported", "inconclusive")


def _counts_only_the_statement() -> bool:
    instance, lemma = (result_of("symbolic", covers=covers) for covers in (Covers.INSTANCE, Covers.LEMMA))
    search = result_of("property")
    found = (_verdict(instance), _verdict(lemma), _verdict(instance, lemma, search), _verdict(search))
    return found == ("inconclusive", "inconclusive", "supported", "supported")


def _lowers_for_what_did_not_pass() -> bool:
    proof = result_of("symbolic")
    bad = [_verdict(proof, result_of("property", outcome)) for outcome in Outcome if outcome is not Outcome.PASSED]
    mutants = [_verdict(proof, mutant=outcome) for outcome in ("survived", "error")]
    failed = (
        _verdict(result_of("symbolic", Outcome.FAILED)),
        _verdict(proof, result_of("points", Outcome.FAILED)),
    )
    return set(bad + mutants) == {"inconclusive"} and failed == ("refuted", "refuted")


def _believes_only_what_is_rechecked() -> bool:
    empty = EvidenceResult("control", EvidenceKind.CERTIFIED, Covers.STATEMENT, Outcome.PASSED)
    return (_verdict(empty), _verdict(result_of("certified"))) == ("supported", "certified")


def _refuses_margins_that_measure_nothing() -> bool:
    from ..kinds.scaling import from_margin
    from ..measure.trajectories import worst

    nothing = [Margin(math.nan, 1.0, ""), Margin(0.0, math.inf, ""), Margin(0.0, math.nan, ""), Margin(0.0, -1.0, "")]
    outcomes = {str(from_margin(margin)["outcome"]) for margin in nothing}
    too_far = from_margin(Margin(2.0, 1.0, ""))["outcome"]
    near, far = Margin(0.1, 1.0, ""), Margin(0.9, 1.0, "")
    hidden = worst(near, Margin(math.nan, 1.0, ""), far)
    held = any(margin.holds for margin in (*nothing, Margin(2.0, 1.0, "")))
    answers = (outcomes, str(too_far), held, worst(near, far).measured, math.isnan(hidden.measured))
    return answers == ({"error"}, "failed", False, 0.9, True)


def _searches_in_earnest() -> bool:
    from hypothesis import strategies

    from ..kinds.property import search

    def outcome(strategy: Any, margin: Callable[[int], Margin], asked: int = 10) -> tuple[str, float | None]:
        check = Evidence(
            "control", EvidenceKind.PROPERTY, Covers.STATEMENT, lambda _, case: margin(case), "", 60.0, strategy
        )
        found = search(check, None, asked, 0, "control", shrink=False)
        return str(found["outcome"]), None if found.get("margin") is None else found["margin"].measured

    many = strategies.integers(1, 10**6)
    exhausted = outcome(strategies.sampled_from([1, 2]), lambda case: Margin(0.0, 1.0, ""))[0]
    none = outcome(many, lambda case: Margin(0.0, 1.0, ""), asked=0)[0]
    fails = outcome(many, lambda case: Margin(float(case > 1), 0.5, ""))[0]
    kept = outcome(strategies.sampled_from([1.0, 2.0, 3.0]), lambda case: Margin(case, 4.0, ""), asked=3)
    return (exhausted, none, fails, kept) == ("undecided", "undecided", "failed", ("passed", 3.0))


def _evaluates_zeros_at_points() -> bool:
    false = (_x - 1, sympy.Derivative(_x**2, _x) - _x, sympy.sin(_x), sympy.Limit(sympy.tanh(_p), _p, sympy.oo) - 2)
    true = ((_x + 1) ** 2 - _x**2 - 2 * _x - 1, sympy.Limit(sympy.tanh(_p), _p, sympy.oo) - 1)
    refuted = all(decide_zero(expression).verdict is False for expression in false)
    return refuted and all(decide_zero(expression).verdict is True for expression in true)


def _knows_signs() -> bool:
    y = Symbol("y", real=True)
    unsigned = (_x, _x**3, _x * y, _x**2 - 1, -_p, _x**2 * y)
    signed = (_x**2, _p**3, _p + _x**2, _p * _x**4)
    claimed = [decide_nonnegative(expression).verdict for expression in (_x**3, 1 - _p, _p - Rational(1, 1000))]
    return (
        not any(plainly_nonnegative(term) for term in unsigned)
        and all(plainly_nonnegative(term) for term in signed)
        and claimed == [False, False, False]
        and decide_nonnegative(_x - 5, given=(_x - 5, -1 - _x)).verdict is None
        and decide_nonnegative(_x + 2, certificate=(_x**2,)).verdict is not True
    )


def _refuses_false_proofs_of_signs() -> bool:
    box = (Range(_x, sympy.S.Zero, sympy.S.One),)
    positive, square = Bernstein("positive", 1 + _x), Bernstein("x", _x)
    steps = {
        "a negative number": (positive, Combination("goal", -1 - _x, (Term(("positive",), number=Rational(-1)),))),
        "a multiplier that may vanish": (square, Combination("goal", _x - 1, (Term(("x",)),), multiplier=("x",))),
        "an identity that does not hold": (square, Combination("goal", _x - 1, (Term(("x",)),))),
        "a negative coefficient": (Bernstein("goal", _x - 1),),
        "a step about something else": (positive,),
    }
    for proof in steps.values():
        try:
            Prover(box, _e, Root.rational(Rational(1))).prove(proof[-1].expression if len(proof) > 1 else _x - 1, proof)
        except NotProved:
            continue
        return False
    return Prover(box, _e, Root.rational(Rational(1))).prove(1 + _x, (positive,)) == (True, True, True)


def _rechecks_certificates() -> bool:
    from ..kinds.certified import judged
    from ..kinds.rechecks import AtPoint, HoldsOnBoxes

    half, relation = Rational(1, 2), sympy.Lt(_x, 1, evaluate=False)
    wrong = (
        AtPoint(relation, {_x: 1}),
        HoldsOnBoxes(relation, ({_x: (0, half)},), {_x: (0, Rational(3, 4))}),
        HoldsOnBoxes(relation, ({_x: (0, 1)},), {_x: (0, 1)}),
    )
    right = (AtPoint(relation, {_x: half}), HoldsOnBoxes(relation, ({_x: (0, half)},), {_x: (0, half)}))
    outcomes = [str(judged(Certificate(1, "", rechecks=(item,)))["outcome"]) for item in (*wrong, *right)]
    return outcomes == ["error"] * 3 + ["passed"] * 2


def _tries_statements_at_points() -> bool:
    weak, strict = (relation(_x**2, 0, evaluate=False) for relation in (sympy.Ge, sympy.Gt))
    tight = sympy.Ge((_x**2 - 2) ** 2, Rational(1, 10**6), evaluate=False)  # it fails near sqrt(2) only
    found = (
        outcome_at_points(weak),
        outcome_at_points(strict),
        outcome_at_points(tight),
        outcome_at_points(weak, assuming=(_x > 1, _x < 0)),
        outcome_at_points(sympy.Eq(_x, 1, evaluate=False)),
    )
    return found == ("passed", "failed", "failed", "undecided", "failed")


def _reads_what_coq_says() -> bool:
    from ..coq.coqc import Answer, forbidden_word, read
    from ..coq.document import Document, Theorem

    one = Document("control", (Theorem("t", "control", (), (), "1 = 1", "reflexivity.", ()),), "")
    closed = "Closed under the global context\n"
    answers = (
        read(one, 0, closed, "").answer,
        read(one, 1, closed, "Error: planted").answer,
        read(one, 0, "", "").answer,
        read(one, 0, "Axioms:\nplanted : 0 = 1\n", "").answer,
    )
    declined = (Answer.DECLINED,) * 3
    return answers == (Answer.PROVED, *declined) and forbidden_word("Admitted.") is not None


CONTROLS: dict[str, Callable[[], bool]] = {
    "a claim is capped by the weakest claim that it uses": _caps_by_the_weakest,
    "only evidence on the statement sets a verdict": _counts_only_the_statement,
    "what did not pass lowers a verdict": _lowers_for_what_did_not_pass,
    "a refutation is expected only where what is true is accepted": _refutes_what_is_expected_only_beside_what_is_true,
    "a certificate certifies only what is rechecked": _believes_only_what_is_rechecked,
    "a margin that measures nothing never holds, and the worst one counts": _refuses_margins_that_measure_nothing,
    "a search reports too few cases, failures and its worst case": _searches_in_earnest,
    "an expression is zero only if it is zero at points": _evaluates_zeros_at_points,
    "odd powers and products of unknown sign are not non-negative": _knows_signs,
    "false proofs of signs are refused": _refuses_false_proofs_of_signs,
    "false certificates are refused": _rechecks_certificates,
    "false statements are refuted at points": _tries_statements_at_points,
    "what Coq says is read with its exit code and its axioms": _reads_what_coq_says,
    **FORMAL,
    **RUNNER,
}


@lru_cache(maxsize=1)
def faults() -> tuple[str, ...]:
    """The controls that were answered wrongly; an exception is a wrong answer."""
    return tuple(name for name, control in CONTROLS.items() if not answered(control))


def answered(control: Callable[[], bool]) -> bool:
    """Whether a control is answered rightly."""
    try:
        return control()
    except Exception:
        return False
