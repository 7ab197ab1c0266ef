"""Enclosures of the limit path that violate one condition each, to see that `recheck_path` checks every one of them.

They are made by hand from the same symmetric data as the certificates of `false_certificates.py`, in pairs: one
violates a condition, and the other, with one number moved, satisfies it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from ..recheck import Rejected
from ..recheck.limit_path import recheck_path
from .false_certificates import CURVED, UNEVEN, Parts, asymmetric, backwards, reflected, with_corner


def cells() -> Iterator[tuple[Parts, int, str, bool]]:
    """Tubes, the number of one cell, a condition, and whether this cell satisfies it if all neurons are parallel.

    Of two that follow each other the first violates the condition, and the second is the same with one corner moved.
    """

    def leaves(side: int) -> str:
        return f"the path may leave through side {side}"

    yield with_corner("left", 0, ("1/100", "1/8")), 0, leaves(2), False  # b points out of the triangle
    yield Parts(), 0, leaves(2), True
    yield with_corner("right", 0, ("-1/100", "1/8")), 0, leaves(0), False
    yield Parts(), 0, leaves(0), True
    beyond = with_corner("left", 0, ("-3/10", "3/10"))
    yield with_corner("right", 0, ("3/10", "56/100"), beyond), 0, leaves(0), False  # D points out at R_0 only
    yield with_corner("right", 0, ("3/10", "54/100"), beyond), 0, leaves(0), True
    yield (
        with_corner("right", 0, ("-1/100", "56/100"), with_corner("left", 0, ("-3/10", "1/2"))),
        0,
        leaves(0),
        False,
    )  # at 0 only
    yield Parts(), 0, leaves(0), True
    yield (
        with_corner("right", 0, ("1/60", "833e-5")),
        0,
        "a point may be seen at a smaller cosine",
        False,
    )  # <R_0, x_1> < 0
    yield with_corner("right", 0, ("1/60", "834e-5")), 0, "a point may be seen at a smaller cosine", True
    yield with_corner("right", 1, ("1/36", "124999e-6")), 1, "is not convex", False
    yield with_corner("right", 1, ("1/36", "125001e-6")), 1, "is not convex", True
    yield with_corner("right", 3, ("1/20", "550001e-6")), 3, "may hold beta*", False
    yield with_corner("right", 3, ("1/20", "549999e-6")), 3, "may hold beta*", True
    for side, sign, number in (("right", "", 0), ("left", "-", 2)):  # narrower than the flow
        yield with_corner(side, 1, (f"{sign}1/50", "1/4")), 1, leaves(number), False
        yield with_corner(side, 1, (f"{sign}1/36", "1/4")), 1, leaves(number), True
    for height, violated, satisfied in (("20/100", "66e-3", "67e-3"), ("21/100", "58e-3", "60e-3")):
        yield with_corner("right", 1, (violated, height), CURVED), 1, leaves(0), False
        yield with_corner("right", 1, (satisfied, height), CURVED), 1, leaves(0), True
    yield backwards("49/100"), 2, leaves(3), False
    yield backwards("48/100"), 2, leaves(3), True


def path_answers() -> Iterator[str | None]:
    """For every enclosure of a limit path what is wrong with the answer of `recheck_path`; None where it is right."""
    for parts, number, condition, holds in cells():
        said = _said_of_path(parts)
        rejected = said is not None and said.startswith(f"cell {number}") and condition in said
        yield None if rejected != holds else f"cell {number}, {condition!r}: {said or 'accepted'}"
    plain, in_cell, at_end = Parts(), "cell 0: a point may be seen", "where the path ends a point may be seen"
    for parts, cosine, condition, holds in (
        (plain, "392393e-6", at_end, False),
        (plain, "392392e-6", "", True),
        (plain, "827476e-6", in_cell, False),
        (plain, "827475e-6", in_cell, True),
        (UNEVEN, "385824e-6", at_end, False),
        (UNEVEN, "385823e-6", "", True),
        (reflected(UNEVEN), "385824e-6", at_end, False),
        (reflected(UNEVEN), "385823e-6", "", True),
        (asymmetric("45/100"), "0", "||S|| may not grow", False),
        (asymmetric("42/100"), "0", "||S|| may not grow", True),
        (replace(plain, left=plain.left[:1], right=plain.right[:1]), "0", "may hold 0", False),
        (replace(plain, c="0"), "0", "may be parallel", False),
        (replace(plain, left=plain.left[:2]), "0", "as many left as right ends", False),
    ):
        said = _said_of_path(parts, cosine)
        rejected = said is not None and condition in said
        yield None if rejected != holds else f"an enclosure at cosine {cosine}, {condition!r}: {said or 'accepted'}"
    yield from _data_that_do_not_fit()
    for low, high, holds in (
        ("1/1000", "1/1000", True),
        ("1/10", "0", False),
        ("0", "1/10", False),
        ("-1", "-1", False),
    ):
        said = _said_of_path(plain, "0", low, high)
        yield None if (said is None) == holds else f"an enclosure for labels -{low} to +{high}: {said or 'accepted'}"


def _data_that_do_not_fit() -> Iterator[str | None]:
    """One label too many, one too few, and no data at all."""
    for inputs, labels in ((2, 3), (3, 2), (0, 0)):
        said = _said_of_path(Parts(), counts=(inputs, labels))
        rejected = said is not None and "one label for each input" in said
        yield None if rejected else f"an enclosure for {inputs} inputs and {labels} labels: {said or 'accepted'}"


def _said_of_path(
    parts: Parts, cosine: str = "0", low: str = "0", high: str = "0", counts: tuple[int, int] = (3, 3)
) -> str | None:
    """The sentence with which an enclosure of the path for these data is rejected; None when it is accepted.

    The labels may be smaller by `low` and larger by `high`; only the first `counts` inputs and labels are given.
    """
    inputs = [((u, u), (v, v)) for u, v in parts.data.inputs[: counts[0]]]
    labels = [(label - Fraction(low), label + Fraction(high)) for label in parts.data.labels[: counts[1]]]
    left, right = ([parts.turned(corner) for corner in side] for side in (parts.left, parts.right))
    try:
        recheck_path(inputs, labels, left, right, Fraction(cosine))
    except Rejected as reason:
        return str(reason)
    except (ValueError, ZeroDivisionError) as error:  # an exception is not an answer
        return f"{type(error).__name__}: {error}"
    return None
