"""What a mutation changes: each operator turns one syntax node into its altered neighbours."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

ARITHMETIC: dict[type[ast.operator], tuple[str, type[ast.operator]]] = {
    ast.Add: ("sign", ast.Sub),
    ast.Sub: ("sign", ast.Add),
    ast.Mult: ("factor", ast.Div),
    ast.Div: ("factor", ast.Mult),
    ast.FloorDiv: ("factor", ast.Mult),
    ast.BitAnd: ("boolean", ast.BitOr),
    ast.BitOr: ("boolean", ast.BitAnd),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_PAIRS = (
    ("min", "max"),
    ("Min", "Max"),
    ("minimum", "maximum"),
    ("fmin", "fmax"),
    ("argmin", "argmax"),
    ("sinh", "cosh"),
    ("sin", "cos"),
    ("any", "all"),
    ("floor", "ceil"),
    ("tanh", "atanh"),
    ("arctan", "arctanh"),
)
FUNCTIONS = {name: other for first, second in _PAIRS for name, other in ((first, second), (second, first))}


def alterations(node: ast.expr, parent: ast.AST | None) -> Iterator[tuple[str, ast.expr]]:
    """(operator, altered node) for everything that can be changed at `node` itself, not below it."""
    if isinstance(node, ast.BinOp):
        yield from _binary(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign", copy.deepcopy(node.operand)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "boolean", copy.deepcopy(node.operand)
    elif isinstance(node, ast.Compare):
        for position, operation in enumerate(node.ops):
            for other in COMPARISONS[type(operation)]:
                altered = copy.deepcopy(node)
                altered.ops[position] = other()
                yield "comparison", altered
    elif isinstance(node, ast.BoolOp):
        altered_bool = copy.deepcopy(node)
        altered_bool.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "boolean", altered_bool
    elif isinstance(node, ast.Constant):
        yield from _constant(node, parent)
    elif isinstance(node, ast.Call):
        yield from _call(node)
    elif (
        isinstance(node, ast.Name) and isinstance(parent, ast.Subscript) and parent.slice is node and node.id.islower()
    ):
        yield "index", ast.BinOp(copy.deepcopy(node), ast.Sub(), ast.Constant(1))
    elif isinstance(node, ast.Name) and isinstance(parent, ast.Slice):
        yield "index", ast.BinOp(copy.deepcopy(node), ast.Add(), ast.Constant(1))


def _binary(node: ast.BinOp) -> Iterator[tuple[str, ast.expr]]:
    if type(node.op) in ARITHMETIC and not _looks_like_types(node):
        name, other = ARITHMETIC[type(node.op)]
        altered = copy.deepcopy(node)
        altered.op = other()
        yield name, altered
    if isinstance(node.op, ast.Mult | ast.Div):
        yield "sign", ast.UnaryOp(ast.USub(), copy.deepcopy(node))


def _looks_like_types(node: ast.BinOp) -> bool:
    """Whether `A | B` is a union of types: a side is None or a capitalised or built-in type name."""
    for side in (node.left, node.right):
        name = side.attr if isinstance(side, ast.Attribute) else side.id if isinstance(side, ast.Name) else ""
        if isinstance(side, ast.Constant) and side.value is None:
            return True
        if isinstance(node.op, ast.BitOr | ast.BitAnd) and (name[:1].isupper() or name in ("int", "float", "str")):
            return True
    return False


def _constant(node: ast.Constant, parent: ast.AST | None) -> Iterator[tuple[str, ast.expr]]:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    index = isinstance(parent, ast.Slice) or (isinstance(parent, ast.Subscript) and parent.slice is node)
    name = "index" if index else "factor"
    if isinstance(value, int):
        yield name, ast.Constant(value + 1)
        if value == 2 and not index:
            yield name, ast.Constant(1)
    else:
        yield name, ast.Constant(2 * value if value else 1.0)


def _call(node: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    function = node.func
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    if name in FUNCTIONS:
        altered = copy.deepcopy(node)
        if isinstance(altered.func, ast.Attribute):
            altered.func.attr = FUNCTIONS[name]
        elif isinstance(altered.func, ast.Name):
            altered.func.id = FUNCTIONS[name]
        yield "function", altered
    if name == "range" and node.args:
        shorter = copy.deepcopy(node)
        last = min(1, len(node.args) - 1)
        shorter.args[last] = ast.BinOp(shorter.args[last], ast.Sub(), ast.Constant(1))
        yield "index", shorter
    for position, keyword in enumerate(node.keywords):
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, int):
            other_axis = copy.deepcopy(node)
            other_axis.keywords[position].value = ast.Constant(0 if keyword.value.value else 1)
            yield "index", other_axis
