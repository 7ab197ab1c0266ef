"""A flow that has separated two classes as text: how late it is, and how near the directions of largest margin."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from ...numerics.compare.separated import Separated


def separated_lines(found: Separated) -> Iterator[Text]:
    """The lines of the report."""
    when = f"s = {found.rescaled_time:.6g}, log t = {found.log_time:.6g}"
    size = f"||theta|| = {found.norm:.6g}, min y h / ||theta||^2 = {found.normalised_margin:.6g}"
    yield Text(f"all points are classified correctly: {when}, {size}")
    for side in found.sides:
        name = "a > 0" if side.sign > 0 else "a < 0"
        limit = "" if side.predicted_share is None else f", limit {side.predicted_share:.6g}"
        yield Text(
            f"  {name}  {side.angle:.3g} radians from the direction of largest margin; "
            f"||W||/||theta|| = {side.share:.6g}{limit}"
        )
    if found.reason is not None:
        yield Text(f"  the limit of theory.md 11.2 does not apply: {found.reason}")
