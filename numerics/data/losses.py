"""The losses as NumPy functions, printed from the SymPy expressions of theory/model.py (theory.md 1)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

import numpy as np
import sympy
from numpy.typing import ArrayLike, NDArray

from ...theory import model
from ...theory.formal.printing import to_numpy
from ..errors import InputError
from .exact import number_text

LOSS_NAMES = tuple(model.LOSSES)


@dataclass(frozen=True)
class Loss:
    """A loss l(h, y) with its pull -dl/dh, each derived when it is first asked for; made by `get_loss`."""

    name: str

    @cached_property
    def kappa(self) -> float:
        """The Lipschitz constant of the pull in h, infinite where it has none."""
        return float(model.LOSSES[self.name].kappa)

    @cached_property
    def slope_at_zero(self) -> Fraction:
        """The pull at h = 0 divided by the label."""
        return _slope_at_zero(model.LOSSES[self.name].pull)

    @cached_property
    def _value(self) -> Callable[..., Any]:
        return to_numpy(stable(model.LOSSES[self.name].value), model.prediction, model.label)

    @cached_property
    def _pull(self) -> Callable[..., Any]:
        return to_numpy(stable(model.LOSSES[self.name].pull), model.prediction, model.label)

    def value(self, h: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """l(h, y) for predictions and labels of shapes that broadcast; accurate for predictions of any size.

        Infinite where it exceeds the largest double, as the exponential loss does below y h = -709.
        """
        with np.errstate(over="ignore"):
            result: NDArray[np.float64] = self._value(np.asarray(h, dtype=np.float64), np.asarray(y, dtype=np.float64))
        return result

    def pull(self, h: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """-dl/dh at (h, y), of the shape to which h and y broadcast; accurate, and infinite, as `value` is."""
        with np.errstate(over="ignore"):
            result: NDArray[np.float64] = self._pull(np.asarray(h, dtype=np.float64), np.asarray(y, dtype=np.float64))
        return result

    def exact_pull_at_zero(self, labels: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        """The pulls p_k(0) at h = 0, exactly: y for the square and the exponential loss, y/2 for the logistic one."""
        return tuple(self.slope_at_zero * label for label in labels)

    @property
    def labels(self) -> tuple[Fraction, ...] | None:
        """The labels that the loss takes, largest first; None when it takes every number."""
        allowed = model.LOSSES[self.name].labels
        return None if allowed is None else tuple(Fraction(label) for label in sorted(allowed, reverse=True))

    @property
    def flattens(self) -> bool:
        """Whether the curvature is nowhere above the size of the pull."""
        return model.LOSSES[self.name].flattens

    def check_labels(self, labels: Sequence[Fraction], places: Callable[[int], str] = "row {}".format) -> None:
        """Raise InputError for the first label that the loss forbids; `places` says where label k is, from 1."""
        allowed = self.labels
        if allowed is None:
            return
        for number, label in enumerate(labels, 1):
            if label not in allowed:
                taken = " and ".join(str(value) for value in allowed)
                classes = "; for the classes 0 and 1 write -1 in place of 0" if set(labels) <= {0, 1} else ""
                raise InputError(
                    f"{places(number)}: the label is {number_text(label)}; the {self.name} loss takes {taken}{classes}"
                )


@cache
def get_loss(name: str) -> Loss:
    """The loss of this name in `theory.model.LOSSES`; raises InputError for another name."""
    if name not in model.LOSSES:
        *others, last = model.LOSSES
        raise InputError(f"there is no loss named {name!r}; the losses are {', '.join(others)} and {last}")
    return Loss(name)


@cache
def lipschitz_losses() -> tuple[str, ...]:
    """The losses whose pull has a Lipschitz constant kappa, as most bounds of theory.md assume (theory.md 1)."""
    return tuple(name for name in LOSS_NAMES if math.isfinite(get_loss(name).kappa))


def stable(expression: sympy.Expr) -> sympy.Expr:
    """The same function in a form that neither overflows nor cancels in floating point.

    log(1 + e^u) becomes logaddexp(0, u), and (1 + e^u)^-1 becomes e^(-logaddexp(0, u)): e^u itself, which overflows
    from u = 710 on, is never formed.
    """
    from sympy.codegen.numpy_nodes import logaddexp  # slow to load

    logarithms = expression.replace(
        lambda e: isinstance(e, sympy.log) and _exponent(e.args[0]) is not None,
        lambda e: logaddexp(0, _exponent(e.args[0])),
    )
    return logarithms.replace(
        lambda e: isinstance(e, sympy.Pow) and e.exp == -1 and _exponent(e.base) is not None,
        lambda e: sympy.exp(-logaddexp(0, _exponent(e.base))),
    )


def _exponent(expression: Any) -> sympy.Expr | None:
    """u when the expression is 1 + exp(u), otherwise None."""
    if isinstance(expression, sympy.Add) and isinstance(expression - 1, sympy.exp):
        return (expression - 1).args[0]
    return None


def _slope_at_zero(pull: sympy.Expr) -> Fraction:
    """The rational c with pull(0, y) = c y; the pulls of the supported losses are linear in the label at h = 0."""
    at_zero = sympy.expand(pull.subs(model.prediction, 0))
    slope = at_zero.coeff(model.label)
    if not slope.is_Rational or sympy.expand(at_zero - slope * model.label) != 0:
        raise ValueError(f"the pull at zero, {at_zero}, is not a rational multiple of the label")
    return Fraction(int(slope.p), int(slope.q))
