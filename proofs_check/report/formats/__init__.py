"""Reports of `verify` as files: each module is named after the ending of its files and has a function `text`.

`text` takes a `Verification` and returns what to write.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..output import check_writable, write_text_atomically

if TYPE_CHECKING:
    from ...claim.results import Verification


def check_report(path: str) -> None:
    """Raise InputError unless the ending of `path` names a format and the file can be written."""
    from ....numerics.errors import InputError

    names = [module.name for module in pkgutil.iter_modules(__path__)]
    if Path(path).suffix.removeprefix(".") not in names:
        endings = " or ".join(f".{name}" for name in names)
        raise InputError(f"the report {path} has no known format; let its name end in {endings}")
    check_writable(path)


def write_report(path: str, run: Verification) -> None:
    """Write the results to `path` in the format that its ending names, all of the file or nothing."""
    module = import_module(f"{__name__}.{Path(path).suffix.removeprefix('.')}")
    write_text_atomically(path, module.text(run))
