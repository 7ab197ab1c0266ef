"""The JSON document of `verify --json`."""

from __future__ import annotations

from ...claim.results import Verification
from ..output import json_text


def text(run: Verification) -> str:
    """The document, with a line break at its end."""
    return json_text(run.to_json())
