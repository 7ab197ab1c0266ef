"""Deciding that an expression is zero, or non-negative, on all admissible values of its symbols.

Proved means that exact symbolic steps reduce the question to 0 = 0 or to plainly non-negative terms. Refuted means that
an admissible rational point was found at which ball arithmetic certifies the opposite. Anything else is undecided: a
tactic that fails disproves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy import Basic, Expr, Sum
from sympy.concrete.expr_with_limits import ExprWithLimits

from .balls import sign_at
from .limits import Unconfirmed, evaluated
from .sample import Domain, NoPoint, draw
from .sums import normal_form

ZERO_ATTEMPTS = 6
"""A wrong closed form differs almost everywhere, so that a handful of points finds it."""
SIGN_ATTEMPTS = 400
"""A violated inequality may fail on a small set only, so that more points are drawn."""
POINTS_BEFORE_PROOF = 40
"""Points at which an inequality is evaluated before a proof is tried; the others follow only if no proof is found."""

_INFINITIES = (sympy.oo, -sympy.oo, sympy.zoo, sympy.nan)


@dataclass(frozen=True)
class Decision:
    """True (proved), False (refuted, at `point`) or None (undecided) in `verdict`; `route` says how it was reached."""

    verdict: bool | None
    route: str
    point: Mapping[str, str] = field(default_factory=dict)


def decide_zero(expression: Expr, domain: Domain | None = None) -> Decision:
    """Decide whether the expression vanishes for all values its symbols' assumptions and `domain` allow.

    `domain` maps symbols to open intervals (low, high). Points at which the expression is not defined are skipped.
    """
    stated = sympy.sympify(expression)
    try:
        expression = evaluated(stated, domain)
    except Unconfirmed as reason:
        return Decision(None, str(reason))
    if expression == 0:
        return Decision(True, "it is literally zero")
    if expression.has(*_INFINITIES):
        if expression.is_infinite and not _mentions_infinity(stated):
            return Decision(False, "a limit is infinite")
        return Decision(None, "it is not a finite expression")
    for attempt in range(ZERO_ATTEMPTS):
        try:
            instance = draw((expression,), domain or {}, attempt)
        except NoPoint as reason:
            return Decision(None, str(reason))
        if sign_at(instance.expressions[0], instance.values) is not None:
            return Decision(False, "a ball that excludes zero", instance.described)
    for name, step in _TACTICS:
        if step(expression) == 0:
            return Decision(True, name)
    return Decision(None, "no tactic reduced it to zero, and at no point was it shown to differ from zero")


def decide_nonnegative(
    expression: Expr,
    certificate: Sequence[Expr] = (),
    given: Sequence[Expr] = (),
    domain: Domain | None = None,
) -> Decision:
    """Decide whether the expression is >= 0 wherever every `given` quantity is >= 0.

    Proved when the expression equals the sum of the `certificate` terms (by default itself) and each term is a product
    of plainly non-negative factors and given ones. Refuted by an admissible point at which it is certainly negative.
    """
    try:
        expression = evaluated(sympy.sympify(expression), domain)
    except Unconfirmed as reason:
        return Decision(None, str(reason))
    hypotheses = tuple(sympy.sympify(quantity) for quantity in given)
    met, proof = not hypotheses, None
    for attempt in range(SIGN_ATTEMPTS):
        if attempt >= POINTS_BEFORE_PROOF and met and proof is None:
            proof = _proof_of_sign(expression, certificate, hypotheses, domain)
            if proof.verdict is True:
                return proof
        try:
            instance = draw((expression, *hypotheses), domain or {}, attempt)
        except NoPoint as reason:
            return Decision(None, str(reason))
        negative = sign_at(instance.expressions[0], instance.values) == -1
        if not negative and met:
            continue
        if all(_certainly_nonnegative(quantity, instance.values) for quantity in instance.expressions[1:]):
            met = True
            if negative:
                return Decision(False, "it is negative at a point at which every hypothesis holds", instance.described)
    if not met:
        return Decision(
            None, "no point was found at which its hypotheses hold together; they may contradict each other"
        )
    return proof or _proof_of_sign(expression, certificate, hypotheses, domain)


def _proof_of_sign(
    expression: Expr, certificate: Sequence[Expr], hypotheses: Sequence[Expr], domain: Domain | None
) -> Decision:
    """Proved when the certificate's terms add up to the expression and each is plainly non-negative."""
    terms = tuple(sympy.sympify(term) for term in certificate) or (expression,)
    if certificate:
        identity = decide_zero(expression - sympy.Add(*terms), domain)
        if identity.verdict is not True:
            return Decision(None, "the certificate does not add up to the expression", identity.point)
    for term in terms:
        if not plainly_nonnegative(term, hypotheses):
            return Decision(None, f"{term} is not plainly non-negative")
    return Decision(True, "a sum of plainly non-negative terms")


def plainly_nonnegative(term: Expr, given: Sequence[Expr] = ()) -> bool:
    """Whether SymPy's assumptions, and the given quantities as non-negative factors, show that a term is >= 0."""
    if term.is_nonnegative or any(_same(term, quantity) for quantity in given):
        return True
    if isinstance(term, sympy.Add):
        return all(plainly_nonnegative(argument, given) for argument in term.args) or _factored(term, given)
    if isinstance(term, sympy.Mul):
        return all(plainly_nonnegative(argument, given) for argument in term.args)
    if isinstance(term, sympy.Pow):
        even = term.exp.is_even and term.base.is_real
        return bool(even) or (bool(term.exp.is_real) and plainly_nonnegative(term.base, given))
    if isinstance(term, Sum):
        return plainly_nonnegative(term.function, given)
    return False


def _factored(term: sympy.Add, given: Sequence[Expr]) -> bool:
    product = sympy.factor(term)
    return not isinstance(product, sympy.Add) and plainly_nonnegative(product, given)


def _same(term: Expr, quantity: Expr) -> bool:
    return term == quantity or sympy.expand(term - quantity) == 0


def _certainly_nonnegative(quantity: Expr, values: Mapping[Any, Any]) -> bool:
    exact = quantity.xreplace(dict(values))
    if isinstance(exact, sympy.Rational):
        return bool(exact >= 0)
    return sign_at(quantity, dict(values)) == 1


def _mentions_infinity(expression: Basic) -> bool:
    """Whether an infinity stands in the expression itself, not only as the end of a limit, a sum or an integral."""
    if isinstance(expression, sympy.Limit | ExprWithLimits):
        return _mentions_infinity(expression.args[0])
    return expression in _INFINITIES or any(_mentions_infinity(argument) for argument in expression.args)


def _exponentials(expression: Expr) -> Expr:
    return sympy.expand(sympy.together(expression.rewrite(sympy.exp)), power_exp=True)


def _cleared(expression: Expr) -> Expr:
    """The numerator over a common denominator, with every hyperbolic function as exponentials of real symbols."""
    unfolded = sympy.expand_trig(expression).replace(sympy.atanh, lambda x: sympy.log((1 + x) / (1 - x)) / 2)
    unified = sympy.expand(sympy.simplify(unfolded.rewrite(sympy.exp)), power_exp=True)
    numerator, _ = sympy.fraction(sympy.together(unified))
    return sympy.expand(sympy.powsimp(sympy.expand(numerator)))


def _gathered(expression: Expr) -> Expr:
    """Sums over the same canonical indices put under one sum, its body over a common denominator."""
    bodies: dict[tuple[Any, ...], Expr] = {}
    for term in sympy.Add.make_args(normal_form(expression)):
        coefficient, total = term.as_independent(Sum)
        limits = total.limits if isinstance(total, Sum) else ()
        body = coefficient * total.function if isinstance(total, Sum) else term
        bodies[limits] = bodies.get(limits, sympy.S.Zero) + body
    numerators = (sympy.fraction(sympy.together(body))[0] for body in bodies.values())
    return sympy.Add(*(sympy.expand(numerator) ** 2 for numerator in numerators))


def _logarithms(expression: Expr) -> Expr:
    return sympy.simplify(sympy.expand_log(sympy.expand(expression.rewrite(sympy.log)), force=False))


_TACTICS: tuple[tuple[str, Callable[[Expr], Expr]], ...] = (
    ("expansion", sympy.expand),
    ("normal form of sums", normal_form),
    ("sums over a common denominator", _gathered),
    ("common denominator", lambda expression: sympy.expand(sympy.fraction(sympy.together(expression))[0])),
    ("exponentials", _exponentials),
    ("exponentials over a common denominator", _cleared),
    ("simplification", sympy.simplify),
    ("logarithms", _logarithms),
    ("simplified exponentials", lambda expression: sympy.simplify(expression.rewrite(sympy.exp))),
)

__all__ = ["Decision", "decide_nonnegative", "decide_zero", "plainly_nonnegative"]
