"""Theory.md 3.8: how many activation patterns n points in general position have.

Theorem. If every min(n, d) of the vectors x_1, .., x_n in R^d are linearly independent, the hyperplanes <w, x_k> = 0
cut R^d into

    C(n, d) = 2 sum_{i=0}^{d-1} binomial(n - 1, i)

cells: so many patterns without zeros occur.

Source: Schläfli 1852 (published 1901); Cover 1965; Zaslavsky 1975, the function-counting theorem.
The recursion C(n+1, d+1) = C(n, d+1) + C(n, d) behind it is proved in SymPy. Points of the moment curve are counted
pattern by pattern in exact rationals; the theorem is tested on random normals, counted by deletion and restriction.
"""

from __future__ import annotations

from fractions import Fraction

import sympy

from ....numerics.oracles.rational import Vector, cells, count_cells
from ...cases import neuron_examples
from ...cases.alignment.cell_count import normals_in_general_position
from ...claim.evidence import Certificate, Margin, Run, Zero, certified, property_check, symbolic
from ...claim.statement import Claim, Mutant, Source

n, d = sympy.symbols("n d", integer=True, positive=True)
i = sympy.Symbol("i", integer=True, nonnegative=True)
cell_number = sympy.Function("C")


def _number(last: sympy.Expr) -> sympy.Eq:
    """C(n, d) = 2 sum_{i=0..last} binomial(n-1, i)."""
    return sympy.Eq(cell_number(n, d), 2 * sympy.Sum(sympy.binomial(n - 1, i), (i, 0, last)), evaluate=False)


CLAIM = Claim(
    id="alignment.cell-count",
    title="Number of cells of n hyperplanes through the origin, in general position",
    kind="equality",
    statement=_number(d - 1),
    hypotheses=("every min(n, d) of the n normals are linearly independent",),
    scope="n >= 1 hyperplanes through the origin of R^d, d >= 1; a cell is a pattern without zeros that some w has",
    source=Source("Schläfli 1852 (published 1901); Cover 1965; Zaslavsky 1975", "function-counting theorem", "3.8"),
    needs=("certified", "property"),
    mutants=(
        Mutant(
            "sum up to d",
            _number(d),
            "two points on the line (n = 2, d = 1) have the cells w > 0 and w < 0, not 2 (1 + 1) = 4",
        ),
        Mutant(
            "sum up to d - 2",
            _number(d - 2),
            "one point on the line (n = d = 1) has 2 cells, not 0",
        ),
    ),
    names={
        "C(n, d)": "the number of cells of the n hyperplanes in R^d",
    },
    examples=neuron_examples.cells,
)


def _predicted(statement: sympy.Eq, points: int, dimension: int) -> int:
    return int(statement.rhs.subs({n: points, d: dimension}).doit())


def _moment_curve(points: int, dimension: int) -> list[Vector]:
    """Normals (1, t, .., t^(d-1)), t = 1..n: any d of them are independent, by Vandermonde."""
    return [tuple(Fraction(t) ** power for power in range(dimension)) for t in range(1, points + 1)]


@certified(covers="instance")
def every_pattern_of_the_moment_curve_is_decided(statement: sympy.Eq, run: Run) -> Certificate:
    """Each sign pattern is realised or excluded by exact elimination, for n up to 6 (full: 8) and d up to 3 (4)."""
    largest, dimensions = run.choose((6, 3), (8, 4))
    grid = [(points, dimension) for dimension in range(1, dimensions + 1) for points in range(1, largest + 1)]
    for points, dimension in grid:
        counted, predicted = len(cells(_moment_curve(points, dimension))), _predicted(statement, points, dimension)
        if counted != predicted:
            where = {"n": points, "d": dimension, "normals": "(1, t, .., t^(d-1)), t = 1..n"}
            return Certificate(len(grid), f"{counted} cells, predicted {predicted}", counterexample=where)
    return Certificate(len(grid), "all patterns counted one by one, in rationals")


@property_check(normals_in_general_position, quick=25, full=400)
def deletion_and_restriction_count_the_same(statement: sympy.Eq, case: tuple[Vector, ...]) -> Margin:
    """Random normals, cells counted by deleting hyperplanes and restricting to them, in rationals."""
    counted, predicted = count_cells(case), _predicted(statement, len(case), len(case[0]))
    return Margin(abs(counted - predicted), 0.0, "both numbers are integers, counted exactly", {"cells": counted})


@symbolic(covers="lemma")
def the_number_obeys_deletion_and_restriction(statement: sympy.Eq) -> list[Zero]:
    """C(n, 1) = 2 = C(1, d) and C(n+1, d+1) = C(n, d+1) + C(n, d), term by term (Pascal's rule).

    Deleting a hyperplane from general position, and restricting to it, leave n hyperplanes in general position, in
    R^(d+1) and R^d: this recursion is the induction step of the theorem.
    """
    total = statement.rhs / 2
    term, last = total.function, total.limits[0][2]
    pascal = term.subs({n: n + 1, i: i + 1}, simultaneous=True) - term.subs(i, i + 1) - term
    later = sympy.Symbol("i", integer=True, positive=True)
    return [
        Zero("C(n, 1) - 2", statement.rhs.subs(d, 1).doit() - 2),
        Zero("C(1, d) - 2", 2 * term.subs({n: 1, i: 0}) - 2),
        Zero("later terms of C(1, d)", term.subs({n: 1, i: later}, simultaneous=True)),
        Zero("one term more a dimension", last.subs(d, d + 1) - last - 1),
        Zero("first term, n + 1 and n hyperplanes", term.subs({n: n + 1, i: 0}) - term.subs(i, 0)),
        Zero("Pascal's rule", sympy.combsimp(pascal)),
    ]
