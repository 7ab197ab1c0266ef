"""Pasted cases are the cases themselves, bit by bit."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import sympy
from hypothesis import given
from hypothesis import strategies as st

from early_alignment import claim_module, replay
from early_alignment.proofs_check.claim.pasting import python_text, rerun_text

leaves = st.one_of(
    st.integers(), st.floats(allow_nan=False), st.fractions(), st.text(max_size=5), st.booleans(), st.none()
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner),
        st.tuples(inner, inner),
        st.dictionaries(st.text(max_size=3), inner, max_size=2),
    ),
    max_leaves=8,
)


def pasted(value: Any) -> Any:
    text, imports = python_text(value)
    names: dict[str, Any] = {}
    exec("\n".join([*sorted(imports, key=lambda line: "claim_module(" in line), f"value = {text}"]), names)
    return names["value"]


@given(values)
def test_pasted_values_equal_the_originals(value):
    assert pasted(value) == value


def test_values_that_repr_loses_are_pasted_exactly():
    array = np.array([0.1 + 0.2, -0.0, math.inf])
    assert pasted(array).tobytes() == array.tobytes()
    assert math.isnan(pasted(math.nan))
    assert pasted(sympy.Rational(1, 3) * sympy.Symbol("x", real=True)) == sympy.Symbol("x", real=True) / 3
    assert pasted((np.float64(0.1), Fraction(1, 3))) == (0.1, Fraction(1, 3))


def test_a_class_of_the_claim_file_can_be_pasted(claim_file):
    path = claim_file(
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Case:\n    x: float\n"
        "@property_check(st.builds(Case, st.floats(1, 2)))\ndef check(statement, case):\n"
        "    assert isinstance(case, Case)\n    return Margin(case.x, 9, 'planted')\n"
    )
    case = claim_module(path).Case(1.5)
    assert pasted(case) == case
    program = rerun_text(path, "check", case)
    exec(program, {})
    assert replay(path, "check", case).measured == 1.5
    assert str(Path(path).resolve()) in program
