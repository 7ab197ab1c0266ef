"""The list of published data sets, for people and for programs."""

from __future__ import annotations

import textwrap
from typing import Any

from ...numerics.data.dataset import Dataset
from ...numerics.data.published import PUBLISHED
from .output import JSON_SCHEMA

_WIDTH = 100


def list_document() -> dict[str, Any]:
    """The list as a JSON document; `d` counts the bias coordinate that `--bias` appends."""
    entries = []
    for entry in PUBLISHED.values():
        data = Dataset.published(entry.name)
        entries.append({"name": entry.name, "n": data.n, "d": data.d, "source": entry.source, "notes": entry.notes})
    return {"schema": JSON_SCHEMA, "data": entries}


def list_text() -> str:
    """The list as a table, one data set a paragraph, and how to use it."""
    entries = list_document()["data"]
    wide = max(len(entry["name"]) for entry in entries)
    lines = [f"{'name':<{wide}}   n   d  notes and source"]
    for entry in entries:
        head = f"{entry['name']:<{wide}} {entry['n']:>3} {entry['d']:>3}  "
        body = textwrap.wrap(entry["notes"], _WIDTH - len(head)) + textwrap.wrap(entry["source"], _WIDTH - len(head))
        lines += [head + body[0], *(" " * len(head) + line for line in body[1:])]
    example = "three-points"
    lines += [
        "",
        "d counts the bias coordinate, which the files leave out and --bias appends. For example:",
        f"  proofs-check data {example} > {example}.csv",
        f"  proofs-check predict {example}.csv --bias",
    ]
    return "\n".join(lines) + "\n"
