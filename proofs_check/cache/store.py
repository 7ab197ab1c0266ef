"""Where results are kept that need not be computed again: one small JSON file for each.

The name of a file is a hash of everything its content rests on, so that an entry is never wrong, only without use.
Whoever can write to the folder can fake an entry; a reviewer who does not own it runs `verify --no-cache`, or switches
the cache off with EARLY_ALIGNMENT_CACHE=off. In continuous integration (CI=true) it is off unless a folder is named.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

VARIABLE = "EARLY_ALIGNMENT_CACHE"
OFF = "off"


def folder() -> Path | None:
    """Where entries are kept; None when nothing is. The variable may name another folder."""
    named = os.environ.get(VARIABLE, "")
    if named == OFF or (not named and os.environ.get("CI") == "true"):
        return None
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "early-alignment-proofs")


def entry(rests_on: Iterable[str]) -> dict[str, Any] | None:
    """What is kept for exactly these texts; None when nothing is, or nothing that can be read."""
    path = _path(rests_on)
    if path is None:
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def keep(rests_on: Iterable[str], content: Mapping[str, Any]) -> None:
    """Keep `content` for exactly these texts; a folder that cannot be written to is not a failure."""
    path = _path(rests_on)
    if path is None:
        return
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump(content, file)
        Path(file.name).replace(path)


def _path(rests_on: Iterable[str]) -> Path | None:
    place = folder()
    return None if place is None else place / f"{name_of(rests_on)}.json"


def name_of(rests_on: Iterable[str]) -> str:
    """What an entry for these texts is called: other texts, or the same ones divided otherwise, have another name."""
    digest = hashlib.sha256()
    for text in rests_on:
        digest.update(hashlib.sha256(text.encode()).digest())  # so that no two lists run together
    return digest.hexdigest()
