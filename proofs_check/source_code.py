"""This program's own source files, as what is remembered rests on them: their state, and the versions below them."""

from __future__ import annotations

import functools
import hashlib
import platform
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

LIBRARIES = ("sympy", "mpmath", "python-flint", "numpy")
PACKAGES = ("theory", "numerics", "proofs_check")
HERE = Path(__file__).parent
LOADED = time.time()
"""A file written later may differ from the code that is running."""


def fingerprint(leaves_out: Callable[[Path], bool] = lambda path: False) -> tuple[str, ...]:
    """A hash of all source files but those left out, and the versions of Python and the libraries."""
    digest = hashlib.sha256()
    for path in _sources():
        if leaves_out(path):
            continue
        digest.update(f"{path.relative_to(HERE.parent)}\n".encode())
        digest.update(_digest(path))
    versions = [f"{library} {metadata.version(library)}" for library in LIBRARIES]
    return (digest.hexdigest(), f"python {platform.python_version()}", *versions)


def edited() -> bool:
    """Whether a source file was written or removed since this process began to load them."""
    try:
        return any(path.stat().st_mtime > LOADED for path in _sources())
    except OSError:
        return True


@functools.cache
def _digest(path: Path) -> bytes:
    """Read once, although every claim leaves out other files; `edited` notices a later change."""
    return hashlib.sha256(path.read_bytes()).digest()


@functools.cache
def _sources() -> tuple[Path, ...]:
    return tuple(path for package in PACKAGES for path in sorted((HERE.parent / package).rglob("*.py")))
