"""What evidence is: its kinds, what a piece of it covers, its outcome, and the margins that decide it.

An evidence function takes the statement as its first argument, so that a mutant can be fed to the very same function.

| decorator | the function gets | and returns |
|---|---|---|
| `@symbolic` | statement | obligations (`Zero`, `Nonnegative`) that SymPy must discharge, one and all |
| `@property_check(strategy)` | statement, case | a `Margin` for this randomly drawn case |
| `@scaling` | statement, run | a `Margin` on the fitted exponent or ratio |
| `@certified` | statement, run | a `Certificate`, from exact rationals or balls only |
| `@kernel` | statement | a `kernel.document.Document` that Coq must accept |
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from ...theory.formal.derivation import Nonnegative as Nonnegative
from ...theory.formal.derivation import Zero as Zero

if TYPE_CHECKING:
    from ...theory.positivity.prover import PositiveGoal

Obligation: TypeAlias = "Zero | Nonnegative | PositiveGoal"
"""What symbolic evidence yields, and SymPy must decide; the last one is proved on a whole box."""


@dataclass(frozen=True)
class Traits:
    """The properties of a kind of evidence.

    `runner` is the module, below `proofs_check`, whose function `run` takes a `Trial` and returns the fields of an
    `EvidenceResult`. `establishes` is the verdict that evidence of this kind can give, empty when it gives none, and
    `relies_on` what one has to trust then. `turn`: a mutant meets the kinds in this order, those that cost least first.
    `exact`: its counterexamples are decided exactly or in balls. `declines`: that it does not accept a mutant is
    enough, where the others must refute it. `code_alone`: its result depends on code alone and may be remembered.
    """

    runner: str
    establishes: str
    relies_on: str
    turn: int
    exact: bool = False
    declines: bool = False
    code_alone: bool = False


class EvidenceKind(StrEnum):
    """The kinds of evidence, strongest first; `points` is the runner's own and establishes nothing, but can refute."""

    KERNEL = "kernel"
    SYMBOLIC = "symbolic"
    CERTIFIED = "certified"
    PROPERTY = "property"
    SCALING = "scaling"
    POINTS = "points"

    @property
    def traits(self) -> Traits:
        """How evidence of this kind is run, and what it can establish."""
        return TRAITS[self]


TRAITS = {
    EvidenceKind.KERNEL: Traits("coq.decide", "proved", "Coq and the printer", 6, exact=True, declines=True),
    EvidenceKind.SYMBOLIC: Traits("kinds.symbolic", "proved", "SymPy", 1, exact=True, code_alone=True),
    EvidenceKind.CERTIFIED: Traits("kinds.certified", "certified", "exact numbers", 3, exact=True, declines=True),
    EvidenceKind.PROPERTY: Traits("kinds.property", "supported", "floats and a search", 5),
    EvidenceKind.SCALING: Traits("kinds.scaling", "supported", "floats and a fit", 4),
    EvidenceKind.POINTS: Traits("kinds.points", "", "", 2, exact=True, code_alone=True),
}


class Covers(StrEnum):
    """What a piece of evidence is about. Only evidence on the statement itself sets the verdict."""

    STATEMENT = "statement"
    LEMMA = "lemma"
    INSTANCE = "instance"


class Outcome(StrEnum):
    """The outcome of one piece of evidence."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    ERROR = "error"
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"


class Unavailable(Exception):
    """Raised by an evidence function whose tool is not installed; the message names the tool."""


@dataclass(frozen=True)
class Margin:
    """A measured distance beside the allowed one, how the allowance was derived, and the worst case's inputs."""

    measured: float
    allowed: float
    derivation: str
    worst: Mapping[str, Any] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether the measured distance is within the allowance; never true for NaN or infinities."""
        return bool(self.measured <= self.allowed and math.isfinite(self.allowed) and math.isfinite(self.measured))

    @property
    def flaw(self) -> str:
        """Why these two numbers decide nothing, or an empty text: NaN, or an allowance that no distance can exceed.

        A measured +inf (it never happened) beside a finite allowance does decide: it fails.
        """
        if math.isnan(self.measured) or self.measured == -math.inf:
            return f"the measured distance is {self.measured}"
        if not math.isfinite(self.allowed) or self.allowed < 0:
            return f"the allowed distance is {self.allowed}, not a finite number >= 0"
        return ""

    @property
    def ratio(self) -> float:
        """Measured over allowed: at most 1 when the check holds."""
        if math.isnan(self.measured) or not math.isfinite(self.allowed):
            return math.nan
        if self.allowed == 0:
            return 0.0 if self.measured <= 0 else math.inf
        return self.measured / self.allowed


class Recheck(Protocol):
    """Something that the runner decides again from exact numbers: one of the classes of `rechecks.py`."""

    def fault(self) -> str:
        """Why it does not hold; an empty text when it does."""


@dataclass(frozen=True)
class Certificate:
    """The result of an exact or ball-arithmetic check over stated instances.

    `counterexample` holds the inputs on which the statement fails; `undecided` says what straddled zero. `rechecks` are
    what the runner decides again by itself (`rechecks.py`): points, boxes, balls, certificates of a flow. Without any
    the evidence only supports the statement.
    """

    cases: int
    detail: str
    counterexample: Mapping[str, Any] | None = None
    undecided: str | None = None
    rechecks: tuple[Recheck, ...] = ()


@dataclass(frozen=True)
class Run:
    """What a scaling or certified check may depend on: the level and a generator seeded by the runner."""

    level: str
    rng: np.random.Generator

    def choose(self, quick: Any, full: Any) -> Any:
        """`quick` or `full`, by level."""
        return full if self.level == "full" else quick


@dataclass(frozen=True)
class Evidence:
    """One evidence function with what it establishes; made by the decorators below.

    `cases` are the (quick, full) numbers of random cases of a property check; `timeout` is in seconds. `strategy` is
    where they are drawn from, or a function that makes it. `edges` makes cases that are measured first, besides these.
    """

    name: str
    kind: EvidenceKind
    covers: Covers
    check: Callable[..., Any]
    detail: str
    timeout: float
    strategy: Any = None
    cases: tuple[int, int] = (0, 0)
    edges: Callable[[], Sequence[Any]] = tuple


def evidence(
    kind: EvidenceKind | str, covers: str = "statement", timeout: float = 300.0, **more: Any
) -> Callable[[Callable[..., Any]], Evidence]:
    """Evidence of any kind; the decorators below are this one for the five kinds that there are.

    `covers` is statement, lemma or instance, `timeout` in seconds; for the rest see `Evidence`. Raises ValueError for a
    kind or a cover that does not exist.
    """

    def wrap(check: Callable[..., Any]) -> Evidence:
        detail = " ".join((check.__doc__ or "").split())
        return Evidence(check.__name__, EvidenceKind(kind), Covers(covers), check, detail, timeout, **more)

    return wrap


def symbolic(
    covers: str = "statement", timeout: float = 60.0
) -> Callable[[Callable[[Any], Iterable[Obligation]]], Evidence]:
    """Evidence from SymPy: the function yields obligations and passes only if every one of them is decided true."""
    return evidence(EvidenceKind.SYMBOLIC, covers, timeout)


def property_check(
    strategy: Any,
    covers: str = "statement",
    quick: int = 20,
    full: int = 200,
    timeout: float = 300.0,
    edges: Callable[[], Sequence[Any]] = tuple,
) -> Callable[[Callable[[Any, Any], Margin]], Evidence]:
    """Evidence from randomised, shrunk search by Hypothesis: the function returns the `Margin` of one case.

    `strategy` is a strategy of Hypothesis, or a function without arguments that makes it: then no strategy is built,
    and Hypothesis is not loaded, before the first case is drawn. `edges` makes cases that few random ones would hit,
    such as the widest network: every run measures them first, in addition to those that it draws; one that the check's
    own assumptions exclude is left out.
    """
    return evidence(EvidenceKind.PROPERTY, covers, timeout, strategy=strategy, cases=(quick, full), edges=edges)


def scaling(covers: str = "statement", timeout: float = 300.0) -> Callable[[Callable[[Any, Run], Margin]], Evidence]:
    """Evidence from a fitted exponent or ratio: the function returns the `Margin` between fit and prediction."""
    return evidence(EvidenceKind.SCALING, covers, timeout)


def certified(
    covers: str = "statement", timeout: float = 300.0
) -> Callable[[Callable[[Any, Run], Certificate]], Evidence]:
    """Evidence from exact rationals or balls over stated instances: the function returns a `Certificate`."""
    return evidence(EvidenceKind.CERTIFIED, covers, timeout)


def _by_the_runner(*_: Any) -> Any:
    raise TypeError("the runner evaluates statements by itself, see points.py")


STATEMENT_AT_POINTS = Evidence(
    "the_statement_holds_at_points",
    EvidenceKind.POINTS,
    Covers.INSTANCE,
    _by_the_runner,
    "The runner evaluates the statement exactly or in balls at random, edge and tightest points that satisfy the "
    "hypotheses, and looks for a point that satisfies them at all.",
    timeout=60.0,
)
"""The piece of evidence that the runner adds to every claim whose statement is made of relations."""


def kernel(covers: str = "statement", timeout: float = 120.0) -> Callable[[Callable[[Any], Any]], Evidence]:
    """Evidence from Coq's kernel: the function prints the statement as theorems of a `kernel.document.Document`."""
    return evidence(EvidenceKind.KERNEL, covers, timeout)
