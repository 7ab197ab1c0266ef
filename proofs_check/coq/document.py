"""A Coq file: theorems with their proofs, each with a witness of its hypotheses, and what each of them assumes.

Only what a theorem *states* has to be read and trusted; a wrong proof is refused by Coq.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .printer import Unprintable, name_of

COQ_FOLDER = Path(__file__).resolve().parent / "files"
"""Where the generated files are committed."""

ALL_STATED = "all_stated"
"""What holds the proofs of all theorems that say something of the claim."""
LIBRARIES = ("From Coq Require Import Reals Lra Psatz.", "From Coquelicot Require Import Coquelicot.")
FORBIDDEN = (
    *("Admitted", "admit", "give_up", "Axiom", "Axioms", "Parameter", "Parameters", "Conjecture", "Conjectures"),
    *(
        "Hypothesis",
        "Hypotheses",
        "Variable",
        "Variables",
        "Context",
        "Declare",
        "Load",
        "Set",
        "Unset",
        "bypass_check",
    ),
)
"""What lets a file assume something unproved, switch a check off or load a plugin: no file with such a word is run."""


@dataclass(frozen=True)
class Variable:
    """A universally quantified variable with its Coq type (`R`, `nat`, `vec`, `R -> R`, ..)."""

    name: str
    type: str = "R"


@dataclass(frozen=True)
class Theorem:
    """forall variables, hypotheses -> conclusion, all printed terms of Coq; `comment` says it in words.

    `witness` has one closed term for each variable at which all hypotheses hold; `witness_proof` proves that. A theorem
    without hypotheses needs none. `lemma` marks a step that later proofs use and the claim does not state.
    """

    name: str
    comment: str
    variables: tuple[Variable, ...]
    hypotheses: tuple[str, ...]
    conclusion: str
    proof: str
    witness: tuple[str, ...] = ()
    witness_proof: str = "repeat split; lra."
    lemma: bool = False

    def __post_init__(self) -> None:
        for variable in self.variables:
            name_of(variable.name)
        if self.hypotheses and not self.lemma and len(self.witness) != len(self.variables):
            raise Unprintable(
                f"the theorem {self.name} has {len(self.variables)} variables and {len(self.witness)} values that meet "
                "its hypotheses; give one for each"
            )

    @property
    def statement(self) -> str:
        """The proposition."""
        quantified = " ".join(f"({variable.name} : {variable.type})" for variable in self.variables)
        lines = [f"forall {quantified},"] if quantified else []
        lines += [f"  {hypothesis} ->" for hypothesis in self.hypotheses]
        return "\n  ".join([*lines, f"  {self.conclusion}"])

    def lines(self) -> Iterator[str]:
        """The theorem and its proof, then the example that its hypotheses can hold."""
        yield f"(* {self.comment} *)"
        yield f"{'Lemma' if self.lemma else 'Theorem'} {self.name} :"
        yield f"  {self.statement}."
        yield "Proof."
        yield from (f"  {line}" for line in self.proof.strip().splitlines())
        yield "Qed."
        yield ""
        if self.hypotheses and not self.lemma:
            yield f"Example {self.name}_is_not_vacuous :"
            for variable in self.variables:
                yield f"  exists {variable.name} : {variable.type},"
            yield "  " + " /\\\n  ".join(self.hypotheses) + "."
            yield f"Proof. {' '.join(f'exists {term}.' for term in self.witness)} {self.witness_proof} Qed."
            yield ""


@dataclass(frozen=True)
class Document:
    """The file of one claim; `preamble` holds definitions that its theorems rest on, and lemmas."""

    claim: str
    theorems: tuple[Theorem, ...]
    preamble: str = ""

    @property
    def stated(self) -> tuple[Theorem, ...]:
        """The theorems that say something of the claim; lemmas only serve them."""
        return tuple(theorem for theorem in self.theorems if not theorem.lemma)

    @property
    def file_name(self) -> str:
        """`spurious_geometry.v` for the claim spurious.geometry."""
        return f"{self.claim.replace('.', '_').replace('-', '_')}.v"

    def text(self) -> str:
        """The file."""
        lines = [
            f"(* Kernel evidence for the claim {self.claim}. Generated; `coqc FILE.v` checks it again. *)",
            *LIBRARIES,
            "Open Scope R_scope.",
            "",
        ]
        if self.preamble:
            lines += [self.preamble.strip(), ""]
        for theorem in self.theorems:
            lines += theorem.lines()
        if self.stated:
            proofs = ", ".join(theorem.name for theorem in self.stated)
            lines += [
                "(* All that is stated, in one: Coq takes a second each time that it is asked for axioms. *)",
                f"Definition {ALL_STATED} := ({proofs}).",
                f"Print Assumptions {ALL_STATED}.",
            ]
        return "\n".join(lines) + "\n"
