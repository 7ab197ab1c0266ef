"""One thread for linear algebra: small matrix products are slower on several, and their sums depend on how many."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def one_blas_thread() -> AbstractContextManager[object]:
    """Within it BLAS uses one thread in this process.

    The products of a flow have some hundred rows. On a machine with two busy processors a run with 100 neurons and 100
    points took six times as long on two threads; and one thread sums in the same order on every machine.
    """
    return _controller().limit(limits=1, user_api="blas")


@cache
def _controller() -> ThreadpoolController:
    """The BLAS libraries of this process: NumPy's, and SciPy's, which is loaded with its linear algebra."""
    import scipy.linalg  # noqa: F401

    return ThreadpoolController()
