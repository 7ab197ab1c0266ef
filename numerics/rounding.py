"""What rounding leaves uncertain: the allowances of the numerics for errors of doubles, each with its derivation.

A sum of k products of doubles is off by at most about k u of the sum of their sizes, u = 2^-53 = 1.1e-16 (Higham,
Accuracy and Stability of Numerical Algorithms, section 3.1); errors of random sign add up to some sqrt(k) u only.
Allowances are of two kinds. Some decide by themselves, where nothing better is known: these stay as near to rounding as
is safe, 100 to 1000 u. Others only say when exact arithmetic has to decide, or whether two numbers are roundings of one
exact number: these are far above rounding, and only cost time when they are too large.

Tolerances of integrators and of solvers of optimisation problems are with those that use them. The oracles
(`numerics.oracles`) share nothing with what they check, and have their own.
"""

from __future__ import annotations

import numpy as np

EPS = float(np.finfo(np.float64).eps)
"""2 u = 2^-52: the distance from 1 to the next double."""


def balanced_allowance(d: int) -> float:
    """How far a^2 and ||w||^2 in R^d may be apart, as a share of ||w||^2, for a neuron that is meant to be balanced.

    (d + 4) eps: a norm computed in doubles is off by (d/2 + 1) u from the sum and by u from the root, its square by
    twice that, (d + 4) u = (d/2 + 2) eps; to square and to add up the weights again costs as much.
    """
    return (d + 4) * EPS


SUM = 1e-13
"""Of the sum of the sizes: what a sum over the data is off by. Never more for up to 900 points, k u; for random errors
up to 10^5."""

STANDING = 1e-13
"""Of |a|: a neuron that lies on a hyperplane, or moves along it, is put on either side of it by rounding, and is
behind it only when it is this far away. Its height is an inner product in R^(d+1) carried by a map: k is some d^2."""

SPEED = 1e-14
"""Of ||D||: what the speed <D, normal> is off by in R^d; k = d + 2, d up to 90."""

SPEED_AT_SHARE = 10 * SUM
"""Of the speeds: the same for one that is interpolated within a step. Each value is a sum over the data, and at nine
Chebyshev points their errors are magnified by less than 3 (the Lebesgue constant); two of them are compared."""

SLOPE = 1e-11
"""Of its range: what the slope on a face is off by. It is a quotient of sums over the data, off by `SUM` where the jump
is as large as the sums; up to a hundredth of that is allowed for."""

DRIFT = 8 * EPS
"""Of the bound (1/n) sum |p_k| ||x_k||: what is left of a drift that vanishes, for errors of random sign."""

ON_LINE = 16 * EPS
"""Of ||w||: what is left of its part across a line in R^d when it lies on it: a projection, k = d + 4 and up to 32."""

TOGETHER = 1e-13
"""Of the path and of the neuron: hyperplanes that are hit within it are hit together. As `STANDING`."""

DIRECTION = 1e-15
"""Of a unit vector w/||w|| in R^d: k = d/2 + 3 for the norm and the division, d up to 12."""

ANGLE = 1e-14
"""In radians: what the angle between two directions computed in doubles is off by; k = 2 d + 6."""

TIME = 1e-12
"""Of a time: that of a neuron followed by itself and among others differ by some 50 u for each event, up to 100 events;
also two ways to compute one time."""

AT_REST_ON_HYPERPLANE = 1e-11
"""Cosine with an input: a neuron that came to rest on a hyperplane after up to 100 events, each off by `STANDING`."""

SAME_VECTOR = 1e-9
"""Of ||D||: two vectors nearer than this are roundings of one exact vector. Those of different patterns differ by much
more on data with few digits; nothing that is proved rests on it."""

DOUBTFUL = 1e-9
"""Of the sizes that are added up: a sign is left to exact arithmetic where the float is nearer to 0. As the bound of an
error k u it would do for k = 10^7; generic values are far above."""

BOUND = 1.0 + 1e-9
"""Factor by which a bound in floats is enlarged that has to stay above one in exact arithmetic: its own rounding is
bounded beside it, and only the few operations after that are left."""
