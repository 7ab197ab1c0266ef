"""The largest constant for which a claim holds: what decides it from both sides, and how it is shown and written.

A claim file offers its constants by a function `SHARPEN` that returns `SharpConstant`s, for `proofs-check sharpen`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sympy import Rational

from ...numerics.errors import InputError
from ...theory.positivity.algebraic import Root, RootSign
from ...theory.positivity.prover import NotProved, Prover
from ...theory.spurious import first_failures as failures
from ...theory.spurious import three_points as points
from ...theory.spurious.sharp import CONSTANTS, RANGES, SYMBOLS, Claimed, ranges_grow, steps_for
from ..claim import registry
from ..claim.evidence import Unavailable
from ..report.output import JSON_SCHEMA
from .screen import find_counterexample

DIGITS = 12
"""Decimals of a constant; its counterexample has an eta that is larger by at most one unit of the last one."""
UNIT = Rational(1, 10**DIGITS)
JUST_ABOVE = Rational(1, 10**9)
"""An inequality is shown to fail for every eta up to this far behind its constant."""
HOOK = "SHARPEN"
TOGETHER = "all of them"


class NotSharp(Exception):
    """A claimed constant is wrong (`where` says on what), or could not be decided (`where` is None)."""

    def __init__(self, reason: str, where: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason)
        self.where = where


@dataclass(frozen=True)
class SharpConstant:
    """One inequality with the largest value for which it holds; `largest` is oo when it always does.

    `below` is the evidence up to the value, `above` exact data just beyond it on which the inequality fails.
    """

    inequality: str
    largest: str
    decimal: str | None
    attained: bool
    below: str
    above: Mapping[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        """The entry of the JSON document."""
        above = None if self.above is None else _json(self.above)
        return {
            "inequality": self.inequality,
            "largest": self.largest,
            "decimal": self.decimal,
            "attained": self.attained,
            "below": self.below,
            "above": above,
        }


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _json(part) for key, part in value.items()}
    return [_json(part) for part in value] if isinstance(value, tuple | list) else str(value)


def holds_up_to(name: str, claimed: Claimed) -> str:
    """Prove the inequality on T(eta) for all eta below (or up to) the claimed value; in words, what was checked.
    Raises NotSharp with exact data in T(eta) for such an eta, or without when nothing was found.
    """
    if not ranges_grow():
        raise NotSharp("T(eta) does not grow with eta")
    prover = Prover(RANGES, points.eta, claimed.largest)
    try:
        sign = prover.prove(points.inequalities()[name], steps_for(name))
    except NotProved as reason:
        where = _failure_within(name, claimed)
        raise NotSharp(f"{name} is not proved: {reason}" if where is None else f"{name} fails", where) from None
    if not sign.positive_below:
        raise NotSharp(f"{name}: only >= 0 is proved")
    if claimed.attained and not _at_the_value(claimed, sign):
        exactly = claimed.largest is not None and name in failures.FAILURES and failures.fails_at(name, claimed.largest)
        where = _exactly_at(name, claimed.largest) if exactly and claimed.largest is not None else None
        raise NotSharp(f"{name} {'fails' if exactly else 'is not proved'} at the constant itself", where)
    signs = f"{prover.looked_at} Bernstein coefficients on the box, polynomials in eta, none of them negative"
    return signs if not prover.identities else f"{signs}; identities expanded: {prover.identities}"


def _at_the_value(claimed: Claimed, sign: RootSign) -> bool:
    return claimed.largest is not None and sign.positive_at


def fails_beyond(name: str, claimed: Claimed) -> Mapping[str, Any] | None:
    """Data just beyond the claimed value on which the inequality fails, in rationals; None when there is no such value.
    Also checked: it fails for every eta up to JUST_ABOVE more, and at the value itself when that is not attained.
    Raises NotSharp when it provably holds beyond or at the value, or when nothing is decided.
    """
    if claimed.largest is None:
        return None
    until = claimed.largest.within(UNIT).high + JUST_ABOVE
    found = None
    if name in failures.FAILURES and failures.fails_from(name, claimed.largest, until):
        found = failures.counterexample(name, _next(claimed.largest))
    if found is None:
        where = {"inequality": name, "claimed": str(claimed), "yet it is proved for all eta up to": until}
        raise NotSharp(f"{name} may hold beyond the constant", where if _proved(name, Root.rational(until)) else None)
    if not claimed.attained and not failures.fails_at(name, claimed.largest):
        sign = _proved(name, claimed.largest)
        holds = sign is not None and sign.positive_at
        where = {"inequality": name, "claimed": str(claimed), "yet it is proved at eta": claimed.largest}
        raise NotSharp(f"{name} may hold at the constant", where if holds else None)
    return in_points(found)


def _next(largest: Root) -> Rational:
    """The next multiple of UNIT beyond the value."""
    return Rational(largest.decimal(DIGITS)) + UNIT


def _proved(name: str, largest: Root) -> RootSign | None:
    try:
        return Prover(RANGES, points.eta, largest).prove(points.inequalities()[name], steps_for(name))
    except NotProved:
        return None


def _failure_within(name: str, claimed: Claimed) -> Mapping[str, Any] | None:
    """Exact data in T(eta), eta allowed by the claim, on which the inequality fails: known ones first, then by z3."""
    if claimed.largest is None:
        inside = Rational(8)
    elif claimed.attained and claimed.largest.low == claimed.largest.high:
        inside = claimed.largest.low
    else:
        inside = claimed.largest.within(UNIT / 10).low - UNIT
    for sixteenths in range(16, 0, -1):
        found = failures.counterexample(name, inside * Rational(sixteenths, 16))
        if found is not None:
            return {"inequality": name, **in_points(found)}
    try:
        relations = [relation.subs(points.eta, inside) for relation in points.assumption(inside + 1)]
        screened = find_counterexample(relations, points.inequalities()[name] > 0)
    except Unavailable:
        return None
    if screened.found is None:
        return None
    place = {str(symbol): screened.found.get(symbol, _somewhere(symbol, inside)) for symbol in SYMBOLS}
    found = failures.recheck(name, inside, place)
    return None if found is None else {"inequality": name, **in_points(found)}


def _somewhere(symbol: sympy.Symbol, eta: Rational) -> Rational:
    """The middle of a coordinate's range."""
    entry = next(entry for entry in RANGES if entry.symbol == symbol)
    return ((entry.low + entry.high) / 2).subs(points.eta, eta)


def _exactly_at(name: str, largest: Root) -> Mapping[str, Any]:
    """The data in T(largest) at which the polynomial vanishes, as polynomials in eta."""
    place = dict(zip(map(str, SYMBOLS), failures.FAILURES[name], strict=True))
    return {"inequality": name, **in_points({"eta": largest, **place, "value": 0})}


def in_points(found: Mapping[str, Any]) -> dict[str, Any]:
    """Coordinates p_k, q_k, y_k as the three points and labels; `value` is the polynomial that is claimed positive."""
    inputs = [[found[str(symbol)] for symbol in pair] for pair in points.inputs]
    labels = [found[str(symbol)] for symbol in points.labels]
    return {"eta": found["eta"], "x": inputs, "y": labels, "value": found["value"]}


def sharp_constants() -> tuple[SharpConstant, ...]:
    """Every inequality of theory.md 5.1 with its largest eta, decided again, and all of them together.

    Raises NotSharp should one of them not be decided.
    """
    found = [_sharp(name, claimed) for name, claimed in CONSTANTS.items()]
    bounded = {name: entry.largest.exact() for name, entry in CONSTANTS.items() if entry.largest is not None}
    least = min(bounded.values())
    first = [name for name, value in bounded.items() if value == least]
    attained = all(CONSTANTS[name].attained for name in first)
    of_first = next(entry for entry in found if entry.inequality == first[0])
    below = f"each of the {len(found)} is proved for these eta; {', '.join(first)} fail first"
    return *found, SharpConstant(TOGETHER, of_first.largest, of_first.decimal, attained, below, of_first.above)


def _sharp(name: str, claimed: Claimed) -> SharpConstant:
    below, above = holds_up_to(name, claimed), fails_beyond(name, claimed)
    if claimed.largest is None:
        return SharpConstant(name, "oo", None, False, below, None)
    return SharpConstant(name, str(claimed.largest), claimed.largest.decimal(DIGITS), claimed.attained, below, above)


def constants_of(name: str) -> Callable[[], Sequence[SharpConstant]]:
    """The function by which a claim (an id, or the path of a claim file) offers its constants.

    InputError names the ids that have some.
    """
    item = registry.load_or_stand_in(registry.claim_reference(name))
    hook = None if item.broken else getattr(registry.claim_module(name), HOOK, None)
    if hook is None:
        offering = ", ".join(ids_with_constants()) or "none"
        raise InputError(f"{name} has no constant to sharpen; these claims have some: {offering}")
    return hook


def sharpen(name: str) -> tuple[SharpConstant, ...]:
    """The largest constants for which a claim (an id, or the path of a claim file) holds, decided again.

    Raises InputError when the claim offers none, and NotSharp when one cannot be decided.
    """
    return tuple(constants_of(name)())


def ids_with_constants() -> list[str]:
    """The built-in claims whose files hold a `SHARPEN`."""
    known = registry.built_in_references()
    usable = [name for name, reference in known.items() if not registry.load_or_stand_in(reference).broken]
    return [name for name in usable if getattr(registry.claim_module(name), HOOK, None) is not None]


def to_json(claim_id: str, constants: Sequence[SharpConstant]) -> dict[str, Any]:
    """The payload of `sharpen --json`."""
    return {"schema": JSON_SCHEMA, "id": claim_id, "constants": [entry.to_json() for entry in constants]}


def print_constants(claim_id: str, constants: Sequence[SharpConstant], console: Console) -> None:
    """A table: one row an inequality; decimals are cut, so that they never exceed the constant."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1))
    table.add_column("inequality", no_wrap=True)
    table.add_column("largest", overflow="fold", ratio=1)
    table.add_column("decimal", no_wrap=True)
    table.add_column("there", no_wrap=True)
    table.add_column("fails at", no_wrap=True)
    for entry in constants:
        beyond = "" if entry.above is None else f"{float(entry.above['eta']):.{DIGITS}f}"
        there = "" if entry.decimal is None else "holds" if entry.attained else "fails"
        largest = "holds for every value" if entry.decimal is None else entry.largest.removeprefix("the ")
        cells = (entry.inequality, largest, "" if entry.decimal is None else f"{entry.decimal}..", there, beyond)
        table.add_row(*(Text(cell, style="bold" if entry.inequality == TOGETHER else "") for cell in cells))
    console.print(Text(f"{claim_id}: the largest value for which each inequality holds", style="bold"))
    console.print(table)
    console.print(
        "Decimals are truncated. --json F writes the proofs up to each value and the exact data on which it fails."
    )
