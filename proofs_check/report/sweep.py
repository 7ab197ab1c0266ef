"""A sweep that has ended, as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.text import Text

UNRESOLVED_SHOWN = 8


def sweep_lines(name: str, found: dict[str, Any], figure: Sequence[Path]) -> Iterator[Text]:
    """The lines of the report from the JSON object of a sweep, to be printed without wrapping."""
    runs, before = found["runs"], found["computed_before"]
    earlier = f", {before} of them computed before" if before else ""
    yield Text(f"{name}: {runs} runs{earlier}, in {found['seconds']:.3g} s")
    for end, count in found["ends"].items():
        yield Text(f"  {count:>8}  {end}")
    for entry in found["unresolved"][:UNRESOLVED_SHOWN]:
        yield Text(f"  run {entry['number']} is {entry['end']}: {entry['message']}", style="bold red")
    if len(found["unresolved"]) > UNRESOLVED_SHOWN:
        yield Text(f"  and {len(found['unresolved']) - UNRESOLVED_SHOWN} more, see the column message")
    yield Text(f"results  {found['results']}")
    yield Text(f"figure   {', '.join(map(str, figure))}")
