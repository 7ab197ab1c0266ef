"""Machine code that numba keeps on disk: said when it is compiled, and thrown away when the sources change.

Every kernel is declared with `cache=True`: what was compiled, which takes up to a minute, is kept beside the sources
where these may be written, else in the user's cache folder or in `NUMBA_CACHE_DIR`.

numba keeps the code of a function for as long as the file that defines it is the same, although what the function calls
in other files is compiled into it: after a change of `step.pull` an old `event_free.advance` would go on as before. So
the code of the kernels of a package is kept under a hash of its sources, and thrown away when they differ.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from numba.core import event
from numba.core.dispatcher import Dispatcher

MESSAGE = "compiling the numerical kernels for this machine, once (up to a minute); later runs read them from disk"
PACKAGE = __name__.rsplit(".", 1)[0]

STAMP = "engine-sources.sha256"
"""The file beside numba's own that says what its code was compiled from."""


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


def announce_compilation(*kernels: Dispatcher) -> None:
    """From now on, log one warning (by default a line on standard error) before kernels are compiled.

    Code beside `kernels` that was compiled from other sources is dropped.
    """
    for kernel in kernels:
        drop_stale_code(kernel)
    _listen()


@cache
def _listen() -> None:
    event.register("numba:compile", _Announcement())


@cache
def drop_stale_code(kernel: Dispatcher) -> None:
    """Remove from disk the machine code beside that of `kernel` unless it was compiled from the present sources.

    Once in a process. The sources are those of the kernel's package, or of both engines, which share theirs.
    """
    folder = kernel.stats.cache_path
    if folder is not None:
        here, package = Path(__file__).parent, Path(kernel.py_func.__code__.co_filename).parent
        sources = here.glob("flow/*/*.py") if here / "flow" in package.parents else package.glob("*.py")
        drop_code_of_other_sources(Path(folder), [*sources, here / "rounding.py"])


def drop_code_of_other_sources(folder: Path, sources: Iterable[Path]) -> None:
    """Remove from `folder` the machine code of these modules unless the stamp is theirs, and renew it."""
    files = sorted(sources)
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.parent.name}/{path.name}\n".encode())
        digest.update(path.read_bytes())
    stamp = folder / STAMP
    # A folder that cannot be written to holds no code of ours that can become stale: numba uses another one then.
    with contextlib.suppress(OSError):
        if stamp.is_file() and stamp.read_text() == digest.hexdigest():
            return
        for path in files:
            for code in folder.glob(f"{path.stem}.*.nb[ic]"):
                code.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest.hexdigest())
