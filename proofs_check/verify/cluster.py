"""A Dask cluster that exists already: connecting to its scheduler, and running calls on its workers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from typing import Any, TypeVar

from ...numerics.errors import InputError

PROJECT = "early-alignment-proofs"
INSTALL = f"python -m pip install '{PROJECT}[distributed]'"
PATIENCE = 5.0
"""Seconds in which a scheduler must answer."""
Item = TypeVar("Item")
Result = TypeVar("Result")


@contextlib.contextmanager
def connected(address: str) -> Iterator[Any]:
    """A client of the scheduler at `address`, with at least one worker, all of this version; InputError otherwise."""
    try:
        from distributed import Client
    except ImportError:
        raise InputError(f"--scheduler needs Dask's package distributed; install it with {INSTALL}") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said in one sentence below
    try:
        asyncio.run(_answers(address))
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"no Dask scheduler answers at {address} within {PATIENCE:g} s; start one with dask scheduler, or correct "
            f"the address, such as tcp://127.0.0.1:8786"
        ) from error
    try:
        _check_workers(client, address)
        yield client
    finally:
        client.close(timeout=PATIENCE)


def completed(
    client: Any, function: Callable[..., Result], items: Iterable[Item], *more: Any
) -> Iterator[tuple[Item, Result | Exception]]:
    """Call `function(item, *more)` for every item on the workers; each item with its result, or what was raised.

    They come as they end. When the caller stops asking, what is still to be done is cancelled.
    """
    from distributed import as_completed

    shared = client.scatter(list(more), broadcast=True, hash=False) if more else []
    futures = {client.submit(function, item, *shared, pure=False): item for item in items}
    try:
        for future in as_completed(list(futures), loop=client.loop):
            error = future.exception()
            yield futures.pop(future), future.result() if error is None else error
            future.release()
    finally:
        client.cancel(list(futures))


async def _answers(address: str) -> None:
    """Raise OSError or ValueError when nothing answers at an address; a client would go on trying in the background."""
    from distributed import Security
    from distributed.core import connect

    arguments = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(address, timeout=PATIENCE, **arguments), PATIENCE)
    comm.abort()


def _check_workers(client: Any, address: str) -> None:
    found = client.run(_version, on_error="return")
    if not found:
        raise InputError(f"the Dask scheduler at {address} has no worker; start one with dask worker {address}")
    own = metadata.version(PROJECT)
    for worker, version in found.items():
        if version != own:
            has = f"has version {version}" if isinstance(version, str) else "does not have it"
            raise InputError(f"the worker {worker} {has}; install {PROJECT} {own} for every worker of {address}")


def _version() -> str:
    """The version of this project where the call runs."""
    return metadata.version(PROJECT)
