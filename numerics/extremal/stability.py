"""How stable an extremal vector is for the neurons that see it (theory.md 3.7, restated to agree with 6.1).

Near D the preactivations y_h = <w, x_h> on the face obey y' = a Gram (s(y) - s*), with s* the contributions that make
up D and s_h(y_h) the ones on either side. Hyperplane by hyperplane, with P the merged pull and a the seeing sign:

- a P < 0: both sides push towards it. With all hyperplanes so, this is the gradient flow of a convex function of y:
  a full neighbourhood aligns with D. That includes a slope s*_h at g or 1: one side then has exactly the drift D, on it
  y_h stays bounded while |a| grows like e^{||D|| t}, so it aligns too.
- a P > 0 with the slope at g or 1: the side whose drift is exactly D aligns, the other side is repelled.
- a P > 0 with the slope strictly inside: both sides are repelled.
"""

from __future__ import annotations

from fractions import Fraction

from ..geometry.integers import Spanned, dot, rank, solve
from .face import ExtremalFace


def stability(data: Spanned, face: ExtremalFace) -> str:
    """The stability of an extremal face for neurons of the seeing sign.

    "attracting": a full neighbourhood aligns; "one-sided": an open set of starts, but no neighbourhood; "repelling":
    every direction is repelled (rank d - 1); "saddle": the rest; "undetermined": the slopes are not unique.

    Hyperplanes are merged as in 2.6: one whose merged pull is 0 has no jump, contributes the same on both sides and
    does not belong to the face. The others' directions must be independent and the contributions they need within the
    merged range (with opposite pulls on one direction the literal range is wider), or only the flow decides.
    """
    on_face = [place for place, value in enumerate(face.pattern) if value == 0 and data.jump_sign[place]]
    slopes = _slopes(data, face, on_face)
    if slopes is None or any(not 0 <= slope <= 1 for slope in slopes):
        return "undetermined"
    inside = [0 < slope < 1 for slope in slopes]
    pushes_away = [face.seen_by * data.jump_sign[place] > 0 for place in on_face]
    if not any(pushes_away):
        return "attracting"
    if not any(away and interior for away, interior in zip(pushes_away, inside, strict=True)):
        return "one-sided"
    full_rank = len(on_face) == data.hyperplanes.dimension - 1
    return "repelling" if full_rank and all(pushes_away) and all(inside) else "saddle"


def _slopes(data: Spanned, face: ExtremalFace, on_face: list[int]) -> list[Fraction] | None:
    """Where in the merged range [negative, positive] (0 to 1) each hyperplane's contribution to D lies, or None.

    None when the directions are dependent, or when the hyperplanes without jump would have to give something else than
    the contribution they have on both sides.
    """
    if rank([data.covector[place] for place in on_face]) < len(on_face):
        return None
    others = data.combine(
        [
            above if value > 0 or (value == 0 and jump == 0) else below if value < 0 else 0
            for value, jump, above, below in zip(
                face.pattern, data.jump_sign, data.positive, data.negative, strict=True
            )
        ]
    )
    missing = [entry - face.scale * other for entry, other in zip(face.drift, others, strict=True)]
    multiples = solve(
        [[data.inner(i, j) for j in on_face] for i in on_face], [dot(data.covector[i], missing) for i in on_face]
    )
    for axis, entry in enumerate(missing):
        if (
            sum((t * data.primal[place][axis] for t, place in zip(multiples, on_face, strict=True)), Fraction(0))
            != entry
        ):
            return None
    return [
        (t / face.scale - data.negative[place]) / (data.positive[place] - data.negative[place])
        for t, place in zip(multiples, on_face, strict=True)
    ]
