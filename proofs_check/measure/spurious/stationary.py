"""What the evidence of `spurious.stationary` measures (theory.md 5.6)."""

from __future__ import annotations

from fractions import Fraction

from ....numerics.oracles.rational import inner
from ...claim.evidence import Certificate, Run
from ...claim.statement import Predicate


def in_rationals(statement: Predicate, run: Run) -> Certificate:
    """Every part of the statement in rationals, by hand."""
    x, y, beta = statement["points"], statement["labels"], statement["coefficients"]
    residuals = [label - inner(beta, point) for point, label in zip(x, y, strict=True)]
    interpolating = [
        sum((a * max(inner(w, point), Fraction(0)) for a, *w in statement["interpolating"]), Fraction(0)) for point in x
    ]
    problems = {
        "sum r_k x_k": any(sum(r * p[axis] for r, p in zip(residuals, x, strict=True)) != 0 for axis in (0, 1)),
        "a point on which the fit is not active": any(inner(beta, point) <= 0 for point in x),
        "the loss": _loss(residuals) != statement["loss"],
        "the loss of the interpolating network": statement["least"]
        != _loss([label - output for label, output in zip(y, interpolating, strict=True)]),
        "the least loss": statement["least"] != 0,
    }
    for wrong, found in problems.items():
        if found:
            return Certificate(1, f"{wrong} is not what is stated", {"beta": beta, "residuals": residuals})
    added = [max(inner(statement["escape"], point), Fraction(0)) for point in x]
    slope = -inner(residuals, added) / len(x)
    curvature = inner(added, added) / (2 * len(x))
    for share in (Fraction(1, 1000), Fraction(999, 1000)):  # where the affine A + B q turns, one of them shows it
        square = statement["reach"] * share
        rate = slope + curvature * square
        if (rate > 0) - (rate < 0) != statement["change"]:
            return Certificate(1, "the loss changes differently", {"t^2": square, "change": rate * square})
    ends = (slope, slope + curvature * statement["reach"])
    if any(rate * statement["change"] < 0 for rate in ends):
        return Certificate(
            1, "", undecided=f"the change has another sign next to an end of 0 < t^2 < {statement['reach']}"
        )
    return Certificate(1, "exact rationals")


def _loss(residuals: list[Fraction]) -> Fraction:
    return sum((r**2 for r in residuals), Fraction(0)) / (2 * len(residuals))
