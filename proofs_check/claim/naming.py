"""How claims are named on the command line."""

from __future__ import annotations


def looks_like_file(name: str) -> bool:
    """Whether a selection names a file rather than an id or a group."""
    return name.endswith(".py") or "/" in name or "\\" in name
