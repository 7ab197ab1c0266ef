"""The compiled kernels of the two engines: whether they are on disk, and saying so before they are compiled."""

from __future__ import annotations

from pathlib import Path

from numba.core.dispatcher import Dispatcher

from .. import compiled_code
from .engines import EngineName


def announce_compilation() -> None:
    """From now on, log one warning before kernels are compiled; those of other sources are dropped."""
    compiled_code.announce_compilation(*_one_of_each_engine())


def compiled_code_is_cached(engine: EngineName = "patterns") -> bool:
    """Whether the kernels that every run of an engine with an event needs are on disk, compiled from these sources.

    Only numba's index files are looked at. A cache made for another processor is not noticed here, but
    `announce_compilation` notices it.
    """
    from .engine import event_free, interpolant, step, walk
    from .neurons import faces, follow

    for kernel in _one_of_each_engine():
        compiled_code.drop_stale_code(kernel)
    kernels = {
        "patterns": (event_free.advance, step.dense, interpolant._tabulate, walk.walk),
        "neurons": (faces.bases, follow.follow),
    }
    return all(_is_cached(function) for function in kernels[engine])


def _one_of_each_engine() -> tuple[Dispatcher, Dispatcher]:
    from .engine import event_free
    from .neurons import follow

    return event_free.advance, follow.follow


def _is_cached(function: Dispatcher) -> bool:
    source = Path(function.py_func.__code__.co_filename)
    folder = function.stats.cache_path
    if folder is None:
        return False
    indices = Path(folder).glob(f"{source.stem}.{function.py_func.__name__}-*.nbi")
    return any(index.stat().st_mtime >= source.stat().st_mtime for index in indices)
