"""The server from which the processes of `verify` are forked: what they all need is loaded there, once.

That takes seconds, so `verify` starts the server before it loads anything itself. For the same reason this module loads
nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import threading
import types
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing import get_all_start_methods
from typing import Any

_PACKAGE = "early_alignment.proofs_check"
PRELOADED = (
    *("numpy", "sympy", "hypothesis.strategies"),
    *(f"{_PACKAGE}.{name}" for name in ("verify.execute", "kinds.property", "kinds.symbolic", "coq.decide")),
)
WARM_UP = f"{_PACKAGE}.verify.warm_up"
CLAIMS_TO_READ = "EARLY_ALIGNMENT_CLAIMS_TO_READ"
"""The variable that tells the server, in JSON, which built-in claims to read; see `start`."""
WORKER_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",  # the order of sets must not depend on the process
    "OMP_NUM_THREADS": "1",  # one thread a worker: the same rounding and no fight over cores
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "HYPOTHESIS_STORAGE_DIRECTORY": os.devnull,  # nothing is left in the user's folder
}


def start(claims: Sequence[str] | None, preload: Sequence[str] = ()) -> None:
    """Start the server unless it runs, deaf to Ctrl-C, where processes can be forked from one; it loads on its own.

    `claims` are ids and groups of built-in claims that it reads, with those they depend on; none of them means all, and
    None that it reads no claim. `preload` are further modules.
    """
    if "forkserver" not in get_all_start_methods():
        return
    from multiprocessing import forkserver

    multiprocessing.set_forkserver_preload([*PRELOADED, *preload, WARM_UP])
    with environment({**WORKER_ENVIRONMENT, CLAIMS_TO_READ: json.dumps(claims)}), ignoring_interrupts():
        forkserver.ensure_running()


@contextlib.contextmanager
def started(claims: Sequence[str] | None, preload: Sequence[str] = ()) -> Iterator[Any]:
    """The multiprocessing context with its server, see `start`, in the environment of the processes."""
    start(claims, preload)
    with environment(WORKER_ENVIRONMENT):
        yield multiprocessing.get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")


@contextlib.contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """These variables inside the block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def ignoring_interrupts() -> Iterator[None]:
    """Processes started here ignore Ctrl-C, and so does this block; only the main thread can arrange that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def without_main_module() -> Iterator[None]:
    """Keep workers from running the caller's script again, which need not be guarded or even be a file."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextlib.contextmanager
def interrupts_at_the_end() -> Iterator[None]:
    """Ctrl-C inside this block raises KeyboardInterrupt when the block ends; only the main thread can arrange that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    noted: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: noted.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if noted and before is not signal.SIG_IGN:
        raise KeyboardInterrupt
