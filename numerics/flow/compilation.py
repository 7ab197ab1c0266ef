"""Say so before numba compiles the kernels of an engine, which takes up to a minute, once.

Every kernel is declared with `cache=True`: what was compiled is kept on disk, beside the sources where these may be
written, else in the user's cache folder or in `NUMBA_CACHE_DIR`, and is read from there until a source of the engine
changes (`engine.stale`).
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from numba.core import event
from numba.core.dispatcher import Dispatcher

from .engines import EngineName

MESSAGE = "compiling the numerical kernels for this machine, once (up to a minute); later runs read them from disk"
PACKAGE = __name__.rsplit(".", 2)[0]


class _Announcement(event.Listener):
    """Logs `MESSAGE` at the first compilation of one of our kernels in this process.

    numba sends the event only where nothing was found on disk.
    """

    made = False

    def on_start(self, event: event.Event) -> None:
        if not self.made and event.data["dispatcher"].py_func.__module__.startswith(PACKAGE):
            self.made = True
            # Where no handler is configured, the logging module writes warnings to standard error.
            logging.getLogger(__name__).warning(MESSAGE)

    def on_end(self, event: event.Event) -> None:
        """Say nothing."""


@cache
def announce_compilation() -> None:
    """From now on, log one warning (by default a line on standard error) before kernels are compiled."""
    _drop_stale_code()
    event.register("numba:compile", _Announcement())


def compiled_code_is_cached(engine: EngineName = "patterns") -> bool:
    """Whether the kernels that every run of an engine with an event needs are on disk, compiled from these sources.

    Only numba's index files are looked at. A cache made for another processor is not noticed here, but
    `announce_compilation` notices it.
    """
    from .engine import event_free, interpolant, step, walk
    from .neurons import faces, follow

    _drop_stale_code()
    kernels = {
        "patterns": (event_free.advance, step.dense, interpolant._tabulate, walk.walk),
        "neurons": (faces.bases, follow.follow),
    }
    return all(_is_cached(function) for function in kernels[engine])


def _drop_stale_code() -> None:
    from .engine import event_free
    from .engine.stale import drop_stale_code
    from .neurons import follow

    for kernel in (event_free.advance, follow.follow):
        drop_stale_code(kernel)


def _is_cached(function: Dispatcher) -> bool:
    source = Path(function.py_func.__code__.co_filename)
    folder = function.stats.cache_path
    if folder is None:
        return False
    indices = Path(folder).glob(f"{source.stem}.{function.py_func.__name__}-*.nbi")
    return any(index.stat().st_mtime >= source.stat().st_mtime for index in indices)
