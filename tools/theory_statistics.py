"""How often (C) and (P) hold for random data, and where small networks end: the counts of theory.md 9.1 and 9.2.

    python tools/theory_statistics.py [--sets N] [--laws NAME ..] [--seed S] [--scale L] [--jobs J] [--out FILE.csv]
    python tools/theory_statistics.py --table FILE.csv
    python tools/theory_statistics.py --again FILE.csv --scale L [--out OTHER.csv]
    python tools/theory_statistics.py --search N

Each data set is drawn from a generator of its own, `default_rng([seed, number of the law, number of the set])`, so that
neither the number of sets nor that of processes changes a row. For each set it is decided

- whether (C) holds with the closure of K as its cone, in rationals (in more than two dimensions for all beta in E on
  the hyperplane, which is sufficient for (C));
- whether (C) holds for some cone of type (2): in the plane for two free rays, which is exact, since on one side of b
  the condition is a cubic in the place of the ray; in higher dimensions among the shares that `certify` tries;
- whether (P) holds, by a certificate that `recheck` accepts, or fails: beta* is not in K, or a tube around the limit
  path leads out of K;
- where one network ends that starts with sum a^2 = lambda^2, random signs and a live neuron with a > 0.

The CSV has a row for each set; the table that is printed counts the rows, and `--table` counts those of a file.
`--again` repeats the rows of a file where (P) holds and the network did not end at the fit, from another scale.
`--search` only looks for sets in the plane with beta* in K whose limit path leaves K.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import numpy as np
import sympy
from sympy import Poly, Rational, Symbol

from early_alignment import (
    Dataset,
    EveryStartCertificate,
    Network,
    PathCertificate,
    Undecided,
    certify_by_limit_path,
    certify_every_start,
    recheck,
    simulate,
)
from early_alignment.numerics.certify.every_start.cone import (
    SHARES,
    Hull,
    LinearFit,
    Vector,
    dot,
    hull_of,
    linear_fit_of,
)
from early_alignment.numerics.certify.path.curve import limit_path
from early_alignment.numerics.certify.path.leaving import leaving_tube
from early_alignment.proofs_check.cases.spurious.three_points import random_three_points
from early_alignment.proofs_check.kinds.rechecks import LimitPathLeavesCone

SCALE = 1e-7
"""lambda, unless another one is given."""
WIDTHS = (3, 30)
STARTS = ("balanced", "dominated", "widely dominated")
"""|a| is ||w||, up to 3 times ||w||, or up to 10^6 times ||w||."""
PATHS = ("holds", "fails", "seems to hold", "seems to fail")
"""What is found of (P): proved, or in floats."""
AT_THE_FIT = 1e-6
"""A network is at the least-squares fit when no output is farther from it."""
NEAR_ZERO = 1e-6
"""Where the path in floats begins."""
GROWN = 1e-3
"""A neuron with a < 0 has grown when its |a| ||w|| is more than this part of the sum over all neurons."""
SHARE = Symbol("s", real=True)
Proof = TypeVar("Proof", EveryStartCertificate, PathCertificate)


@dataclass(frozen=True)
class Row:
    """What is found for one data set.

    `closure`, `free`: whether (C) holds with the closure of K, and with some cone; `by_cone`, `by_path`: log10 of
    1/lambda_0 of the certificates by (C) and (P), NaN without one; `segments`: of the tube; `path`: what is found of
    (P), one of `PATHS`; `fit`: whether beta* is in K; `distance`: of the outputs from the least-squares fit at the end
    of the flow; `negative`: the part of the neurons with a < 0 in sum |a| ||w|| at the end.
    """

    law: str
    number: int
    d: int
    n: int
    closure: bool
    free: bool
    by_cone: float
    by_path: float
    segments: int
    path: str
    fit: bool
    start: str
    width: int
    distance: float
    negative: float


def correlating(rng: np.random.Generator, d: int) -> Dataset:
    """Three to six points around the first axis, more than d, with positive products, and labels from 1/8 to 2.

    Integers from -8 to 8 in each coordinate, plus 2 to 8 in the first, over 8; drawn again until the points span the
    space and all products are positive.
    """
    while True:
        n = int(rng.integers(max(3, d + 1), 7))
        points = rng.integers(-8, 9, (n, d)) + int(rng.integers(2, 9)) * np.eye(d, dtype=int)[0]
        if np.linalg.matrix_rank(points) == d and np.all(points @ points.T > 0):
            return _eighths(points, rng.integers(1, 17, n))


def nearly_orthogonal(rng: np.random.Generator, d: int) -> Dataset:
    """d points near the axes, 8 e_k plus 0 or 1 in each coordinate, and up to two small combinations of these."""
    while True:
        near = 8 * np.eye(d, dtype=int) + rng.integers(0, 2, (d, d))
        shares = rng.integers(0, 2, (int(rng.integers(0, 3)), d))
        points = np.vstack([near, shares @ near])
        if np.all(points @ points.T > 0):
            return _eighths(points, rng.integers(4, 13, len(points)))


def _eighths(points: np.ndarray, labels: np.ndarray) -> Dataset:
    inputs = tuple(tuple(Fraction(int(value), 8) for value in point) for point in points)
    return Dataset(inputs, tuple(Fraction(int(value), 8) for value in labels))


LAWS: Mapping[str, Callable[[np.random.Generator], Dataset]] = {
    "plane": partial(correlating, d=2),
    "cloud-3": partial(correlating, d=3),
    "cloud-4": partial(correlating, d=4),
    "box": random_three_points,
    "orthogonal-2": partial(nearly_orthogonal, d=2),
    "orthogonal-3": partial(nearly_orthogonal, d=3),
    "orthogonal-4": partial(nearly_orthogonal, d=4),
}
"""The laws, by name; `box` is data in T(1/6)."""
DEFAULT = {"plane": 400, "box": 400}
"""How many sets of a law are drawn unless `--sets` says so; 150 of any other."""


def row_of(law: str, seed: int, number: int, scale: float = SCALE) -> Row:
    """Draw, decide and follow one data set."""
    rng = np.random.default_rng([seed, list(LAWS).index(law), number])
    data = LAWS[law](rng)
    fit = linear_fit_of(data)
    hull = hull_of(fit)
    start, kind = random_start(rng, data, scale)
    distance, negative = followed(data, start, scale)
    tube = _certificate(certify_by_limit_path, data)
    cone = _certificate(certify_every_start, data)
    return Row(
        law=law,
        number=number,
        d=data.d,
        n=data.n,
        closure=all(hull.facet(i, Fraction(0)).holds for i in range(len(hull.members))),
        free=all(_some_share(hull, i) for i in range(len(hull.members))),
        by_cone=math.nan if cone is None else float(cone.constants.exponent),
        by_path=math.nan if tube is None else float(tube.constants.exponent),
        segments=0 if tube is None else len(tube.tube.rates),
        path="holds" if tube is not None else _without_a_tube(fit),
        fit=min(fit.outputs) > 0,
        start=kind,
        width=len(start.a),
        distance=distance,
        negative=negative,
    )


def _certificate(prove: Callable[[Dataset], Proof], data: Dataset) -> Proof | None:
    """A certificate that `recheck` accepts; None without one. Raises Rejected for one that it does not accept."""
    try:
        found = prove(data)
    except Undecided:
        return None
    recheck(json.dumps(found.to_json()))
    return found


def _leaves(data: Dataset) -> bool:
    """Whether a tube leads out of K, which the checker confirms."""
    try:
        tube = leaving_tube(data)
    except Undecided:
        return False
    return LimitPathLeavesCone(data.inputs, data.labels, tube.path, tube.constants, tube.point).fault() == ""


def _some_share(hull: Hull, i: int) -> bool:
    """Whether (C) is shown at some facet between that of the i-th extreme point and b."""
    if hull.fit.data.d == 2 and len(hull.members) == 2:
        return positive_somewhere(cubic(hull.fit, hull.fit.data.inputs[hull.members[i]]))
    return any(hull.facet(i, share).holds for share in SHARES)


def cubic(fit: LinearFit, x: Vector) -> Poly:
    """<b, v> <e, He> - 2 <b, e> <He, v> for v = x - s <x, b> b/<b, b> and e orthogonal to v, as a polynomial in s.

    In the plane this is condition (C) on the ray of e, if <b, e> > 0 and <b, v> > 0. As s goes from 0 to 1 the ray goes
    from the facet of x to b; <b, e> does not depend on s.
    """
    share = Poly(SHARE, SHARE, domain=sympy.QQ)
    factor = _rational(dot(x, fit.b) / dot(fit.b, fit.b))
    v = [_rational(p) - share * factor * _rational(q) for p, q in zip(x, fit.b, strict=True)]
    side = 1 if fit.b[1] * x[0] - fit.b[0] * x[1] > 0 else -1
    e = [-side * v[1], side * v[0]]
    image = [sum((_rational(h) * entry for h, entry in zip(row, e, strict=True)), 0 * share) for row in fit.H]
    b = [_rational(value) for value in fit.b]
    products = [u[0] * w[0] + u[1] * w[1] for u, w in ((b, v), (e, image), (b, e), (image, v))]
    return products[0] * products[1] - 2 * products[2] * products[3]


def positive_somewhere(polynomial: Poly) -> bool:
    """Whether a polynomial over the rationals is positive somewhere in [0, 1): at the ends, or between its roots."""
    if polynomial.eval(0) > 0 or polynomial.eval(1) > 0:
        return True
    simple, width = polynomial.sqf_part(), Rational(1, 10**6)
    while True:
        roots = [(max(low, 0), min(high, 1)) for (low, high), _ in simple.intervals(eps=width)]
        inside = [(low, high) for low, high in roots if low <= high]
        places = [(Rational(0), Rational(0)), *inside, (Rational(1), Rational(1))]
        gaps = [(before[1], after[0]) for before, after in pairwise(places)]
        if all(left < right or left in (0, 1) for left, right in gaps):
            return any(polynomial.eval((left + right) / 2) > 0 for left, right in gaps if left < right)
        width /= 1000


def _rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


def _without_a_tube(fit: LinearFit) -> str:
    """Whether (P) fails: beta* is not in K, or a tube leads out; otherwise what the path does in floats."""
    if min(fit.outputs) <= 0 or _leaves(fit.data):
        return "fails"
    return "seems to hold" if stays_in_floats(fit) else "seems to fail"


def stays_in_floats(fit: LinearFit) -> bool:
    """Whether the limit path stays in K and comes near beta*, by an integrator in floats."""
    try:
        limit_path(fit, NEAR_ZERO)
    except Undecided:
        return False
    return True


def random_start(rng: np.random.Generator, data: Dataset, scale: float) -> tuple[Network, str]:
    """A dominated start with sum a^2 = lambda^2 that has a live neuron with a > 0, and its kind."""
    kind = STARTS[int(rng.integers(len(STARTS)))]
    width = int(rng.integers(WIDTHS[0], WIDTHS[1] + 1))
    while True:
        w = rng.standard_normal((width, data.d))
        place = rng.uniform(0, 1, width)
        ratio = {"balanced": 0 * place + 1, "dominated": 1 + 2 * place, "widely dominated": 10 ** (6 * place)}[kind]
        a = ratio * np.linalg.norm(w, axis=1) * (2 * rng.integers(0, 2, width) - 1)
        factor = scale / float(np.linalg.norm(a))
        if np.any((w @ data.X.T > 0).any(axis=1) & (a > 0)):
            return Network(factor * a, factor * w), kind


def followed(data: Dataset, start: Network, scale: float) -> tuple[float, float]:
    """The distance of the outputs from the fit at the end, and the part of neurons with a < 0 in sum |a| ||w||."""
    b = data.y @ data.X / data.n
    slowest = float(np.linalg.eigvalsh(data.X.T @ data.X / data.n)[0])
    beta = np.linalg.lstsq(data.X, data.y, rcond=None)[0]
    late = 4 * math.log(1 / scale) / float(np.linalg.norm(b)) + 60 / (slowest * float(np.linalg.norm(beta)))
    flow = simulate(data, start, late, tolerance=1e-9)
    sizes = np.abs(flow.a) * np.linalg.norm(flow.w, axis=1)
    return float(np.max(np.abs(flow.outputs[-1] - data.X @ beta))), float(sizes[flow.a < 0].sum() / sizes.sum())


def table(rows: Sequence[Row]) -> Iterator[str]:
    """For each law how many sets satisfy what."""
    heads = ("law", "sets", "(C) by K", "(C) by a cone", "(P) holds", "(P) fails", *PATHS[2:])
    yield "  ".join(head.ljust(12) for head in heads).rstrip()
    for law in dict.fromkeys(row.law for row in rows):
        own = [row for row in rows if row.law == law]
        numbers = [len(own), sum(row.closure for row in own), sum(row.free for row in own)]
        numbers += [sum(row.path == said for row in own) for said in PATHS]
        cells = zip(heads, (law, *numbers), strict=True)
        yield "  ".join(str(value).ljust(max(len(head), 12)) for head, value in cells).rstrip()


def ends(rows: Sequence[Row]) -> Iterator[str]:
    """Where the networks end, by the condition that holds."""
    stays = [row for row in rows if row.path == "holds"]
    for title, chosen in (
        ("all", rows),
        ("(C) by K", [row for row in rows if row.closure]),
        ("(C) by a cone", [row for row in rows if row.free]),
        ("(P) holds", stays),
        ("(P) but not (C) by K", [row for row in stays if not row.closure]),
        ("(P) but not (C) by a cone", [row for row in stays if not row.free]),
        ("(P) fails", [row for row in rows if row.path == "fails"]),
    ):
        near = [row.distance for row in chosen if row.distance <= AT_THE_FIT]
        far = [row for row in chosen if row.distance > AT_THE_FIT]
        line = f"{title}: {len(near)} of {len(chosen)} at the fit"
        if near:
            line += f" within {max(near):.1e}"
        if far:
            grown = sum(row.negative > GROWN for row in far)
            line += f"; others {min(row.distance for row in far):.2g} away or more, {grown} with a grown neuron a < 0"
        yield line


def tubes(rows: Sequence[Row]) -> Iterator[str]:
    """The certificates by (P), beside those by (C)."""
    found = [row for row in rows if row.segments]
    if found:
        yield f"tubes of {min(row.segments for row in found)} to {max(row.segments for row in found)} segments"
    better = [row.by_cone - row.by_path for row in found if not math.isnan(row.by_cone)]
    if better:
        larger = sum(value > 0 for value in better)
        yield (
            f"on {len(better)} sets with both certificates lambda_0 by (P) is that by (C) times 10^{min(better):.2f} "
            f"to 10^{max(better):.2f}, and larger on {larger}"
        )
    back = sum(row.fit and row.path == "fails" for row in rows)
    yield f"the path leaves K although beta* is in K: {back} of {sum(row.fit for row in rows)} sets"


def leaves_and_comes_back(seed: int, count: int) -> str:
    """Of the first sets of the law `plane` with beta* in K: how many paths leave K, in floats."""
    inside = leaving = 0
    for number in range(count):
        fit = linear_fit_of(LAWS["plane"](np.random.default_rng([seed, list(LAWS).index("plane"), number])))
        if min(fit.outputs) > 0:
            inside += 1
            leaving += not stays_in_floats(fit)
    return (
        f"beta* is in K for {inside} of {count} sets in the plane; for {leaving} of these the path leaves K (in floats)"
    )


def counted(rows: Sequence[Row]) -> Iterator[str]:
    """All that is printed of a table."""
    yield from table(rows)
    yield from ends(rows)
    yield from tubes(rows)


def evaluated(tasks: Sequence[tuple[str, int]], seed: int, scale: float, jobs: int) -> list[Row]:
    """The rows of these laws and numbers, in order; progress goes to standard error."""
    began, rows = time.monotonic(), []
    laws, numbers = [law for law, _ in tasks], [number for _, number in tasks]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        each = map if jobs == 1 else pool.map  # the pool starts processes only when it is used
        for row in each(partial(row_of, scale=scale), laws, [seed] * len(tasks), numbers):
            rows.append(row)
            if len(rows) % 25 == 0:
                print(f"{len(rows)} of {len(tasks)} sets after {time.monotonic() - began:.0f} s", file=sys.stderr)
    return rows


def write(path: Path, rows: Sequence[Row]) -> None:
    """A CSV with a row for each set; measured numbers with three digits."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        written = csv.DictWriter(stream, [field.name for field in fields(Row)], lineterminator="\n")
        written.writeheader()
        for row in rows:
            written.writerow(asdict(row) | {"distance": f"{row.distance:.3g}", "negative": f"{row.negative:.3g}"})


def read(path: Path) -> list[Row]:
    """The rows of a CSV."""
    types = get_type_hints(Row)
    with path.open(newline="", encoding="utf-8") as stream:
        return [
            Row(**{name: _value(types[name], text) for name, text in line.items()}) for line in csv.DictReader(stream)
        ]


def _value(kind: Callable[[str], Any], text: str) -> Any:
    return text == "True" if kind is bool else kind(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, decide, follow, count."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sets", type=int, help="data sets of each law (default: 400 in the plane, 150 of others)")
    options.add_argument("--laws", nargs="+", choices=list(LAWS), default=list(LAWS), help="which laws (default: all)")
    options.add_argument("--seed", type=int, default=0, help="seed of the data and of the starts (default 0)")
    options.add_argument("--jobs", type=int, default=1, help="processes (default 1); the results do not depend on it")
    options.add_argument("--out", type=Path, default=Path("theory_statistics.csv"), help="the table")
    options.add_argument("--scale", type=float, default=SCALE, help=f"lambda (default {SCALE:g})")
    options.add_argument("--table", type=Path, metavar="FILE.csv", help="only count the rows of a table")
    options.add_argument("--again", type=Path, metavar="FILE.csv", help="repeat the exceptions of a table")
    options.add_argument("--search", type=int, metavar="N", help="only look for paths in the plane that come back")
    chosen = options.parse_args(arguments)
    if chosen.search is not None:
        print(leaves_and_comes_back(chosen.seed, chosen.search))
        return 0
    if chosen.table is not None:
        print("\n".join(counted(read(chosen.table))))
        return 0
    if chosen.again is not None:
        found = [row for row in read(chosen.again) if row.path == "holds" and row.distance > AT_THE_FIT]
        tasks = [(row.law, row.number) for row in found]
    else:
        sets = {law: DEFAULT.get(law, 150) if chosen.sets is None else chosen.sets for law in chosen.laws}
        tasks = [(law, number) for law in chosen.laws for number in range(sets[law])]
    rows = evaluated(tasks, chosen.seed, chosen.scale, chosen.jobs)
    write(chosen.out, rows)
    print("\n".join(counted(rows)))
    print(f"written: {chosen.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
