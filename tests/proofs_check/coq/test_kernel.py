"""The printer to Coq beside Coq's grammar, what Coq must not accept, and what is refused before Coq is run.

Tests that run Coq are skipped where it is not installed; `.ci/run` installs it.
"""

import math
import sys
from pathlib import Path

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from early_alignment import Unavailable
from early_alignment.proofs_check.cache.store import VARIABLE
from early_alignment.proofs_check.claim import registry
from early_alignment.proofs_check.claim.evidence import EvidenceKind, Outcome
from early_alignment.proofs_check.coq import cache, coqc, decide
from early_alignment.proofs_check.coq.coqc import Answer, Reply
from early_alignment.proofs_check.coq.document import Document, Theorem, Variable
from early_alignment.proofs_check.coq.printer import RESERVED, Unprintable, domain_of, to_coq

from .coq_reader import value_of

ROOT = Path(__file__).resolve().parents[3]
x, y = sympy.symbols("x y", real=True)
rationals = st.fractions(-4, 4, max_denominator=12).map(
    lambda value: sympy.Rational(value.numerator, value.denominator)
)


def with_kernel() -> list[str]:
    """The ids of the built-in claims with kernel evidence."""
    items = (registry.load(reference) for reference in registry.built_in_references().values())
    return [item.claim.id for item in items if any(piece.kind is EvidenceKind.KERNEL for piece in item.evidence)]


# -- the printer ----------------------------------------------------------------------------------------------------


UNARY = {
    sympy.exp: (math.exp, lambda v: v < 4),
    sympy.log: (math.log, lambda v: v > 0.01),
    sympy.sqrt: (math.sqrt, lambda v: v > 0.01),
    sympy.Abs: (abs, lambda v: True),
    sympy.cosh: (math.cosh, lambda v: abs(v) < 4),
    sympy.sinh: (math.sinh, lambda v: abs(v) < 4),
    sympy.tanh: (math.tanh, lambda v: True),
    sympy.atanh: (math.atanh, lambda v: abs(v) < 0.99),
}


@st.composite
def valued(draw: st.DrawFn, at: dict[sympy.Symbol, float], depth: int = 4) -> tuple[sympy.Expr, float]:
    """An expression with its value at a point, all parts of which are defined there and below 60."""
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        leaf = draw(st.one_of(st.sampled_from((x, y)), rationals))
        return leaf, at[leaf] if leaf in at else float(leaf)
    first, value = draw(valued(at, depth - 1))
    shape = draw(st.integers(0, 6))
    if shape <= 3:
        second, other = draw(valued(at, depth - 1))
        found = (first + second, value + other) if shape <= 1 else (first * second, value * other)
    elif shape == 4:
        exponent = draw(st.integers(-3, 3))
        assume(exponent >= 0 or abs(value) > 0.1)
        found = first**exponent, value**exponent
    else:
        function = draw(st.sampled_from(sorted(UNARY, key=str)))
        evaluate, defined = UNARY[function]
        assume(defined(value))
        found = function(first), evaluate(value)
    assume(abs(found[1]) < 60)
    return found


@given(st.data(), rationals, rationals)
@settings(max_examples=3 * settings().max_examples // 5)
def test_printed_terms_have_the_value_of_the_expression(data: st.DataObject, at_x: sympy.Expr, at_y: sympy.Expr):
    point = {"x": float(at_x), "y": float(at_y)}
    expression, value = data.draw(valued({x: point["x"], y: point["y"]}))
    # At most 2^4 operations on numbers below 60; each amplifies what came in by less than 60^3 (powers).
    assert value_of(to_coq(expression), point) == pytest.approx(value, rel=1e-7, abs=1e-7)
    for condition in domain_of(expression):
        left, right = (value_of(to_coq(side), point) for side in condition.args)
        assert {sympy.Ne: left != right, sympy.Ge: left >= right, sympy.Gt: left > right}[type(condition)]


@pytest.mark.parametrize(
    "foreign",
    [sympy.sin(x), sympy.Function("f")(x), x**y, x ** sympy.Rational(1, 3), sympy.oo, sympy.I * x, sympy.Max(x, y),
     sympy.Symbol("R"), sympy.Symbol("exp"), sympy.Symbol("a b"), sympy.Float("0.5"), sympy.pi, sympy.Symbol("x_")],
)  # fmt: skip
def test_expressions_unknown_to_the_printer_are_refused(foreign: sympy.Basic):
    if foreign == sympy.Symbol("x_"):
        assert to_coq(foreign) == "x_"
        return
    with pytest.raises(Unprintable):
        to_coq(1 + foreign)


def test_printed_terms_are_unambiguous_in_coq():
    assert value_of(to_coq(sympy.Integer(-2) ** 2 * x), {"x": 1.0}) == 4
    assert to_coq(sympy.UnevaluatedExpr(x).args[0] ** 2 * -1) == "((- 1) * (x ^ 2))"
    assert value_of("- 2 ^ 2", {}) == -4  # which is why everything is in parentheses
    assert to_coq(sympy.Pow(sympy.Integer(-2), 2, evaluate=False)) == "((- 2) ^ 2)"
    assert list(domain_of(sympy.log(x) / y)) == [sympy.Ne(y, 0), x > 0]
    for word in sorted(RESERVED):
        with pytest.raises(Unprintable):
            to_coq(sympy.Symbol(word))


# -- documents --------------------------------------------------------------------------------------------------------


def statement(conclusion: str, proof: str = "intros; lra.", hypotheses: tuple[str, ...] = (), **more) -> Document:
    variables = (Variable("x"),)
    theorem = Theorem("stated", "a test", variables, hypotheses, conclusion, proof, **more)
    return Document("test.kernel", (theorem,))


def test_the_committed_files_are_what_the_claims_print(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    print_coq = __import__("print_coq")
    texts = print_coq.printed()
    assert sorted(texts) == sorted(f"{name.replace('.', '_').replace('-', '_')}.v" for name in with_kernel())
    assert print_coq.committed() == texts
    for text in texts.values():
        assert coqc.forbidden_word(text) is None
        assert "Print Assumptions" in text
    sys.modules.pop("print_coq")


@pytest.mark.parametrize("claim_id", with_kernel())
def test_every_theorem_with_hypotheses_shows_that_they_can_hold(claim_id: str):
    item = registry.load(registry.claim_reference(claim_id))
    for evidence in item.evidence:
        if evidence.kind is EvidenceKind.KERNEL:
            document = evidence.check(item.claim.statement)
            assert document.stated
            for theorem in document.stated:
                assert not theorem.hypotheses or f"Example {theorem.name}_is_not_vacuous" in document.text()


def test_hypotheses_need_a_witness():
    with pytest.raises(Unprintable, match="give one for each"):
        statement("x > 0", hypotheses=("x > 1",))


@pytest.mark.parametrize("proof", ["Admitted.", "admit.", "intros; give_up."])
def test_keywords_that_assume_something_are_refused(proof: str):
    reply = coqc.check(statement("x = x + 1", proof), 10)
    assert reply.answer is Answer.DECLINED
    assert "without a proof" in reply.sentence
    assert coqc.forbidden_word("(* Admitted in a comment *) Qed.") is None
    assumed = ("Axiom a", "Parameter p", "Hypothesis h", "Variables v", "Context (c")
    for line in (*(f"{start} : False." for start in assumed), "Unset Guard Checking."):
        assert coqc.forbidden_word(line) is not None


def test_foreign_axioms_are_not_accepted():
    document = statement("x = x")
    output = "Axioms:\nClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}\n"
    assert coqc._assumptions(document, output).answer is Answer.PROVED
    assert coqc._assumptions(document, "Closed under the global context\n").answer is Answer.PROVED
    foreign = coqc._assumptions(document, output + "Mine.anything_goes\n  : forall P : Prop, P\n")
    assert foreign.answer is Answer.DECLINED
    assert "Mine.anything_goes" in foreign.sentence
    machine = "Axioms:\nPrimInt63.sub : int -> int -> int\n"
    assert coqc._assumptions(document, machine).answer is Answer.DECLINED
    assert coqc._assumptions(document, "").answer is Answer.DECLINED  # the axioms of the theorem were not printed


# -- what Coq is asked ------------------------------------------------------------------------------------------------


@pytest.mark.coq
def test_a_true_statement_is_proved_and_its_axioms_are_listed(monkeypatch):
    monkeypatch.setenv(VARIABLE, "off")
    reply = coqc.check(statement("x + x = 2 * x"), 60)
    assert reply.answer is Answer.PROVED
    assert set(reply.axioms) <= coqc.ALLOWED_AXIOMS
    fields = decide.run_kernel(lambda _: statement("x + x = 2 * x"), None, 60)
    assert fields == {"outcome": Outcome.PASSED, "cases": 1}


@pytest.mark.coq
@pytest.mark.parametrize("rests_on_it", ["first", "second"])
def test_the_axioms_of_every_theorem_are_listed(rests_on_it: str):
    shows = {False: ("x = x", "reflexivity."), True: ("p = q", "intros; apply proof_irrelevance.")}
    theorems = tuple(
        Theorem(
            name,
            "a test",
            (Variable("x"), Variable("p", "x = x"), Variable("q", "x = x")),
            (),
            *shows[name == rests_on_it],
        )
        for name in ("first", "second")
    )
    reply = coqc.check(Document("test.kernel", theorems, "From Coq Require Import ProofIrrelevance."), 60)
    assert reply.answer is Answer.DECLINED
    assert "proof_irrelevance" in reply.sentence


FALSE = {
    "wrong identity": statement("x + x = 3 * x", "intros; ring."),
    "division by zero": statement("x / x = 1", "intros; field."),
    "square root of a square": statement("sqrt (x ^ 2) = x", "intros; rewrite sqrt_pow2; lra."),
    "logarithm of anything": statement("exp (ln x) = x", "intros; apply exp_ln; lra."),
    "sign of a square": statement("x ^ 2 > 0", "intros; nra."),
    "derivative": statement("is_derive (fun t => t ^ 2) x x", "intros; auto_derive; [tauto | ring]."),
    "precedence": statement("- 2 ^ 2 + x - x = 4", "intros; ring."),
    "box": statement("x * (1 - x) < 1 / 4", "intros; nra.", ("0 <= x <= 1",), witness=("0",)),
    "vacuous hypotheses": statement("x = x + 1", "intros; lra.", ("x > 1", "x < 0"), witness=("2",)),
    "proof of something else": statement("x > 0", "intros; exact I."),
}


@pytest.mark.coq
@pytest.mark.parametrize("name", sorted(FALSE))
def test_a_false_statement_is_declined_and_never_refuted(name: str):
    fields = decide.run_kernel(lambda _: FALSE[name], None, 60)
    assert fields["outcome"] is Outcome.UNDECIDED
    assert "tactic failed" in fields["reason"]


@pytest.mark.slow
@pytest.mark.coq
@pytest.mark.parametrize("claim_id", with_kernel())
def test_claims_are_proved_and_their_mutants_are_not(claim_id: str):
    """All those that alter something that is printed; the others leave the file as it is, and that one is proved."""
    item = registry.load(registry.claim_reference(claim_id))
    (evidence,) = (piece for piece in item.evidence if piece.kind is EvidenceKind.KERNEL)
    assert decide.run_kernel(evidence.check, item.claim.statement, 300)["outcome"] is Outcome.PASSED
    sound = evidence.check(item.claim.statement).text()
    declined = 0
    for mutant in item.claim.mutants:
        try:
            printed = evidence.check(mutant.statement)
        except Unprintable:
            declined += 1
            continue
        if printed.text() == sound:
            continue
        assert coqc.check(printed, 300).answer is Answer.DECLINED, mutant.name
        declined += 1
    assert declined


@pytest.mark.coq
def test_coq_out_of_time_is_a_timeout():
    slow = "intros x. assert (H : forall n : nat, n = n) by reflexivity. do 100000000 idtac. lra."
    assert coqc.check(statement("x = x", slow), 1.0).answer is Answer.TIMEOUT


def test_without_coq_the_evidence_is_unavailable(monkeypatch):
    monkeypatch.setattr(coqc, "version", lambda: None)
    monkeypatch.setattr(cache, "known", lambda text: None)
    with pytest.raises(Unavailable, match="apt-get install coq"):
        decide.run_kernel(lambda _: statement("x = x"), None, 60)


def test_a_statement_that_cannot_be_printed_is_undecided():
    def refuse(_: object) -> Document:
        raise Unprintable("x is not known")

    assert decide.run_kernel(refuse, None, 60)["outcome"] is Outcome.UNDECIDED
    assert decide.run_kernel(lambda _: Document("test.empty", ()), None, 60)["outcome"] is Outcome.UNDECIDED


# -- the cache ------------------------------------------------------------------------------------------------------


def test_only_proofs_by_the_same_tools_are_cached(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    monkeypatch.setattr(cache, "_tools", lambda: "Coq 1")
    cache.remember("text", Reply(Answer.DECLINED))
    assert cache.known("text") is None
    cache.remember("text", Reply(Answer.PROVED, axioms=("a",)))
    assert cache.known("text") == Reply(Answer.PROVED, axioms=("a",))
    assert cache.known("text ") is None
    monkeypatch.setattr(cache, "_tools", lambda: "Coq 2")
    assert cache.known("text") is None
    monkeypatch.setattr(cache, "_tools", lambda: "Coq 1")
    (entry,) = (tmp_path / "kept").iterdir()
    entry.write_text("not JSON")
    assert cache.known("text") is None
    monkeypatch.setenv(VARIABLE, "off")
    cache.remember("other", Reply(Answer.PROVED))
    assert cache.known("other") is None
