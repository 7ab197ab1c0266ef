"""A normal form for finite sums over symbolic ranges, which makes equality of such sums a comparison of terms.

Products of sums become double sums, bound indices get canonical names, and terms that differ by a permutation of
indices with the same range are collected. Sums over k = 1..n and j = 1..m for unspecified n and m are all we need.
"""

from __future__ import annotations

from collections import Counter
from itertools import permutations, product

import sympy
from sympy import Basic, Dummy, Expr, Sum, Symbol, default_sort_key

_INDEX_OF_RANGE = {"n": "k", "m": "j"}

Range = tuple[Expr, Expr]
Bound = tuple[tuple[Basic, Range], ...]


def normal_form(expression: Expr) -> Expr:
    """The expression as a combination of canonical `Sum`s; equal polynomials in sums get equal normal forms."""
    collected: dict[tuple[Expr, tuple[tuple[Basic, Expr, Expr], ...]], Expr] = {}
    for term, bound in _flatten(sympy.sympify(expression)):
        coefficient, body, limits = _canonical(term, bound)
        collected[body, limits] = collected.get((body, limits), sympy.S.Zero) + coefficient
    total = sympy.S.Zero
    for (body, limits), coefficient in collected.items():
        simplified = sympy.expand(coefficient)
        if simplified != 0:
            total += simplified * (Sum(body, *limits) if limits else body)
    return total


def _flatten(expression: Expr) -> list[tuple[Expr, Bound]]:
    """The expression as a list of terms, each under its own fresh bound indices."""
    if not expression.has(Sum):
        return [(term, ()) for term in sympy.Add.make_args(sympy.expand(expression)) if term != 0]
    if isinstance(expression, sympy.Add):
        return [piece for argument in expression.args for piece in _flatten(argument)]
    if isinstance(expression, sympy.Mul):
        return _multiply([_flatten(argument) for argument in expression.args])
    if isinstance(expression, sympy.Pow) and expression.exp.is_Integer and expression.exp.is_positive:
        return _multiply([_flatten(expression.base) for _ in range(int(expression.exp))])
    if isinstance(expression, Sum):
        fresh = {index: Dummy(integer=True, positive=True) for index, _, _ in expression.limits}
        own = tuple((fresh[index], (low, high)) for index, low, high in expression.limits)
        return [(term, bound + own) for term, bound in _flatten(expression.function.xreplace(fresh))]
    return [(expression, ())]


def _multiply(factors: list[list[tuple[Expr, Bound]]]) -> list[tuple[Expr, Bound]]:
    pieces: list[tuple[Expr, Bound]] = []
    for choice in product(*factors):
        body = sympy.Mul(*(term for term, _ in choice))
        bound = tuple(pair for _, own in choice for pair in own)
        pieces.extend((term, bound) for term in sympy.Add.make_args(sympy.expand(body)))
    return pieces


def _canonical(term: Expr, bound: Bound) -> tuple[Expr, Expr, tuple[tuple[Basic, Expr, Expr], ...]]:
    """A coefficient free of bound indices, the rest with canonical index names, and its limits."""
    used = tuple(pair for pair in bound if term.has(pair[0]))
    for index, (low, high) in bound:
        if (index, (low, high)) not in used:
            term = term * (high - low + 1)
    coefficient, body = term.as_independent(*(index for index, _ in used)) if used else (sympy.S.One, term)
    if not used:
        coefficient, body = term.as_coeff_Mul()
        return coefficient, body, ()
    ranges = sorted(Counter(extent for _, extent in used).items(), key=lambda item: default_sort_key(item[0][1]))
    names: list[tuple[Symbol, Expr, Expr]] = []
    orders: list[list[tuple[Basic, ...]]] = []
    for extent, count in ranges:
        prefix = _INDEX_OF_RANGE.get(str(extent[1]), "i")
        names.extend((Symbol(f"{prefix}_{i + 1}", integer=True, positive=True), *extent) for i in range(count))
        orders.append(list(permutations([index for index, own in used if own == extent])))
    candidates = []
    for choice in product(*orders):
        flat = [index for group in choice for index in group]
        candidates.append(body.xreplace({index: name[0] for index, name in zip(flat, names, strict=True)}))
    return coefficient, min(candidates, key=default_sort_key), tuple(names)
