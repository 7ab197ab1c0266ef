"""Generated parts of documents, between two marker lines."""

from __future__ import annotations

import re


def between(markdown: str, begin: str, end: str, text: str) -> str:
    """`markdown` with `text` between the markers; ValueError unless both markers are there once, in order."""
    pattern = re.compile(f"{re.escape(begin)}\n.*?{re.escape(end)}", re.DOTALL)
    if len(pattern.findall(markdown)) != 1:
        raise ValueError(f"the document must hold the lines {begin!r} and {end!r} once, in this order")
    return pattern.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", markdown)
