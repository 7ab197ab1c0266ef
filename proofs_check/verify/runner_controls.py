"""Controls of what reads statements, weighs evidence, remembers and reports; `controls` says what they are for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy
from sympy import Abs, Eq, Function, Ge, Gt, Rational, Symbol

from ...theory.formal.vectors import Inner
from ...theory.positivity.algebraic import Root
from ...theory.positivity.bernstein import Range
from ...theory.positivity.prover import Bernstein
from ..cache import store
from ..claim.evidence import Certificate, Covers, Evidence, EvidenceKind, Margin, Nonnegative, Outcome, Recheck, Zero
from ..claim.results import ClaimReport, EvidenceResult, MarginReport, Verdict, Verification
from ..claim.statement import Claim, Relations, Source

_x, _y = Symbol("x", real=True), Symbol("y", real=True)
_u, _v = Symbol("u"), Symbol("v")
_t = Symbol("t", nonnegative=True)
_e = Symbol("eta", real=True)
_f = Function("f")


def result_of(kind: str, outcome: str = "passed", covers: str = "statement", **more: Any) -> EvidenceResult:
    """A result as evidence of this kind has it; a certificate has carried something."""
    return EvidenceResult("control", EvidenceKind(kind), Covers(covers), Outcome(outcome), rechecked=1, **more)


def claim_of(statement: Any, **more: Any) -> Claim:
    """A claim of which only the statement, and what else is given, matters."""
    fields = {"needs": ("symbolic",), "mutants": (), **more}
    return Claim("control", "t", "k", statement, (), "s", Source("", "", ""), **fields)


def outcome_at_points(statement: Any, **more: Any) -> str:
    """How a statement fares at the points at which the runner tries it."""
    from ..kinds.points import run_points

    return str(run_points(claim_of(statement, **more), statement, "quick")["outcome"])


def mutants_are_refuted_or_declined_rigorously() -> bool:
    """A tactic that fails rejects no mutant; an error or a time-out leaves the question open."""
    from .verdict import mutant_outcome

    answers = {
        ("symbolic", "undecided"): "survived", ("property", "undecided"): "survived",
        ("symbolic", "passed"): "survived", ("kernel", "unavailable"): "survived",
        ("certified", "undecided"): "not accepted", ("kernel", "undecided"): "not accepted",
        ("symbolic", "error"): "error", ("certified", "timeout"): "error",
        ("property", "failed"): "refuted",
    }  # fmt: skip
    found = {case: str(mutant_outcome("m", [result_of(*case)]).outcome) for case in answers}
    both = mutant_outcome("m", [result_of("certified", "undecided"), result_of("symbolic", "timeout")])
    return found == answers and str(both.outcome) == "error"


def evidence_that_is_missing_lowers_a_verdict() -> bool:
    """Needed kinds that are absent, kinds that are required where they are present, and statements tried nowhere."""
    from .verdict import decide_verdict, needed_kinds

    proof, kernel = result_of("symbolic"), result_of("kernel", "unavailable")
    symbolic, both = (EvidenceKind.SYMBOLIC,), (EvidenceKind.SYMBOLIC, EvidenceKind.KERNEL)
    verdicts = [
        str(decide_verdict(needs, evidence, ())[0])
        for needs, evidence in (
            (both, [proof]),
            (symbolic, [proof, kernel]),
            (both, [proof, kernel]),
            (symbolic, [proof, result_of("points", "undecided")]),
            (symbolic, [proof, result_of("points", "timeout")]),
            (symbolic, [proof, result_of("symbolic", "failed", "lemma")]),
            ((), [result_of("points")]),
        )
    ]
    needed = [needed_kinds(symbolic, evidence, ("kernel",)) for evidence in ([proof], [proof, kernel])]
    expected = ["inconclusive", "proved", *["inconclusive"] * 5]
    return verdicts == expected and needed == [symbolic, both]


def certificates_pass_only_when_nothing_is_open() -> bool:
    """What is undecided, what was not tried, counterexamples, floats, and false certificates of flows and of paths."""
    from ..kinds.certified import judged
    from ..kinds.rechecks import (
        AtPoint,
        EveryStartEndsAtLeastSquares,
        FlowEndsAtLeastSquares,
        PathStaysInCone,
        PositiveOnBox,
    )
    from ..known.false_certificates import Parts
    from ..known.false_every_start import LOOSE

    parts = Parts()
    inputs = tuple(((u, u), (v, v)) for u, v in parts.data.inputs)
    labels = tuple((label, label) for label in parts.data.labels)
    left, right = (tuple(parts.turned(corner) for corner in side) for side in (parts.left, parts.right))
    falls = 1 - _e * _x  # positive on the closed box for eta < 1; it reaches 0 at eta = x = 1
    box = ((Range(_x, sympy.S.Zero, sympy.S.One),), _e, Root.rational(Rational(1)), (Bernstein("goal", falls),))
    at_least = Ge(_x, Rational(3, 2), evaluate=False)
    stated = LOOSE.tree()
    data = (
        tuple(tuple(map(Fraction, x)) for x in stated["data"]["inputs"]),
        tuple(map(Fraction, stated["data"]["labels"])),
    )
    exponent, starts = Fraction(stated["constants"]["exponent"]), (Fraction(1, 10), Fraction(1))
    true = (
        AtPoint(at_least, {_x: Rational(3, 2)}),
        AtPoint(Gt(sympy.sqrt(_x), 1, evaluate=False), {_x: 2}),
        PositiveOnBox(falls, *box),
        FlowEndsAtLeastSquares(parts.text),
        EveryStartEndsAtLeastSquares(LOOSE.text, *data, exponent, *starts),
        PathStaysInCone(inputs, labels, left, right, Fraction(1, 3)),
    )
    false = (
        AtPoint(at_least, {_x: 1.5}),
        AtPoint(at_least, {}),
        AtPoint(at_least, {_x: 1}),
        AtPoint(Gt(_x, 1, evaluate=False), {_x: 1}),
        AtPoint(Gt(sympy.sqrt(_x), 2, evaluate=False), {_x: 2}),
        PositiveOnBox(falls, *box, at_largest=True),
        FlowEndsAtLeastSquares(replace(parts, loss="1/7").text),
        EveryStartEndsAtLeastSquares(replace(LOOSE, q="0").text, *data, exponent, *starts),
        EveryStartEndsAtLeastSquares(LOOSE.text, data[0], (Fraction(1), Fraction(2)), exponent, *starts),
        EveryStartEndsAtLeastSquares(LOOSE.text, *data, exponent - 1, *starts),
        EveryStartEndsAtLeastSquares(LOOSE.text, *data, exponent, Fraction(1, 20), Fraction(1)),
        EveryStartEndsAtLeastSquares(LOOSE.text, *data, exponent, Fraction(1, 10), Fraction(2)),
        EveryStartEndsAtLeastSquares(parts.text, *data, exponent, *starts),
        PathStaysInCone(inputs, labels, left, right, Fraction(1, 2)),
    )
    open_ones = (
        Certificate(1, "", undecided="open", rechecks=true[:1]),
        Certificate(0, "", rechecks=true[:1]),
        Certificate(1, "", counterexample={"x": 1}, rechecks=true[:1]),
    )
    outcomes = [str(judged(certificate)["outcome"]) for certificate in open_ones]
    return (
        outcomes == ["undecided", "undecided", "failed"]
        and all(_accepted(item) for item in true)
        and not any(_accepted(item) for item in false)
    )


def _accepted(item: Recheck) -> bool:
    from ..kinds.certified import judged

    try:
        return judged(Certificate(1, "", rechecks=(item,)))["outcome"] is Outcome.PASSED
    except TypeError:  # a float
        return False


def certificates_and_counterexamples_are_about_the_statement() -> bool:
    """Certificates of another relation, of a weaker one and of a part cover a lemma; counterexamples are tried."""
    import numpy as np

    from ..claim.evidence import Run
    from ..kinds.certified import run_certified
    from ..kinds.rechecks import AtPoint, HoldsOnBoxes
    from ..kinds.symbolic import run_symbolic

    strict, weak = (relation(_x + 1, 0, evaluate=False) for relation in (Gt, Ge))
    whole, part = {_x: (Rational(0), Rational(1))}, {_x: (Rational(0), Rational(1, 2))}
    claim, run = claim_of(strict, assuming=(_x >= 0, _x <= 1)), Run("quick", np.random.default_rng(0))

    def fields(certificate: Certificate) -> dict[str, Any]:
        evidence = Evidence("c", EvidenceKind.CERTIFIED, Covers.STATEMENT, lambda *given: certificate, "", 1.0)
        return run_certified(evidence, claim, strict, run)

    carried = (
        HoldsOnBoxes(strict, (whole,), whole),
        HoldsOnBoxes(weak, (whole,), whole),
        HoldsOnBoxes(Gt(_x + 2, 0, evaluate=False), (whole,), whole),
        HoldsOnBoxes(strict, (part,), part),
        AtPoint(strict, {_x: Rational(1)}),
    )
    lemmas = [fields(Certificate(1, "", rechecks=(item,))).get("covers") is Covers.LEMMA for item in carried]
    outcomes = [str(fields(Certificate(1, "", {"x": value}))["outcome"]) for value in (Rational(1, 2), -2, 0.5)]
    too_much = Evidence("c", EvidenceKind.SYMBOLIC, Covers.STATEMENT, lambda given: [Nonnegative("c", _x - 5)], "", 1.0)
    return (
        lemmas == [False, True, True, True, True]
        and outcomes == ["error"] * 3
        and run_symbolic(too_much, claim, strict)["outcome"] is Outcome.UNDECIDED
    )


def statements_are_read_in_full() -> bool:
    """Relations without a meaning are not passed over, and hypotheses and witnesses are those of the claim."""
    from ..claim.reading import under

    above, plain = Gt(_x, 2, evaluate=False), Eq((_x + 1) ** 2, _x**2 + 2 * _x + 1, evaluate=False)
    apart = Eq(Abs(_x - _y), _x - _y, evaluate=False)
    function = Eq(_f(_t), sympy.exp(-_t), evaluate=False)
    falls = (Eq(sympy.Derivative(_f(_t), _t), -_f(_t)), Eq(_f(0), 1))
    found = (
        outcome_at_points(Relations({"one": plain, "two": Ge(_f(_x), 0, evaluate=False)})),
        outcome_at_points(Relations({"one": plain, "two": apart})),
        outcome_at_points(above, assuming=(_x > 1,), witness={_x: 1}),
        outcome_at_points(above, assuming=(_x**2 > 1,), witness={_x: Rational(1, 2)}),
        outcome_at_points(above, assuming=(_x > 1,), witness={_x: 3}),
        outcome_at_points(apart, assuming=(_x > _y,)),
        outcome_at_points(function, defined_by=falls),
        outcome_at_points(Eq(_f(_t), 1 - _t, evaluate=False), defined_by=falls),
        outcome_at_points(Eq(_f(_t), 2 * sympy.exp(-_t), evaluate=False), defined_by=falls),
    )
    shown = under(
        claim_of(above, assuming=(_x > 3,), defined_by=falls, names={"u": "a vector"}),
        [
            result_of("symbolic", assumed=("x < 9",)),
            result_of("symbolic", covers="lemma", assumed=("x < 8",)),
        ],
    )
    expected = ("undecided", "failed", "undecided", "undecided", "failed", "passed", "passed", "failed", "failed")
    return found == expected and shown == ("x real", "x > 3", *map(str, falls), "u: a vector", "x < 9")


def proofs_amount_to_the_statement() -> bool:
    """The goal itself or another hypothesis given, and obligations about something else, amount to a lemma at most."""
    from ..kinds.symbolic import run_symbolic

    def covered(statement: Any, *obligations: Any, **more: Any) -> str:
        def check(stated: Any) -> Iterable[Any]:
            return obligations or (Zero("difference", stated.args[0] - stated.args[1]),)

        piece = Evidence("control", EvidenceKind.SYMBOLIC, Covers.STATEMENT, check, "", 60.0)
        found = run_symbolic(piece, claim_of(statement, **more), statement)
        return str(found.get("covers", found["outcome"]))

    cubic, named = Ge(_x**3, 0, evaluate=False), Eq(_x, _x * (_y + 1) - _x * _y, evaluate=False)
    names = {"x": "a quantity"}
    found = (
        covered(cubic, Nonnegative("the goal", _x**3, given=(_x**3,))),
        covered(cubic, Nonnegative("x >= 0", _x**3, given=(_x,))),
        covered(cubic, Nonnegative("x >= 0", _x**3, given=(_x,)), assuming=(_x >= 0,)),
        covered(cubic, Nonnegative("another goal", _x**2)),
        covered(named, names=names),
        covered(named, Zero("something else", _y - _y), names=names),
    )
    return found == ("failed", "failed", "passed", "failed", "passed", "lemma")


def results_are_remembered_for_one_question() -> bool:
    """Every part of a question changes the place of its answer, and so does every text that it rests on."""
    from ..claim.registry import CLAIMS_PACKAGE, ClaimReference
    from ..claim.trial import check_seed
    from .evidence_cache import rests_on
    from .execute import Task

    one = ClaimReference(f"{CLAIMS_PACKAGE}.flow.energy", "", "flow.energy")
    other = f"{CLAIMS_PACKAGE}.flow.lorentz"
    task = Task(one, "c", "e", None, "quick", 0)
    others = (
        replace(task, claim="d"), replace(task, evidence="f"), replace(task, mutant=0), replace(task, mutant=1),
        replace(task, level="full"), replace(task, reference=replace(one, module=other)),
    )  # fmt: skip
    keys = {store.name_of(rests_on(each, EvidenceKind.POINTS)) for each in (task, *others)}
    names = {store.name_of(texts) for texts in (("ab", "c"), ("a", "bc"), ("abc",), ("ab", "c", ""))}
    seeds = {check_seed(*each) for each in ((0, "c", "e"), (1, "c", "e"), (0, "d", "e"), (0, "c", "f"))}
    return len(keys) == 1 + len(others) and len(names) == 4 and len(seeds) == 4


def reports_say_what_was_found() -> bool:
    """A refuted, inconclusive or unfinished run is not good, is counted, and lies below an earlier good one."""
    from .baseline import RecordedClaim, compare
    from .verification import _as_shown

    def run(*verdicts: Verdict, unfinished: tuple[str, ...] = ()) -> Verification:
        reports = (
            ClaimReport(f"c{number}", "", "s", (), "", "", False, verdict, None, (), (), (), ())
            for number, verdict in enumerate(verdicts)
        )
        return Verification(tuple(reports), unfinished=unfinished)

    good = [
        run(*verdicts).good
        for verdicts in (
            (), (Verdict.PROVED, Verdict.CERTIFIED, Verdict.SUPPORTED), (Verdict.PROVED, Verdict.REFUTED),
            (Verdict.INCONCLUSIVE, Verdict.PROVED),
        )
    ]  # fmt: skip
    mixed = run(Verdict.PROVED, Verdict.REFUTED)
    expected = [replace(claim, expected="refuted").good for claim in mixed.claims]
    document = mixed.to_json()
    written = [entry["verdict"] for entry in document["claims"]], document["summary"]["refuted"]
    recorded = {name: RecordedClaim(Verdict.SUPPORTED, "s") for name in ("c0", "c1", "c2")}
    lowered = compare(recorded, mixed).lowered
    margin = MarginReport.of(Margin(1.0, 4.0, "d"))
    other = _as_shown(result_of("symbolic", statement="another"), Gt(_x, 0, evaluate=False))
    return (
        good == [False, True, False, False]
        and expected == [False, True]
        and not run(Verdict.PROVED, unfinished=("c1",)).good
        and written == (["proved", "refuted"], 1)
        and [sentence[:2] for sentence in lowered] == ["c1", "c2"]
        and (margin.measured, margin.allowed, margin.ratio) == (1.0, 4.0, 0.25)
        and other.outcome is Outcome.ERROR
    )


def quantities_of_the_model_are_evaluated() -> bool:
    """d<u, v>/dt = <u', v> + <u, v'> = 3 at an example, d(u - 2 v)/dt component by component, and what has no value."""
    from ..kinds.model_points import Example, Untried, certainly_false

    example = Example(
        {"u": (1, 2), "v": (3, Fraction(-1))}, {"u": (Fraction(1, 2), 0), "v": (Fraction(1, 2), Fraction(1, 2))}
    )
    moving, rate = sympy.Derivative(Inner(_u, _v), _t), sympy.Derivative(_u - 2 * _v, _t)
    right, wrong = (Fraction(-1, 2), -1), (Fraction(-1, 2), 1)
    relations = (
        Eq(moving, 3), Ge(moving, 3), Gt(moving, Rational(29, 10)), Eq(moving, Rational(3, 2)), Gt(moving, 3),
        sympy.Le(moving, 2), sympy.Lt(moving, 3),
    )  # fmt: skip
    answers = [bool(certainly_false(relation, example)) for relation in relations]
    for stated in (right, wrong):
        known = replace(example, values={**example.values, "z": stated})
        answers.append(bool(certainly_false(Eq(rate, Symbol("z")), known)))
    try:
        certainly_false(Eq(Symbol("missing"), 1), example)
    except Untried:
        return answers == [False] * 3 + [True] * 4 + [False, True]
    return False


RUNNER: dict[str, Callable[[], bool]] = {
    "mutants are refuted, or declined by rigorous evidence only": mutants_are_refuted_or_declined_rigorously,
    "evidence that is missing lowers a verdict": evidence_that_is_missing_lowers_a_verdict,
    "certificates pass only when nothing is open": certificates_pass_only_when_nothing_is_open,
    "certificates and counterexamples are about the statement": (
        certificates_and_counterexamples_are_about_the_statement
    ),
    "statements are read in full, with their hypotheses": statements_are_read_in_full,
    "proofs imply the statement": proofs_amount_to_the_statement,
    "results are remembered for one question each": results_are_remembered_for_one_question,
    "reports say what was found": reports_say_what_was_found,
    "quantities of the model are evaluated as they are defined": quantities_of_the_model_are_evaluated,
}
"""What is asked, with the question."""
