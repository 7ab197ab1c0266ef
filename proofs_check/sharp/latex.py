"""The largest eta of each inequality on three points, in LaTeX."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sympy import Symbol, latex

from ...theory.positivity.algebraic import ETA, Root
from ...theory.spurious.sharp import Claimed


def constants_in_latex(constants: Mapping[str, Claimed]) -> str:
    """The inequalities by their constants; a root of degree above two is given by its polynomial."""
    groups: dict[str, list[str]] = {}
    for name, claimed in constants.items():
        groups.setdefault(_range(claimed), []).append(_in_latex(name))
    return r";\quad ".join(rf"{', '.join(names)} \iff {range_}" for range_, names in groups.items())


def root_in_latex(root: Root) -> str:
    """A number by its value, or its first decimals where that is a root of degree above two."""
    return latex(root.exact()) if len(root.coefficients) <= 3 else rf"{root.decimal(10)}\ldots"


@cache
def _range(claimed: Claimed) -> str:
    if claimed.largest is None:
        return r"\eta > 0"
    sign = r"\le" if claimed.attained else "<"
    if len(claimed.largest.coefficients) <= 3:
        return rf"\eta {sign} {latex(claimed.largest.exact())}"
    low, high = claimed.largest.low, claimed.largest.high
    vanishing = latex(claimed.largest.polynomial.as_expr().subs(ETA, Symbol("c")))
    return rf"\eta {sign} c,\ {vanishing} = 0,\ c \in [{low}, {high}]"


def _in_latex(name: str) -> str:
    changes = {"<": r"\langle ", ">,": r"\rangle,", "beta*": r"\beta^*", "det": r"\det"}
    head, sign = name[:-4], name[-3:]
    for old, new in changes.items():
        head = head.replace(old, new)
    head = head[:-1] + r"\rangle" if head.endswith(">") else head
    return f"{head} {sign}"
