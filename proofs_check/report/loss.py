"""The mean loss in words, by its formula: the convention l(h, y) = (h - y)^2 / 2 halves the mean square."""

from __future__ import annotations

_SUMS = {
    "square": ("1/2n", "(h - y)^2"),
    "logistic": ("1/n", "log(1 + exp(-y h))"),
}
"""By loss: the factor, and the term that is summed over the points. The tests compare them with theory/model.py."""


def mean_loss_text(loss: str) -> str:
    """The name of the mean loss in reports and figures, such as 'loss (1/2n) sum (h - y)^2'."""
    factor, term = _SUMS[loss]
    return f"loss ({factor}) sum {term}"
