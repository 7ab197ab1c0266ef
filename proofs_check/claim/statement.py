"""What a claim is: a statement with its hypotheses, its source, what it needs, and its falsified neighbours.

One claim is one Python file. It holds a `CLAIM`, which reads like the theorem, followed by the evidence functions that
decide it (see `evidence.py`). All data here are frozen; nothing is computed when a claim file is read.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from string import Template
from types import MappingProxyType
from typing import Any, TypeAlias

import sympy

from ...theory.formal.printing import to_latex, to_text
from .evidence import EvidenceKind


@dataclass(frozen=True)
class Relations:
    """A statement made of several named SymPy relations that hold together wherever the `hypotheses` hold.

    The hypotheses are relations too, under names of their own: those that a mutant drops (`sympy.true`) or weakens. The
    others stand in `Claim.assuming`. Evidence functions read both by name, `statement["cosine"]`; `altered` gives a
    mutant.
    """

    relations: Mapping[str, sympy.Basic]
    hypotheses: Mapping[str, sympy.Basic] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if both := sorted(set(self.relations) & set(self.hypotheses)):
            raise ValueError(f"{both[0]!r} names a relation and a hypothesis of the statement; rename one")

    def __getitem__(self, name: str) -> Any:
        return self.by_name[name]

    @property
    def by_name(self) -> dict[str, sympy.Basic]:
        """The relations and the hypotheses in one table."""
        return {**self.relations, **self.hypotheses}

    def altered(self, **changes: sympy.Basic) -> Relations:
        """The same statement with some relations or hypotheses replaced; unknown names raise KeyError."""
        for name in changes:
            if name not in self.by_name:
                raise KeyError(f"no relation named {name!r}; there are {sorted(self.by_name)}")
        relations, hypotheses = (
            {name: changes.get(name, relation) for name, relation in part.items()}
            for part in (self.relations, self.hypotheses)
        )
        return Relations(relations, hypotheses)

    @property
    def hypotheses_text(self) -> tuple[str, ...]:
        """The hypotheses in plain text, each with its name."""
        return tuple(f"{name.replace('_', ' ')}: {to_text(relation)}" for name, relation in self.hypotheses.items())

    @property
    def latex(self) -> str:
        """What is claimed, the relations without the hypotheses, in LaTeX, separated by wide spaces."""
        return r",\quad ".join(to_latex(relation) for relation in self.relations.values())


Words: TypeAlias = Mapping[Any, str] | Callable[[Any], str]
"""How the values of a parameter read in LaTeX: a table of its values, or a function."""


@dataclass(frozen=True)
class Predicate:
    """A statement that no single SymPy relation expresses: a name, and LaTeX with the parameters that a mutant alters.

    `template` is LaTeX in which `$name` (or `${name}`) stands for a parameter; every parameter stands in it. Numbers,
    tuples of numbers and SymPy expressions print themselves; for any other parameter `words` gives the LaTeX of each
    value. Evidence functions read the parameters by name, `statement["limit"]`; `altered` gives a mutant.
    """

    name: str
    template: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)

    def __post_init__(self) -> None:
        placeholders = set(Template(self.template).get_identifiers())
        if placeholders != set(self.parameters):
            raise ValueError(
                f"the statement {self.name!r} has the parameters {sorted(self.parameters)}, but its LaTeX has the "
                f"placeholders {sorted(placeholders)}; write $name in the LaTeX where the parameter stands"
            )
        if unknown := sorted(set(self.words) - placeholders):
            raise ValueError(f"the statement {self.name!r} has words for {unknown}, which are not parameters")

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]

    def altered(self, **changes: Any) -> Predicate:
        """The same predicate with other parameters; unknown names raise KeyError."""
        for name in changes:
            if name not in self.parameters:
                raise KeyError(f"no parameter named {name!r}; there are {sorted(self.parameters)}")
        return replace(self, parameters={**self.parameters, **changes})

    @property
    def latex(self) -> str:
        """The template with the values of the parameters in it."""
        values = {name: _value_latex(value, self.words.get(name)) for name, value in self.parameters.items()}
        return Template(self.template).substitute(values)


def _value_latex(value: Any, words: Words | None) -> str:
    """A value of a parameter in LaTeX. Raises ValueError for one that does not print itself and has no words."""
    if callable(words):
        return words(value)
    if words is not None:
        if value not in words:
            raise ValueError(f"no LaTeX for {value!r}; there is LaTeX for {list(words)}")
        return words[value]
    if isinstance(value, tuple):
        return f"({', '.join(_value_latex(entry, None) for entry in value)})"
    if isinstance(value, int | float | Fraction | sympy.Rational) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, sympy.Basic):
        return to_latex(value)
    raise ValueError(f"{value!r} cannot be printed as LaTeX; give its LaTeX in `words`")


Statement: TypeAlias = sympy.Basic | Relations | Predicate


def statement_latex(statement: Statement) -> str:
    """The statement in LaTeX, whatever its form."""
    return statement.latex if isinstance(statement, Relations | Predicate) else to_latex(statement)


def statement_fingerprint(statement: Statement) -> str:
    """A text that is the same in every process for the same statement, and another for another one."""
    if isinstance(statement, Predicate):
        parameters = "; ".join(f"{name} = {_plain(value)}" for name, value in statement.parameters.items())
        return f"{statement.name} | {statement.latex} | {parameters}"
    if isinstance(statement, Relations):
        return "; ".join(f"{name}: {_plain(relation)}" for name, relation in statement.by_name.items())
    return _plain(statement)


def _plain(value: Any) -> str:
    """A value as text without the addresses and counters that differ between processes."""
    if isinstance(value, sympy.Basic):
        return re.sub(r"dummy_index=\d+", "", sympy.srepr(value))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_plain(key)}: {_plain(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "(" + ", ".join(map(_plain, value)) + ")"
    text = repr(value)
    return type(value).__qualname__ if " at 0x" in text else text


@dataclass(frozen=True)
class Source:
    """Where a claim comes from. `restated` is true when a published constant or form was not reproduced literally."""

    publication: str
    theorem: str
    theory_item: str
    restated: bool = False

    def __str__(self) -> str:
        note = " (restated)" if self.restated else ""
        return f"{self.publication}, {self.theorem}; theory.md {self.theory_item}{note}"


@dataclass(frozen=True)
class Mutant:
    """A neighbour of the claim that is false.

    `why_false` gives an explicit case that anybody can check by hand; the runner feeds `statement` to the claim's own
    evidence functions and expects them to find a counterexample. Of a claim that is expected to be refuted it is the
    other way round: the neighbour is true, `why_false` says why, and the evidence must pass on it.
    """

    name: str
    statement: Statement
    why_false: str


@dataclass(frozen=True)
class Claim:
    """A statement about how small networks train, with everything needed to decide it.

    `needs` lists the evidence kinds without which the claim is not done; all of them must pass.

    `expected` is "refuted" for a published statement that is false as printed: such a claim is as it should be while
    its counterexample is reproduced, and `repaired` names the claim that states what is true.

    `hypotheses` say in words where the statement is claimed; those that the statement carries itself are added to them.
    `assuming` are the hypotheses as SymPy relations between the symbols of the statement: together with the symbols'
    own assumptions they say where the statement is claimed, and the runner tries it at such points. `witness` is a
    point at which they hold together; without one the runner searches. `defined_by` are the equations, such as a
    differential equation with its initial value, that define a function whose solution the statement gives. `names`
    says, in words, what stands in the statement for a quantity of the model instead of a free number; the keys are
    symbols, matrices or functions of the statement as SymPy prints them. `examples` computes these quantities at a
    random example of the model, from their definitions and exactly or in balls (`model_points.Example`); the runner
    evaluates the statement and its mutants there.
    """

    id: str
    title: str
    kind: str
    statement: Statement
    hypotheses: tuple[str, ...]
    scope: str
    source: Source
    needs: tuple[EvidenceKind | str, ...]
    mutants: tuple[Mutant, ...]
    depends_on: tuple[str, ...] = ()
    expected: str = ""
    repaired: str = ""
    assuming: tuple[sympy.Basic, ...] = ()
    witness: Mapping[sympy.Symbol, Any] = field(default_factory=dict)
    defined_by: tuple[sympy.Eq, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    examples: Callable[[random.Random], Any] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "needs", tuple(EvidenceKind(kind) for kind in self.needs))
        if isinstance(self.statement, Relations):
            parts = (MappingProxyType(dict(part)) for part in (self.statement.relations, self.statement.hypotheses))
            object.__setattr__(self, "statement", Relations(*parts))
            if self.statement.hypotheses and isinstance(self.hypotheses, tuple):
                every = dict.fromkeys((*self.hypotheses, *self.statement.hypotheses_text))
                object.__setattr__(self, "hypotheses", tuple(every))
