"""Finding claims: the built-in ones by id or group, a user's own by the path of a Python file.

A built-in claim `group.some-name` lives in `claims/group/some_name.py`, or in `claims/group/chapter/some_name.py` where
a group has chapters. A claim file is Python and runs as such. What is wrong with one is said in one sentence with file
and line: a user's own file is refused, a built-in one gets that sentence as its verdict's reason, so that the other
claims are still decided.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import hashlib
import importlib
import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import sympy
from sympy.core.relational import Relational

from ...numerics.errors import InputError
from .evidence import STATEMENT_AT_POINTS, Evidence, EvidenceKind, symbolic
from .naming import looks_like_file
from .reading import nameable, relations_of
from .statement import Claim, Mutant, Predicate, Relations, Source

CLAIMS_PACKAGE = "early_alignment.proofs_check.claims"
_USER_PREFIX = "early_alignment_user_claim_"
_user_modules: dict[str, Path] = {}


@dataclass(frozen=True)
class ClaimReference:
    """Where a claim file is: a module, and an absolute path unless it is built in; `shown` is how it was named."""

    module: str
    path: str
    shown: str

    @property
    def file(self) -> str:
        """Where the file of a built-in claim stands in the repository."""
        return "/".join(self.module.split(".")[1:]) + ".py"


@dataclass(frozen=True)
class ClaimFile:
    """A claim with its evidence in the order it was written down, and the derivations to show beside it.

    A derivation may be given as the function that makes it: making one takes time, and not every command needs it.
    Its steps are the last piece of evidence.
    `broken` says why a built-in file holds no usable claim, and `claim` is then a stand-in that states nothing.
    """

    claim: Claim
    evidence: tuple[Evidence, ...]
    derivations: tuple[Any, ...]
    reference: ClaimReference
    broken: str = ""

    @property
    def shown(self) -> str:
        """The name of this claim on the command line."""
        return self.reference.shown

    @property
    def group(self) -> str:
        """The part of the id before the first dot."""
        return self.claim.id.split(".")[0]

    def derived(self) -> tuple[Any, ...]:
        """The derivations themselves."""
        return _made(self.derivations)

    def evidence_named(self, name: str) -> Evidence:
        """The evidence function of this name; InputError with the nearest name otherwise."""
        for item in self.evidence:
            if item.name == name:
                return item
        raise InputError(f"{self.shown} has no evidence {name!r}{_nearest(name, [e.name for e in self.evidence])}")


def built_in_references() -> dict[str, ClaimReference]:
    """Every built-in claim by id, sorted by group and file name; no claim file is run.

    Raises InputError where two chapters of a group hold files of the same name.
    """
    found: dict[str, ClaimReference] = {}
    for group in _contents(CLAIMS_PACKAGE):
        if not group.ispkg:
            continue
        for module in sorted(_claim_modules(group.name), key=_last):
            claim_id = f"{_last(group.name)}.{_last(module).replace('_', '-')}"
            reference = ClaimReference(module, "", claim_id)
            if other := found.get(claim_id):
                raise InputError(f"{other.file} and {reference.file} both define {claim_id!r}; rename one")
            found[claim_id] = reference
    return found


def _claim_modules(package: str) -> Iterator[str]:
    """The modules of the claim files of a group: those of its folder, and of the chapters below it."""
    for item in _contents(package):
        if item.ispkg:
            yield from _claim_modules(item.name)
        elif not _last(item.name).startswith("_"):
            yield item.name


def _contents(package: str) -> list[pkgutil.ModuleInfo]:
    """The modules and packages within a package, by their dotted names in order."""
    found = pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}.")
    return sorted(found, key=lambda item: item.name)


def _last(module: str) -> str:
    return module.rpartition(".")[2]


def file_reference(path: str | Path) -> ClaimReference:
    """The reference of a user's own claim file; InputError when there is no such file."""
    if Path(path).is_dir():
        raise InputError(f"{path} is a folder; give the path of a Python file")
    if not Path(path).is_file():
        raise InputError(f"there is no claim file {path}; give the path of an existing Python file")
    absolute = Path(path).resolve()
    digest = hashlib.sha256(str(absolute).encode()).hexdigest()[:16]
    return ClaimReference(_USER_PREFIX + digest, str(absolute), str(path))


def claim_reference(name: str) -> ClaimReference:
    """The reference behind one id or path; InputError with the nearest id when there is none."""
    if looks_like_file(name):
        return file_reference(name)
    known = built_in_references()
    if name in known:
        return known[name]
    raise InputError(f"there is no claim {name!r}{_nearest(name, known)}")


def claim_module(name: str) -> ModuleType:
    """The module of a claim, by id or by the path of its file (which is run)."""
    return _import(claim_reference(name))


def user_file_of(module: str) -> Path | None:
    """The path of the user's claim file that was loaded under this module name, or None."""
    return _user_modules.get(module)


def load(reference: ClaimReference) -> ClaimFile:
    """Run a claim file and check that it holds a claim; InputError, one sentence with file and line, otherwise."""
    module = _import(reference)
    where = reference.path or str(module.__file__)
    claim = getattr(module, "CLAIM", None)
    if claim is None:
        raise InputError(f"{where}, line 1: there is no CLAIM; write CLAIM = Claim(...) at the top of the file")
    evidence = tuple({id(item): item for item in vars(module).values() if isinstance(item, Evidence)}.values())
    problem = _problem_with(claim, evidence, reference)
    if problem:
        field, sentence = problem
        raise InputError(f"{where}, line {_line_of(where, field)}: {sentence}")
    derivations = tuple(getattr(module, "DERIVATIONS", ()))
    own = () if isinstance(claim.statement, Predicate) else (STATEMENT_AT_POINTS,)
    return ClaimFile(claim, (*own, *evidence, *_steps_of(derivations)), derivations, reference)


def _steps_of(derivations: tuple[Any, ...]) -> tuple[Evidence, ...]:
    """The derivations a claim shows, as separate evidence: every step must follow."""
    if not derivations:
        return ()

    @symbolic(covers="lemma", timeout=120.0)
    def every_step_of_the_derivation_follows(statement: object) -> Iterator[Any]:
        """All that the steps shown by `proofs-check show` oblige us to; they do not depend on the statement."""
        for derivation in _made(derivations):
            for step in derivation.steps:
                yield from step.obligations()

    return (every_step_of_the_derivation_follows,)


def _made(derivations: tuple[Any, ...]) -> tuple[Any, ...]:
    """The derivations themselves; one may be given as the function that makes it."""
    return tuple(entry() if callable(entry) else entry for entry in derivations)


def load_or_stand_in(reference: ClaimReference) -> ClaimFile:
    """Like `load`, but a built-in file that is broken gives a stand-in with the sentence that says why."""
    try:
        return load(reference)
    except InputError as error:
        if reference.path:
            raise
        nothing = Predicate("unreadable", r"\text{unreadable}")
        source = Source("unknown", "unknown", "-")
        claim = Claim(reference.shown, "this claim file is broken", "unknown", nothing, (), "nothing", source, (), ())
        return ClaimFile(claim, (), (), reference, broken=str(error))


def references(names: Iterable[str]) -> tuple[ClaimReference, ...]:
    """What ids, groups and paths stand for (no names: every built-in claim); no claim file is run.

    Raises InputError for unknown names.
    """
    known = built_in_references()
    wanted = [reference for name in names for reference in _expand(name, known)] or list(known.values())
    if not wanted:
        raise InputError("there are no built-in claims; give the path of a claim file")
    return tuple(dict.fromkeys(wanted))


def select(names: Iterable[str]) -> tuple[ClaimFile, ...]:
    """The claims behind ids, groups and paths (all built-in ones when there are none), dependencies before dependents.

    Broken built-in files come as stand-ins, see `load_or_stand_in`. Raises InputError for unknown names, a reader's
    broken files, unknown or circular dependencies, and an id given twice.
    """
    known = built_in_references()
    loaded: dict[str, ClaimFile] = {}
    for reference in references(names):
        item = load_or_stand_in(reference)
        other = loaded.get(item.claim.id)
        if other is not None and other.reference != reference:
            raise InputError(f"{item.shown} and {other.shown} both define {item.claim.id!r}; give one another id")
        if reference.path and item.claim.id in known:
            raise InputError(f"{item.shown} defines {item.claim.id!r}, which is a built-in claim; give it another id")
        loaded[item.claim.id] = item
    ordered: dict[str, ClaimFile] = {}
    for claim_id in list(loaded):
        _visit(claim_id, (), known, loaded, ordered)
    return tuple(ordered.values())


def _visit(
    claim_id: str,
    above: tuple[str, ...],
    known: dict[str, ClaimReference],
    loaded: dict[str, ClaimFile],
    ordered: dict[str, ClaimFile],
) -> None:
    """Depth first: what a claim depends on comes before it."""
    if claim_id in above:
        raise InputError(
            f"the claims {' -> '.join((*above, claim_id))} depend on each other in a circle; remove one link"
        )
    if claim_id in ordered:
        return
    if claim_id not in loaded:
        if claim_id not in known:
            names = [*known, *loaded]
            raise InputError(f"{above[-1]} depends on {claim_id!r}, which does not exist{_nearest(claim_id, names)}")
        loaded[claim_id] = load_or_stand_in(known[claim_id])
    for dependency in loaded[claim_id].claim.depends_on:
        _visit(dependency, (*above, claim_id), known, loaded, ordered)
    ordered[claim_id] = loaded[claim_id]


def _expand(name: str, known: dict[str, ClaimReference]) -> list[ClaimReference]:
    if looks_like_file(name):
        return [file_reference(name)]
    if name in known:
        return [known[name]]
    group = [reference for claim_id, reference in known.items() if claim_id.split(".")[0] == name]
    if group:
        return group
    groups = {claim_id.split(".")[0] for claim_id in known}
    raise InputError(f"there is no claim or group {name!r}{_nearest(name, [*known, *sorted(groups)])}")


def _nearest(name: str, known: Iterable[str]) -> str:
    candidates = list(known)
    close = difflib.get_close_matches(name, candidates, n=1, cutoff=0.0)
    if not close:
        return "; there are none"
    return f"; the nearest name is {close[0]!r}"


def _import(reference: ClaimReference) -> ModuleType:
    if reference.module in sys.modules:
        return sys.modules[reference.module]
    with contextlib.redirect_stdout(sys.stderr), _one_sentence(reference):
        if not reference.path:
            return importlib.import_module(reference.module)
        return _run_user_file(reference)


def _run_user_file(reference: ClaimReference) -> ModuleType:
    path = Path(reference.path)
    if b"\0" in path.read_bytes():
        raise SyntaxError("it has NUL bytes")  # Python says so itself, but up to 3.11.3 in a ValueError
    spec = importlib.util.spec_from_file_location(reference.module, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{reference.shown} is not a Python file; a claim file ends in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[reference.module] = module
    _user_modules[reference.module] = path
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))  # last, so that nothing beside the claim file shadows an installed package
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[reference.module]
        raise
    return module


@contextlib.contextmanager
def _one_sentence(reference: ClaimReference) -> Iterator[None]:
    """Turn whatever running a claim file raises into an InputError that names file and line."""
    try:
        yield
    except (InputError, KeyboardInterrupt):
        raise
    except SyntaxError as error:
        path = error.filename if error.lineno else reference.path  # Python gives no place for a file with NUL bytes
        place = f"{path or reference.shown}, line {error.lineno or 1}"
        raise InputError(f"{place}: this is not Python ({error.msg})") from error
    except BaseException as error:
        path = reference.path or str(getattr(importlib.util.find_spec(reference.module), "origin", reference.shown))
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
        what = f"{type(error).__name__}: {' '.join(str(error).split()) or 'no message'}"
        line = lines[-1] if lines else 1
        raise InputError(f"{path}, line {line}: the claim file cannot be read: {what}") from error


def _problem_with(claim: object, evidence: tuple[Evidence, ...], reference: ClaimReference) -> tuple[str, str] | None:
    """What keeps a file from being a claim file: the field at fault and a sentence, or None."""
    if not isinstance(claim, Claim):
        return "CLAIM", f"CLAIM is of type {type(claim).__name__}; it must be a Claim(...)"
    texts = {"id": claim.id, "title": claim.title, "kind": claim.kind, "scope": claim.scope}
    for field, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            return field, f"the claim's {field} is {text!r}; it must be a text"
    if not reference.path and claim.id != reference.shown:
        return "id", f"the id is {claim.id!r}; by its place this file must define {reference.shown!r}"
    if claim.expected not in ("", "refuted"):
        return "expected", f"the claim is expected to be {claim.expected!r}; only 'refuted' can be expected"
    if bool(claim.expected) != bool(claim.repaired):
        return "repaired", "a claim that is expected to be refuted names the claim that is true, and no other one does"
    if not isinstance(claim.source, Source):
        return "source", f"the claim's source is a {type(claim.source).__name__}; it must be a Source(...)"
    for field, entries in (("hypotheses", claim.hypotheses), ("depends_on", claim.depends_on)):
        if not isinstance(entries, tuple) or not all(isinstance(entry, str) for entry in entries):
            return field, f"the claim's {field} must be a tuple of texts, such as ('...',)"
    if not isinstance(claim.statement, sympy.Basic | Relations | Predicate):
        kind = type(claim.statement).__name__
        return "statement", f"the statement is a {kind}; it must be a SymPy relation, Relations or a Predicate"
    return _problem_with_hypotheses(claim) or _problem_with_evidence(claim, evidence) or _problem_with_mutants(claim)


def _problem_with_hypotheses(claim: Claim) -> tuple[str, str] | None:
    """What keeps `assuming`, `witness`, `defined_by`, `names` and the statement's own hypotheses from being used."""
    carried = claim.statement.hypotheses if isinstance(claim.statement, Relations) else {}
    for name, relation in carried.items():
        if not isinstance(relation, Relational):
            return "statement", f"the hypothesis {name!r} is {relation}; it must be a SymPy relation, such as x > 0"
    for field, entries in (("assuming", claim.assuming), ("defined_by", claim.defined_by)):
        if not isinstance(entries, tuple) or not all(isinstance(entry, Relational) for entry in entries):
            return field, f"the claim's {field} must be a tuple of SymPy relations, such as (x > 0,)"
    if not isinstance(claim.witness, Mapping) or not all(isinstance(key, sympy.Symbol) for key in claim.witness):
        return "witness", "the claim's witness must map symbols of its statement to numbers, such as {x: 1}"
    if not isinstance(claim.names, Mapping) or not all(
        isinstance(text, str) and text.strip() for entry in claim.names.items() for text in entry
    ):
        return "names", "the claim's names must map what stands in the statement to words, such as {'T': 'the time ..'}"
    relations = [*relations_of(claim.statement).values(), *carried.values()] if claim.names else ()
    used = set().union(*map(nameable, relations))
    if unknown := [name for name in claim.names if name not in used]:
        return "names", f"the claim names {unknown[0]!r}, which its statement does not contain"
    return None


def _problem_with_evidence(claim: Claim, evidence: tuple[Evidence, ...]) -> tuple[str, str] | None:
    if not claim.needs or EvidenceKind.POINTS in claim.needs:
        kinds = ", ".join(kind for kind in EvidenceKind if kind is not EvidenceKind.POINTS)
        return "needs", f"the claim needs no evidence of its own; list at least one of {kinds}"
    for kind in claim.needs:
        if not any(item.kind is kind for item in evidence):
            return "needs", f"the claim needs {kind} evidence but the file has no evidence function of that kind"
    names = [item.name for item in evidence]
    for name in names:
        if names.count(name) > 1:
            return name, f"two evidence functions are called {name!r}; rename one"
    return None


def _problem_with_mutants(claim: Claim) -> tuple[str, str] | None:
    if not isinstance(claim.mutants, tuple) or not all(isinstance(item, Mutant) for item in claim.mutants):
        return "mutants", "the claim's mutants must be a tuple of Mutant(...)"
    if not claim.mutants:
        return "mutants", "the claim has no mutant; give at least one false neighbour that its checks must refute"
    names = [mutant.name for mutant in claim.mutants]
    for mutant in claim.mutants:
        if names.count(mutant.name) > 1:
            return "mutants", f"two mutants are called {mutant.name!r}; rename one"
        if type(mutant.statement) is not type(claim.statement) and not (
            isinstance(mutant.statement, sympy.Basic) and isinstance(claim.statement, sympy.Basic)
        ):
            return (
                "mutants",
                f"the mutant {mutant.name!r} is not of the statement's form; alter the claim's own statement",
            )
        if mutant.statement == claim.statement:
            return "mutants", f"the mutant {mutant.name!r} is the claim's own statement; alter something"
        if not mutant.why_false.strip():
            return "mutants", f"the mutant {mutant.name!r} does not say why it is false; give an explicit case"
    return None


def _line_of(path: str, field: str) -> int:
    """The line of a keyword of CLAIM = Claim(...), of a function of that name, or of CLAIM itself; 1 when not found."""
    try:
        tree = ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return 1
    line = 1
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == field:
            return node.lineno
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "CLAIM" for t in node.targets):
            line = node.lineno
            keywords = node.value.keywords if isinstance(node.value, ast.Call) else []
            line = next((keyword.value.lineno for keyword in keywords if keyword.arg == field), line)
    return line
