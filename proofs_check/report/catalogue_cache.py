"""What `list` and `show` say of the built-in claims, kept from an earlier run of exactly this code.

It depends on the source files alone. So the libraries that it takes seconds to load are loaded when a file has changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

from ..cache import store
from ..cache.source_code import edited, fingerprint


@cache
def recorded_verdicts() -> dict[str, str]:
    """The verdict of each built-in claim in the run that was recorded with this version (level quick, seed 0)."""
    text = (resources.files(__package__) / "recorded_verdicts.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def remembered(what: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The JSON object called `what`, from an earlier run or made now."""
    rests_on = ("what is said of claims", what, *fingerprint())
    found = store.entry(rests_on)
    if found is None:
        found = make()
        if not edited():
            store.keep(rests_on, found)
    return found
