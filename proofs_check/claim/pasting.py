"""Python text that rebuilds a case exactly, with the imports it needs.

`repr` alone is not enough: arrays are rounded, NaN has no name, and a claim file's own classes have to be found again.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np
import sympy

from .registry import user_file_of


def python_text(value: Any) -> tuple[str, frozenset[str]]:
    """An expression that evaluates to `value`, and the import lines it needs.

    Exact for numbers, fractions, strings, tuples, lists, sets, mappings, dataclasses, enumerations, NumPy arrays and
    SymPy expressions; `repr` for anything else.
    """
    imports: set[str] = set()
    return _text(value, imports), frozenset(imports)


def _text(value: Any, imports: set[str]) -> str:
    if isinstance(value, Enum):
        return f"{_class_name(type(value), imports)}.{value.name}"
    if isinstance(value, np.generic):
        return _text(value.item(), imports)
    if isinstance(value, float):
        if math.isfinite(value):
            return repr(float(value))
        imports.add("from math import inf, nan")
        return repr(float(value))
    if isinstance(value, Fraction):
        imports.add("from fractions import Fraction")
        return f"Fraction({value.numerator}, {value.denominator})"
    if isinstance(value, sympy.Basic):
        imports.add("import sympy")
        return f"sympy.sympify({sympy.srepr(value)!r})"
    if isinstance(value, np.ndarray):
        imports.add("import numpy as np")
        return f"np.array({_text(value.tolist(), imports)}, dtype={value.dtype.name!r})"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = (item for item in dataclasses.fields(value) if item.init)
        arguments = ", ".join(f"{item.name}={_text(getattr(value, item.name), imports)}" for item in fields)
        return f"{_class_name(type(value), imports)}({arguments})"
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        arguments = ", ".join(f"{name}={_text(part, imports)}" for name, part in zip(value._fields, value, strict=True))
        return f"{_class_name(type(value), imports)}({arguments})"
    if isinstance(value, tuple):
        parts = ", ".join(_text(part, imports) for part in value)
        return f"({parts},)" if len(value) == 1 else f"({parts})"
    if isinstance(value, list):
        return "[" + ", ".join(_text(part, imports) for part in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key, imports)}: {_text(part, imports)}" for key, part in value.items()) + "}"
    return repr(value)


def _class_name(kind: type, imports: set[str]) -> str:
    """The class's name, after noting where it comes from: a module, or a claim file given by its path."""
    path = user_file_of(kind.__module__)
    top_level = kind.__qualname__.split(".")[0]
    if path is not None:
        imports.add("from early_alignment import claim_module")
        imports.add(f"{top_level} = claim_module({str(path)!r}).{top_level}")
    elif kind.__module__ != "builtins":
        imports.add(f"from {kind.__module__} import {top_level}")
    return kind.__qualname__


def rerun_text(claim: str, evidence: str, case: Any) -> str:
    """Python, ready to paste, that runs the evidence function of this name on this case and prints the margin."""
    text, needed = python_text(case)
    imports = sorted({*needed, "from early_alignment import replay"}, key=_imports_first)
    return "\n".join([*imports, f"print(replay({claim!r}, {evidence!r}, {text}))"])


def _imports_first(line: str) -> tuple[bool, str]:
    return (not line.startswith(("from ", "import ")), line)
