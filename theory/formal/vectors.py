"""An inner-product space of unspecified dimension: formal vectors whose inner products are real scalars.

A `Vector` is a linear combination of generators (names such as `w`, or members `x[k]` of an indexed family) with SymPy
coefficients, possibly summed over symbolic indices. `inner` expands bilinearly into `Inner` atoms, one real number for
each pair of generators. Nothing mentions coordinates: an identity found here holds in every dimension (theory.md 2-4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Basic, Dummy, Expr, Function, Indexed, IndexedBase, Sum, Symbol, default_sort_key, sympify

Limit = tuple[Any, Any, Any]


class Inner(Function):
    """The inner product of two generators: real, symmetric, and non-negative for a generator with itself."""

    nargs = 2
    is_real = True
    is_commutative = True

    @classmethod
    def eval(cls, first: Basic, second: Basic) -> Expr | None:
        """Put the two generators into a canonical order."""
        if default_sort_key(second) < default_sort_key(first):
            return cls(second, first)
        return None

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.args[0] == self.args[1] else None

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        first, second = (printer.doprint(argument) for argument in self.args)
        if self.args[0] == self.args[1]:
            if exp is not None and exp.isdigit():
                return rf"\|{first}\|^{{{2 * int(exp)}}}"
            body = rf"\|{first}\|^{{2}}"
            return body if exp is None else rf"\left({body}\right)^{{{exp}}}"
        body = rf"\langle {first}, {second}\rangle"
        return body if exp is None else rf"{body}^{{{exp}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"<{printer.doprint(self.args[0])},{printer.doprint(self.args[1])}>"


class Jet(Function):
    """Base of functions known only through their values: a decision treats each value as a free real number."""

    is_real = True
    is_commutative = True


@dataclass(frozen=True)
class Vector:
    """A linear combination of generators: terms (coefficient, generator, limits), the limits as those of `Sum`."""

    terms: tuple[tuple[Expr, Basic, tuple[Limit, ...]], ...] = ()

    def __add__(self, other: Vector) -> Vector:
        collected: dict[tuple[Basic, tuple[Limit, ...]], Expr] = {}
        for coefficient, generator, limits in self.terms + other.terms:
            collected[generator, limits] = collected.get((generator, limits), sympy.S.Zero) + coefficient
        return Vector(tuple((value, *key) for key, value in collected.items() if value != 0))

    def __mul__(self, factor: Any) -> Vector:
        return Vector(tuple((sympify(factor) * value, generator, limits) for value, generator, limits in self.terms))

    __rmul__ = __mul__

    def __truediv__(self, divisor: Any) -> Vector:
        return self * (1 / sympify(divisor))

    def __neg__(self) -> Vector:
        return self * -1

    def __sub__(self, other: Vector) -> Vector:
        return self + (-other)

    def map(self, change: Callable[[Expr], Expr]) -> Vector:
        """The vector with `change` applied to every coefficient, for instance a derivative in time."""
        return Vector(tuple((change(value), generator, limits) for value, generator, limits in self.terms)) + Vector()

    def coefficient(self, generator: Basic) -> Expr:
        """The coefficient of a generator that is not summed over."""
        return sympy.Add(*(value for value, name, limits in self.terms if name == generator and not limits))

    def expression(self) -> Expr:
        """The vector as a formal SymPy expression in its generators, for printing."""
        formal = ((value * generator, limits) for value, generator, limits in self.terms)
        return sympy.Add(*(Sum(term, *limits) if limits else term for term, limits in formal))

    def over(self, *limits: Limit) -> Vector:
        """The sum of the vector over symbolic indices, each limit as in SymPy's `Sum`."""
        return Vector(tuple((value, generator, own + limits) for value, generator, own in self.terms))


def vector(generator: str | Basic) -> Vector:
    """The vector that is one generator: a name, a symbol, or a member `x[k]` of an indexed family."""
    return Vector(((sympy.S.One, Symbol(generator) if isinstance(generator, str) else generator, ()),))


def inner(first: Vector, second: Vector) -> Expr:
    """The inner product, expanded bilinearly into `Inner` atoms and sums of them."""
    total = sympy.S.Zero
    for left in first.terms:
        for right in second.terms:
            left_value, left_generator, left_limits = _fresh(left)
            right_value, right_generator, right_limits = _fresh(right)
            term = left_value * right_value * Inner(left_generator, right_generator)
            limits = left_limits + right_limits
            total += Sum(term, *limits) if limits else term
    return total


def squared_norm(of: Vector) -> Expr:
    """The inner product of a vector with itself."""
    return inner(of, of)


def _fresh(term: tuple[Expr, Basic, tuple[Limit, ...]]) -> tuple[Expr, Basic, tuple[Limit, ...]]:
    """The same term with its summation indices renamed, so that two sums never share an index."""
    value, generator, limits = term
    renamed = {index: Dummy(index.name, integer=True, positive=True) for index, _, _ in limits}
    return (
        value.xreplace(renamed),
        generator.xreplace(renamed),
        tuple((renamed[index], low, high) for index, low, high in limits),
    )


Direction = Mapping[Basic, Any]


def differential(expression: Expr, direction: Direction) -> Expr:
    """The derivative of an expression when its vectors and scalars move in the given direction.

    `direction` maps a generator to the `Vector` it moves by, a scalar symbol to its rate, and an `IndexedBase` (of
    vectors or scalars) to a function of the indices. Whatever is not mentioned stays fixed. With velocities as the
    direction this is the derivative in time along the flow.
    """
    step = Dummy("epsilon", real=True)
    moved: dict[Basic, Expr] = {}
    for atom in expression.atoms(Inner):
        first, second = atom.args
        rate = sympy.S.Zero
        for generator, other in ((first, second), (second, first)):
            velocity = _rate(generator, direction)
            if velocity is not None:
                rate += inner(velocity, vector(other))
        if rate != 0:
            moved[atom] = atom + step * rate
    for atom in expression.atoms(Symbol, Indexed):
        rate = _rate(atom, direction)
        if rate is not None and not isinstance(rate, Vector):
            moved[atom] = atom + step * rate
    return sympy.diff(expression.xreplace(moved), step).subs(step, 0)


def vector_differential(of: Vector, direction: Direction) -> Vector:
    """The derivative of a vector when its generators and the scalars in its coefficients move in a direction."""
    change = Vector()
    for coefficient, generator, limits in of.terms:
        rate = differential(coefficient, direction)
        if rate != 0:
            change = change + (vector(generator) * rate).over(*limits)
        velocity = _rate(generator, direction)
        if velocity is not None:
            change = change + (velocity * coefficient).over(*limits)
    return change


def as_vector(expression: Expr, generators: Mapping[Symbol, Vector]) -> Vector:
    """The vector that an expression linear in named generators stands for, each name replaced by its vector.

    Inner products of the names in the coefficients are replaced as well. Raises ValueError for a non-linear expression.
    """
    result, rest = Vector(), sympy.expand(expression)
    atoms = {atom: Dummy() for atom in rest.atoms(Inner)}
    hidden = rest.xreplace(atoms)
    scalars = {name: in_terms_of(atom, generators) for atom, name in atoms.items()}
    for name, value in generators.items():
        coefficient = sympy.diff(hidden, name)
        if coefficient.free_symbols & set(generators):
            raise ValueError(f"{expression} is not linear in {name}; write a vector as a sum of scalars times vectors")
        result = result + value * coefficient.xreplace(scalars)
    if sympy.expand(hidden.subs(dict.fromkeys(generators, 0))) != 0:
        raise ValueError(f"{expression} has a term that is not a vector; write a sum of scalars times vectors")
    return result


def in_terms_of(expression: Expr, generators: Mapping[Symbol, Vector]) -> Expr:
    """A scalar expression with the inner products of the named generators replaced by those of their vectors."""
    moved = {}
    for atom in expression.atoms(Inner):
        first, second = (generators.get(generator, vector(generator)) for generator in atom.args)
        moved[atom] = inner(first, second)
    return expression.xreplace(moved)


def component_differences(left: Vector, right: Vector) -> dict[Basic, Expr]:
    """Left minus right by generator, for vectors without sums; every generator of either side has an entry.

    All entries vanish exactly when the two are formally equal. Raises ValueError when both sides are empty: a
    comparison of nothing with nothing decides nothing.
    """
    generators = sorted({generator for _, generator, _ in (*left.terms, *right.terms)}, key=default_sort_key)
    if not generators:
        raise ValueError("neither side has a generator, so that there is nothing to compare")
    return {generator: left.coefficient(generator) - right.coefficient(generator) for generator in generators}


def _rate(atom: Basic, direction: Direction) -> Any:
    if isinstance(atom, Indexed):
        family = direction.get(atom.base)
        return None if family is None else family(*atom.indices)
    return direction.get(atom)


def riesz(linear: Expr, generator: Indexed | Symbol) -> Vector:
    """The vector g with `linear` = <g, generator>, read off a normal-form expression linear in one generator.

    Sums over the generator's own indices are dropped (a gradient has one component for each index); the other indices
    stay summed. Terms without the generator are ignored, so a linear form in several generators may be passed.
    """
    found = Vector()
    for term in sympy.Add.make_args(sympy.expand(linear)):
        coefficient, sums = term.as_independent(Sum)
        body, limits = (sums.function, sums.limits) if isinstance(sums, Sum) else (term, ())
        if not isinstance(sums, Sum):
            coefficient = sympy.S.One
        for part in sympy.Add.make_args(sympy.expand(body)):
            for atom in part.atoms(Inner):
                match = _partner(atom, generator)
                if match is None:
                    continue
                partner, renaming = match
                kept = tuple(tuple(limit) for limit in limits if limit[0] not in renaming)
                value = (coefficient * part / atom).xreplace(renaming)
                found = found + vector(partner.xreplace(renaming)).over(*kept) * value
    return found


def _partner(atom: Inner, generator: Indexed | Symbol) -> tuple[Basic, dict[Basic, Basic]] | None:
    for own, other in (atom.args, atom.args[::-1]):
        if own == generator:
            return other, {}
        if isinstance(own, Indexed) and isinstance(generator, Indexed) and own.base == generator.base:
            return other, dict(zip(own.indices, generator.indices, strict=True))
    return None


def family(name: str) -> IndexedBase:
    """A family of vectors `name[k]`, to be used as generators."""
    return IndexedBase(name)
