"""One face of the arrangement, exactly: its drift, and whether that drift is extremal (theory.md 3.7)."""

from __future__ import annotations

import contextlib
import math
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..geometry.covectors import Pattern
from ..geometry.integers import Integers, Spanned, dot, independent_rows, sign, solve
from ..geometry.zonotope import contains


@dataclass(frozen=True)
class ExtremalFace:
    """An extremal vector in span coordinates: D = unit * sum_i `drift[i]` basis_i / `scale`, seen by sign `seen_by`.

    `pattern` (h,) is the face {sign <w, x_h>} that holds w = `seen_by` * D.
    """

    pattern: Pattern
    drift: Integers
    scale: int
    seen_by: int


class OutOfTime(Exception):
    """The time limit of a search has passed, or it was interrupted."""


_interrupted = threading.Event()


@contextlib.contextmanager
def ended_by_interrupt() -> Iterator[None]:
    """Let Ctrl-C end searches as a time limit does: what was found is kept. A second one interrupts the program."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT) or signal.default_int_handler

    def end(_number: int, _frame: object) -> None:
        _interrupted.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        _interrupted.clear()


@dataclass(frozen=True)
class Deadline:
    """When a search must end, on the clock `time.monotonic`; infinite without a limit."""

    end: float = math.inf

    @classmethod
    def after(cls, seconds: float | None) -> Deadline:
        """The deadline so many seconds from now; None for no limit."""
        return cls() if seconds is None else cls(time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """The seconds left, 0 after the end and after an interrupt."""
        return 0.0 if _interrupted.is_set() else max(self.end - time.monotonic(), 0.0)

    def check(self) -> None:
        """Raise OutOfTime after the end; to be called wherever a fraction of a second may have passed."""
        if _interrupted.is_set() or time.monotonic() > self.end:
            raise OutOfTime


UNLIMITED = Deadline()
"""No time limit; an interrupt still ends the search."""


@dataclass(frozen=True)
class Enumeration:
    """What a route returns.

    Every extremal face it found, a drift of largest norm in the union over all w != 0 of frakD(w, 0) (span coordinates,
    (e,)), and whether exact arithmetic showed that none is missing. `count`: how many there are, where that is known
    without listing them.
    """

    faces: tuple[ExtremalFace, ...]
    largest: Integers
    complete: bool
    count: int | None = None


def face_drift(data: Spanned, pattern: Pattern) -> tuple[Integers, int, list[int], list[int]]:
    """D = P_Sigma(sum over the other points) on the face `pattern`, Sigma its hyperplanes (theory.md 3.7).

    Returns D's span coordinates times a scale > 0, the scale, a basis of Sigma, and the multiples of the basis, times
    the scale, that D needs.
    """
    on_face = [place for place, value in enumerate(pattern) if value == 0]
    others = data.combine(
        [
            above if value > 0 else below if value < 0 else 0
            for value, above, below in zip(pattern, data.positive, data.negative, strict=True)
        ]
    )
    basis = [on_face[place] for place in independent_rows([data.covector[place] for place in on_face])]
    needed = solve([[data.inner(i, j) for j in basis] for i in basis], [-dot(data.covector[i], others) for i in basis])
    scale = math.lcm(*(value.denominator for value in needed))
    multiples = [int(value * scale) for value in needed]
    drift = tuple(
        scale * entry + sum(t * data.primal[place][axis] for t, place in zip(multiples, basis, strict=True))
        for axis, entry in enumerate(others)
    )
    return drift, scale, basis, multiples


def extremal_face(data: Spanned, pattern: Pattern) -> ExtremalFace | None:
    """The extremal vector D in frakD(w, 0) with +-D on the face `pattern` (h,) of w, or None if there is none.

    It is extremal when D != 0, when all signs <D, x_h> equal the pattern (seen by a > 0) or all equal its opposite
    (a < 0), and when D minus the other points' sum is within reach of the slopes on the face.
    """
    drift, scale, basis, multiples = face_drift(data, pattern)
    on_face = [place for place, value in enumerate(pattern) if value == 0]
    seen_by = 0
    for value, covector in zip(pattern, data.covector, strict=True):
        found = sign(dot(covector, drift))
        if value * found == 0:
            if value != found:
                return None
        elif seen_by == 0:
            seen_by = value * found
        elif value * found != seen_by:
            return None
    if seen_by == 0 or not _within_slopes(data, on_face, basis, multiples, scale):
        return None
    return ExtremalFace(pattern, drift, scale, seen_by)


def _within_slopes(
    data: Spanned, on_face: Sequence[int], basis: Sequence[int], multiples: Sequence[int], scale: int
) -> bool:
    """Whether sum_basis multiples u / scale is a contribution that slopes in [g, 1] on the face can give."""
    if len(on_face) == len(basis):
        return all(
            data.low[place] * scale <= t <= data.high[place] * scale for t, place in zip(multiples, basis, strict=True)
        )
    generators = [tuple(data.inner(i, place) for i in basis) for place in on_face]
    target = [sum(t * data.inner(i, place) for t, place in zip(multiples, basis, strict=True)) for i in basis]
    return contains(
        generators, [data.low[place] for place in on_face], [data.high[place] for place in on_face], target, scale
    )
