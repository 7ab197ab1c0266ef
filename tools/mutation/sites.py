"""All places in a file where a mutation applies, found in its syntax tree and written back into its text.

Left alone: strings, annotations, decorators, imports, `raise` and `assert` messages, f-strings, `__all__` and code that
only type checkers see. None of these is a formula.
"""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .operators import alterations

FOLDERS = ("theory", "numerics")


@dataclass(frozen=True)
class Site:
    """One mutation: `start` and `stop` are byte offsets in the file, `lines` the lines that reach it when run.

    `file`, `function`, `original` and `mutated` name it in a way that survives edits elsewhere in the file.
    """

    file: str
    function: str
    line: int
    lines: tuple[int, ...]
    operator: str
    original: str
    mutated: str
    start: int
    stop: int
    replacement: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names this mutation in the committed lists."""
        return (self.file, self.function, self.original, self.mutated)

    def apply(self, source: bytes) -> bytes:
        """The file's bytes with this one change."""
        return source[: self.start] + self.replacement.encode() + source[self.stop :]


def sites_in(source: bytes, file: str) -> list[Site]:
    """Every mutation of one file, in the order of the text; each altered file still parses."""
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    found = []
    for whole in ast.parse(source).body:
        first, last = _place(whole, offsets)
        for node, parent, statement, function in _of_statement(whole, ""):
            start, stop = _place(node, offsets)
            lines = tuple(sorted({statement.lineno, *range(node.lineno, (node.end_lineno or node.lineno) + 1)}))
            for operator, altered in alterations(node, parent):
                text = ast.unparse(ast.fix_missing_locations(altered))
                replacement = text if isinstance(altered, ast.Constant) else f"({text})"
                site = Site(file, function, node.lineno, lines, operator, "", "", start, stop, replacement)
                own_first, own_last, rest = _own_text(statement, offsets)
                changed = site.apply(source[:own_last])[own_first:] + rest
                if _parses(changed) or _parses(site.apply(source[:last])[first:]):
                    found.append(_described(site, source, offsets))
    return sorted(found, key=lambda site: (site.start, site.stop, site.replacement))


def _place(node: ast.stmt | ast.expr, offsets: list[int]) -> tuple[int, int]:
    """Where the text of a node starts and stops, in bytes."""
    end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
    return offsets[node.lineno - 1] + node.col_offset, offsets[end_line - 1] + end_column


def _own_text(statement: ast.stmt, offsets: list[int]) -> tuple[int, int, bytes]:
    """Where a statement's text starts and stops without the statements inside it, and what then has to be added."""
    start, stop = _place(statement, offsets)
    inside = getattr(statement, "body", None)
    return (start, _place(inside[0], offsets)[0], b"pass") if inside else (start, stop, b"")


def _parses(statement: bytes) -> bool:
    try:
        ast.parse(statement)
    except SyntaxError:
        return False
    return True


def _described(site: Site, source: bytes, offsets: list[int]) -> Site:
    """The site with the whole lines that it changes, before and after."""
    first = offsets[site.line - 1]
    end = source.find(b"\n", site.stop)
    last = len(source) if end < 0 else end
    before = " ".join(source[first:last].decode().split())
    after = " ".join(
        (source[first : site.start] + site.replacement.encode() + source[site.stop : last]).decode().split()
    )
    return Site(**{**site.__dict__, "original": before, "mutated": after})


_Context = tuple[ast.expr, ast.AST | None, ast.stmt, str]


def _of_statement(statement: ast.stmt, function: str) -> Iterator[_Context]:
    """Expressions of a statement and of the statements inside it, each with its parent, statement and function."""
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.Raise | ast.Assert) or _is_not_a_formula(statement):
        return
    inner = function
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        inner = f"{function}.{statement.name}".lstrip(".")
        defaults = (
            [] if isinstance(statement, ast.ClassDef) else [*statement.args.defaults, *statement.args.kw_defaults]
        )
        for default in filter(None, defaults):
            yield from _of_expression(default, None, statement, inner)
    for name, value in ast.iter_fields(statement):
        if name in ("annotation", "returns", "decorator_list", "args", "bases", "keywords", "type_params"):
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.stmt):
                yield from _of_statement(item, inner)
            elif isinstance(item, ast.expr):
                yield from _of_expression(item, None, statement, inner)
            elif isinstance(item, ast.ExceptHandler | ast.match_case):
                for nested in item.body:
                    yield from _of_statement(nested, inner)
            elif isinstance(item, ast.withitem):
                yield from _of_expression(item.context_expr, None, statement, inner)


def _is_not_a_formula(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return True
    if isinstance(statement, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == "__all__" for target in statement.targets)
    return isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test)


def _of_expression(node: ast.expr, parent: ast.AST | None, statement: ast.stmt, function: str) -> Iterator[_Context]:
    if isinstance(node, ast.JoinedStr):
        return
    yield node, parent, statement, function
    yield from _below(node, statement, function)


def _below(node: ast.AST, statement: ast.stmt, function: str) -> Iterator[_Context]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield from _of_expression(child, node, statement, function)
        elif isinstance(child, ast.comprehension | ast.keyword):
            yield from _below(child, statement, function)


def all_sites(root: Path) -> list[Site]:
    """Every mutation of the formulas and the numerics, in the order of the files."""
    paths = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py"))
    return [site for path in paths for site in sites_in(path.read_bytes(), path.relative_to(root).as_posix())]


def sample(sites: list[Site], count: int, seed: int) -> list[Site]:
    """`count` sites, or all if fewer: at least one from each file while that is possible, the rest by size.

    Depends on the seed, the files' names and the sites alone.
    """
    by_file: dict[str, list[Site]] = {}
    for site in sites:
        by_file.setdefault(site.file, []).append(site)
    for file, members in by_file.items():
        random.Random(f"{seed}:{file}").shuffle(members)
    total = max(1, len(sites))
    # Highest-averages order: the k-th site of a file comes at (k - 1) / its share, so that shares fill up evenly.
    ranked = sorted(
        (
            (position * total / len(members), file, site)
            for file, members in by_file.items()
            for position, site in enumerate(members)
        ),
        key=lambda entry: (entry[0], random.Random(f"{seed}:{entry[1]}").random()),
    )
    return [site for _, _, site in ranked[:count]]
