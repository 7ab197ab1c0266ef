"""What a claim is: a statement with its hypotheses, its source, what it needs, and its falsified neighbours.

One claim is one Python file. It holds a `CLAIM`, which reads like the theorem, followed by the evidence functions that
decide it (see `evidence.py`). All data here are frozen; nothing is computed when a claim file is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

import sympy

from .evidence import EvidenceKind


@dataclass(frozen=True)
class Relations:
    """A statement made of several named SymPy relations that hold together.

    Evidence functions read them by name, `statement["cosine"]`; `altered` gives a mutant.
    """

    relations: Mapping[str, sympy.Basic]

    def __getitem__(self, name: str) -> Any:
        return self.relations[name]

    def altered(self, **changes: sympy.Basic) -> Relations:
        """The same statement with some relations replaced; unknown names raise KeyError."""
        for name in changes:
            if name not in self.relations:
                raise KeyError(f"no relation named {name!r}; there are {sorted(self.relations)}")
        return Relations({**self.relations, **changes})

    @property
    def latex(self) -> str:
        """The relations in LaTeX, separated by wide spaces."""
        return r",\quad ".join(sympy.latex(relation) for relation in self.relations.values())


@dataclass(frozen=True)
class Predicate:
    """A statement that no single SymPy relation expresses: a name, its LaTeX, and the parameters a mutant alters."""

    name: str
    latex: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name]

    def altered(self, latex: str, **changes: Any) -> Predicate:
        """The same predicate with other parameters and the LaTeX that says so; unknown names raise KeyError."""
        for name in changes:
            if name not in self.parameters:
                raise KeyError(f"no parameter named {name!r}; there are {sorted(self.parameters)}")
        return Predicate(self.name, latex, {**self.parameters, **changes})


Statement: TypeAlias = sympy.Basic | Relations | Predicate


def statement_latex(statement: Statement) -> str:
    """The statement in LaTeX, whatever its form."""
    return statement.latex if isinstance(statement, Relations | Predicate) else sympy.latex(statement)


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
    evidence functions and expects them to find a counterexample.
    """

    name: str
    statement: Statement
    why_false: str


@dataclass(frozen=True)
class Claim:
    """A statement about how small networks train, with everything needed to decide it.

    `needs` lists the evidence kinds without which the claim is not done; all of them must pass.
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

    def __post_init__(self) -> None:
        object.__setattr__(self, "needs", tuple(EvidenceKind(kind) for kind in self.needs))
        if isinstance(self.statement, Relations):
            object.__setattr__(self, "statement", Relations(MappingProxyType(dict(self.statement.relations))))
