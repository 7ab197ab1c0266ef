"""Assumption 1 of Boursier and Flammarion (page 4): which losses it covers.

Theorem. The derivative of the loss in h is Lipschitz with the constant 2 for (h - y)^2, 1 for (h - y)^2/2 and 1/4 for
log(1 + e^(-yh)) with y = +-1, and with no smaller one; at h = 0 it is not 0 for y != 0.

As printed, Assumption 1 asks for the constant 1 and names (h - y)^2 as covered: that is a slip, since the constant is
2. Section 4 of the paper uses (h - y)^2/2, for which all is well, as for the logistic loss.

Source: Boursier and Flammarion, JMLR 2025, page 4. Proved in SymPy: second derivatives and where they are largest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy
from sympy import Expr, Rational

from ....theory import model
from ....theory.formal.derivation import Nonnegative, Zero
from ...claim.evidence import Obligation, symbolic
from ...claim.statement import Claim, Mutant, Predicate, Source

STATEMENT = Predicate(
    "the Lipschitz constants of three losses",
    r"|\partial_h \ell(h, y) - \partial_h \ell(h', y)| \le L |h - h'|,\ L \text{ least}:\quad "
    r"L = $whole \text{ for } (h-y)^2,\ $half \text{ for } \tfrac12(h-y)^2,\ "
    r"$logistic \text{ for } \log(1+e^{-yh}),\ y = \pm1",
    {"whole": Rational(2), "half": Rational(1), "logistic": Rational(1, 4)},
)

CLAIM = Claim(
    id="published.assumption-1",
    title="Assumption 1 covers the losses (h - y)^2/2 and log(1 + e^(-yh)), but (h - y)^2 has the constant 2, not 1",
    kind="published statement",
    statement=STATEMENT,
    hypotheses=("h and y are real; y = +-1 for the logistic loss",),
    scope="all h and y",
    source=Source("Boursier & Flammarion, JMLR 2025", "Assumption 1, page 4", "8.1"),
    needs=("symbolic",),
    mutants=(
        Mutant(
            "(h - y)^2 has the constant 1, as printed",
            STATEMENT.altered(whole=Rational(1)),
            "its derivative is 2 (h - y): at h = 1 and h = 0 the values differ by 2",
        ),
        Mutant(
            "the logistic loss has the constant 1/8",
            STATEMENT.altered(logistic=Rational(1, 8)),
            "for y = 1 its second derivative at h = 0 is e^0/(1 + e^0)^2 = 1/4",
        ),
    ),
)


@symbolic()
def second_derivatives(statement: Predicate) -> Iterator[Obligation]:
    """The squares have a constant one; the logistic one is at most its value at h = 0, by a square."""
    yield from _goals(statement.parameters)


def _goals(parameters: Mapping[str, Any]) -> Iterator[Zero | Nonnegative]:
    h, y = model.prediction, model.label
    losses: dict[str, Expr] = {"whole": 2 * model.SQUARE.value, "half": model.SQUARE.value}
    for name, loss in losses.items():
        yield Zero(f"the second derivative ({name})", sympy.expand(sympy.diff(loss, h, 2)) - parameters[name])
        pull = sympy.diff(loss, h).subs(h, 0) / y
        yield Nonnegative(f"the derivative at 0 over y is at most -1 ({name})", -pull - 1)
    yield Zero("the constant in use for the square loss", model.SQUARE.kappa - parameters["half"])
    yield Zero("the constant in use for the logistic loss", model.LOGISTIC.kappa - parameters["logistic"])
    for label in (1, -1):
        loss = model.LOGISTIC.value.subs(y, label)
        grown = sympy.exp(label * h)
        curved = grown / (1 + grown) ** 2
        yield Zero(f"the second derivative (logistic, y = {label})", sympy.simplify(sympy.diff(loss, h, 2) - curved))
        yield Zero(f"its value at h = 0 (y = {label})", curved.subs(h, 0) - parameters["logistic"])
        gap = parameters["logistic"] - curved
        square = (grown - 1) ** 2 / (4 * (1 + grown) ** 2)
        yield Nonnegative(f"no value is larger (y = {label})", gap, (square,))
        yield Zero(f"the derivative at h = 0 (y = {label})", sympy.diff(loss, h).subs(h, 0) + Rational(label, 2))
