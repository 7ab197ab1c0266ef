"""Machine code on disk that was compiled from other sources than these, and must not run.

numba keeps the code of a function for as long as the file that defines it is the same, although what the function calls
in other files is compiled into it: after a change of `step.pull` an old `event_free.advance` would go on as before. So
the code of both engines is kept under a hash of all their sources, and thrown away when they differ.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from numba.core.dispatcher import Dispatcher

STAMP = "engine-sources.sha256"
"""The file beside numba's own that says what its code was compiled from."""


@cache
def drop_stale_code(kernel: Dispatcher) -> None:
    """Remove from disk the machine code beside that of `kernel` unless it was compiled from the present sources.

    Once in a process. The sources are those of both engines.
    """
    folder = kernel.stats.cache_path
    if folder is not None:
        here = Path(__file__).parents[1]
        drop_code_of_other_sources(Path(folder), [*here.glob("*/*.py"), here.parent / "rounding.py"])


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
