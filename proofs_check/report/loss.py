"""The mean loss in words, by its formula: the convention l(h, y) = (h - y)^2 / 2 halves the mean square."""

from __future__ import annotations

from functools import cache

import sympy

from ...theory import model


@cache
def mean_loss_text(loss: str) -> str:
    """The name of the mean loss in reports and figures, such as 'loss (1/2n) sum (h - y)^2'."""
    factor, term = model.LOSSES[loss].value.as_coeff_Mul()
    written = term.subs({model.prediction: sympy.Symbol("h"), model.label: sympy.Symbol("y")})
    share = f"{factor.p}/{factor.q if factor.q > 1 else ''}n"
    return f"loss ({share}) sum {written}".replace("**", "^").replace("*", " ")
