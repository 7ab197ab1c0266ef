"""Printing SymPy expressions as terms over Coq's real numbers; whatever is not listed here is refused.

Every operation is put in parentheses, so that no precedence of Coq's is relied on (`-2^2` is -4 there). Division by
zero, logarithms and roots of negative numbers are total functions in Coq, with values that mean nothing: a theorem must
carry the hypotheses under which they mean something, and `domain_of` says which these are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import sympy
from sympy import Basic, Expr

NAME = re.compile(r"[a-z][A-Za-z0-9_']*\Z")
_LANGUAGE = "as at by cofix do else end exists fix for forall from fun if in let match mod return struct then with"
_LIBRARY = "dot exp ln sqrt sin cos tan cosh sinh tanh pow nat vec scal plus minus mult opp zero one norm ball"
RESERVED = frozenset(f"{_LANGUAGE} {_LIBRARY}".split())
"""Words of Coq's language and functions of its libraries that a variable would hide."""


class Unprintable(Exception):
    """The expression has a part that is not known to the printer; nothing is printed."""


def name_of(name: str) -> str:
    """The name as a variable of Coq; raises Unprintable where it would capture something or is not a name.

    Names start with a small letter: `R`, `Q`, `INR` and the like stay what they are.
    """
    if not NAME.match(name) or name in RESERVED:
        raise Unprintable(
            f"{name!r} cannot be a variable; begin with a lower-case letter and avoid the reserved words of Coq"
        )
    return name


def rational(value: sympy.Rational | Fraction) -> str:
    """An exact rational, with its sign inside the parentheses."""
    number, over = int(value.numerator), int(value.denominator)
    digits = str(abs(number)) if over == 1 else f"({abs(number)} / {over})"
    return digits if number >= 0 else f"(- {digits})"


def to_coq(expression: Basic, names: Mapping[Basic, str] | None = None) -> str:
    """The expression, equation or inequality as a Coq term; `names` gives terms for symbols and others.

    A symbol without an entry is printed as its own name. Raises Unprintable.
    """
    return _print(expression, dict(names or {}))


def _print(node: Basic, names: Mapping[Basic, str]) -> str:
    if node in names:
        return names[node]
    if isinstance(node, sympy.Rational):
        return rational(node)
    if node is sympy.E:
        return "(exp 1)"
    if isinstance(node, sympy.Symbol):
        return name_of(str(node.name))
    if isinstance(node, sympy.Pow):
        return _power(node, names)
    for kind, symbol in _OPERATIONS:
        if isinstance(node, kind):
            if len(node.args) < 2:
                raise Unprintable(f"{node} has fewer than two arguments")
            return _joined([_print(part, names) for part in node.args], symbol)
    for relation, symbol in _RELATIONS.items():
        if type(node) is relation:
            return f"({_print(node.args[0], names)} {symbol} {_print(node.args[1], names)})"
    printing = _FUNCTIONS.get(type(node))
    if printing is not None and len(node.args) == 1:
        return printing(_print(node.args[0], names))
    raise Unprintable(f"{node} ({type(node).__name__}) is not known to the printer")


def _joined(parts: list[str], symbol: str) -> str:
    """Left-associated, in the order of SymPy."""
    joined = parts[0]
    for part in parts[1:]:
        joined = f"({joined} {symbol} {part})"
    return joined


def _power(node: sympy.Pow, names: Mapping[Basic, str]) -> str:
    base, exponent = node.args
    if base is sympy.E:  # SymPy's exp(x)
        return f"(exp {_print(exponent, names)})"
    if exponent == sympy.S.Half:
        return f"(sqrt {_print(base, names)})"
    if exponent == -sympy.S.Half:
        return f"(/ (sqrt {_print(base, names)}))"
    if isinstance(exponent, sympy.Integer):
        power = int(exponent)
        inner = f"({_print(base, names)} ^ {abs(power)})" if abs(power) != 1 else _print(base, names)
        return inner if power > 0 else f"(/ {inner})"
    raise Unprintable(f"{node} is a power that is neither whole nor a square root")


def _hyperbolic(sign: str) -> Callable[[str], str]:
    return lambda x: f"((exp {x} {sign} exp (- {x})) / 2)"


_OPERATIONS: tuple[tuple[type[Basic], str], ...] = ((sympy.Add, "+"), (sympy.Mul, "*"))
_RELATIONS: dict[type[Basic], str] = {
    sympy.Eq: "=", sympy.Ge: ">=", sympy.Gt: ">", sympy.Le: "<=", sympy.Lt: "<", sympy.Ne: "<>",
}  # fmt: skip
_FUNCTIONS: dict[type[Basic], Callable[[str], str]] = {
    sympy.exp: lambda x: f"(exp {x})",
    sympy.log: lambda x: f"(ln {x})",
    sympy.Abs: lambda x: f"(Rabs {x})",
    sympy.cosh: _hyperbolic("+"),
    sympy.sinh: _hyperbolic("-"),
    sympy.tanh: lambda x: f"((exp {x} - exp (- {x})) / (exp {x} + exp (- {x})))",
    sympy.atanh: lambda x: f"(ln ((1 + {x}) / (1 - {x})) / 2)",
}


def domain_of(expression: Basic) -> Iterator[Basic]:
    """What must hold for every part of the expression to mean what it means on paper; no condition is given twice."""
    seen: set[Basic] = set()
    for node in sympy.postorder_traversal(expression):
        for condition in _needed(node):
            if condition is not sympy.true and condition not in seen:
                seen.add(condition)
                yield condition


def _needed(node: Basic) -> Iterator[Basic]:
    if isinstance(node, sympy.Pow) and node.args[0] is not sympy.E:
        base, exponent = node.args
        if exponent.is_negative:
            yield _unevaluated(sympy.Ne, base)
        if not isinstance(exponent, sympy.Integer):
            yield _unevaluated(sympy.Ge, base)
    elif isinstance(node, sympy.log):
        yield _unevaluated(sympy.Gt, node.args[0])
    elif isinstance(node, sympy.atanh):
        yield _unevaluated(sympy.Gt, 1 + node.args[0])
        yield _unevaluated(sympy.Gt, 1 - node.args[0])


def _unevaluated(relation: type, value: Expr) -> Basic:
    """`value` beside 0; `true` where SymPy's assumptions alone decide nothing but the value is a number that does."""
    if value.is_number and value.is_Rational:
        return sympy.true if relation(value, 0) else sympy.false
    return relation(value, 0, evaluate=False)
