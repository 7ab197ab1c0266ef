"""This program's own source files, on which cached results depend: their state, and the versions below them."""

from __future__ import annotations

import functools
import hashlib
import platform
import time
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path

import early_alignment

LIBRARIES = ("sympy", "mpmath", "python-flint", "numpy")
PACKAGES = ("theory", "numerics", "proofs_check")
LOADED = time.time()
"""A file written later may differ from the code that is running."""


def fingerprint(leaves_out: Callable[[Path], bool] = lambda path: False) -> tuple[str, ...]:
    """A hash of all source files but those left out, and the versions of Python and the libraries."""
    digest = hashlib.sha256()
    for package, folder, path in _sources():
        if leaves_out(path):
            continue
        digest.update(f"{package} {path.relative_to(folder)}\n".encode())
        digest.update(_digest(path))
    versions = [f"{library} {metadata.version(library)}" for library in LIBRARIES]
    return (digest.hexdigest(), f"python {platform.python_version()}", *versions)


def edited() -> bool:
    """Whether a source file was written or removed since this process began to load them."""
    try:
        return any(path.stat().st_mtime > LOADED for _, _, path in _sources())
    except OSError:
        return True


@functools.cache
def _digest(path: Path) -> bytes:
    """Read once, although every claim leaves out other files; `edited` notices a later change."""
    return hashlib.sha256(path.read_bytes()).digest()


@functools.cache
def _sources() -> tuple[tuple[str, Path, Path], ...]:
    """Every file with its package and that one's folder; first those that name what `early_alignment` offers."""
    own = Path(str(early_alignment.__file__)).parent
    folders = [(name, Path(str(import_module(f"early_alignment.{name}").__file__)).parent) for name in PACKAGES]
    return (
        *(("", own, path) for path in sorted(own.glob("*.py*"))),
        *((name, folder, path) for name, folder in folders for path in sorted(folder.rglob("*.py"))),
    )
