"""A Dask cluster that exists already: connecting to its scheduler, and running calls on its workers."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import metadata
from itertools import islice
from typing import Any, TypeVar

from ...numerics.errors import InputError

PROJECT = "early-alignment-proofs"
INSTALL = f"python -m pip install '{PROJECT}[distributed]'"
PATIENCE = 5.0
"""Seconds in which a scheduler must answer."""
MOST_AT_WORK = 5000
"""Calls that the scheduler knows of at a time: each costs it some memory."""
Item = TypeVar("Item")
Result = TypeVar("Result")


@contextlib.contextmanager
def connected(address: str) -> Iterator[Any]:
    """A client of the scheduler at `address`, whose workers have the code that runs here; InputError otherwise."""
    try:
        from distributed import Client
    except ImportError:
        raise InputError(f"--scheduler needs Dask's package distributed; install it with {INSTALL}") from None
    with _quiet():
        try:
            asyncio.run(_answers(address))
            client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise InputError(
                f"no Dask scheduler answers at {address} within {PATIENCE:g} s; start one with dask scheduler, or "
                f"correct the address, such as tcp://127.0.0.1:8786"
            ) from error
        try:
            _check_workers(client, address)
            yield client
        except _Gone as error:
            raise InputError(
                f"the Dask scheduler at {address} has ended; start it again, and then repeat this"
            ) from error
        finally:
            client.close(timeout=PATIENCE)


_LOST = (OSError, RuntimeError, asyncio.CancelledError, concurrent.futures.CancelledError)
"""What Dask raises, in one version or another, when the scheduler has ended."""


class _Gone(Exception):
    """The scheduler no longer answers."""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's loggers silent: what matters is said in one sentence."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "distributed"]
    before = {name: logging.getLogger(name).level for name in names}
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def run_calls(
    client: Any,
    function: Callable[..., Result],
    items: Iterable[Item],
    more: Sequence[Any],
    finished: Callable[[Item, Result | Exception], Iterable[Item]],
) -> None:
    """Call `function(item, *more)` for every item on the workers, and for those that `finished` says follow from it.

    `finished` gets each item with its result, or with what was raised, as they end. What it raises is passed on, as
    Ctrl-C is, and what has not begun is then cancelled.
    """
    from distributed import as_completed

    waiting, at_work = iter(items), dict[Any, Item]()
    ended = as_completed(loop=client.loop)

    def submit(item: Item) -> None:
        with _noticing_its_end():
            future = client.submit(function, item, *shared, pure=False)
            at_work[future] = item
            ended.add(future)

    with _noticing_its_end():
        shared = client.scatter(list(more), broadcast=True, hash=False)
    try:
        for item in islice(waiting, MOST_AT_WORK):
            submit(item)
        for future in ended:
            with _noticing_its_end():
                error = future.exception()
                result = future.result() if error is None else error
            for next_item in finished(at_work.pop(future), result):
                submit(next_item)
            for item in islice(waiting, max(0, MOST_AT_WORK - len(at_work))):
                submit(item)
    finally:
        with contextlib.suppress(*_LOST):
            client.cancel(list(at_work))


@contextlib.contextmanager
def _noticing_its_end() -> Iterator[None]:
    """Turn what Dask raises then into `_Gone`."""
    try:
        yield
    except _LOST as error:
        raise _Gone(str(error)) from error


async def _answers(address: str) -> None:
    """Raise OSError or ValueError when nothing answers at an address; a client would go on trying in the background."""
    from distributed import Security
    from distributed.core import connect

    arguments = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(address, timeout=PATIENCE, **arguments), PATIENCE)
    comm.abort()


def _check_workers(client: Any, address: str) -> None:
    """Raise InputError unless there is a worker, and all have the code and the libraries that are at work here."""
    found = client.run(_fingerprint, on_error="return")
    if not found:
        raise InputError(f"the Dask scheduler at {address} has no worker; start one with dask worker {address}")
    own = _fingerprint()
    for worker, other in found.items():
        if other != own:
            why = "cannot load it" if isinstance(other, BaseException) else f"has {_difference(other, own)}"
            raise InputError(
                f"the worker {worker} {why}; install {PROJECT} {metadata.version(PROJECT)} with the same libraries for "
                f"every worker of {address}"
            )


def _fingerprint() -> tuple[str, ...]:
    """What results rest on where the call runs: a hash of the code, and the versions of Python and the libraries."""
    from ..cache.source_code import fingerprint

    return fingerprint()


def _difference(other: Sequence[str], own: Sequence[str]) -> str:
    name, wanted = next((theirs, ours) for theirs, ours in zip(other, own, strict=True) if theirs != ours)
    return f"{name} in place of {wanted}" if name != other[0] else "other code"
