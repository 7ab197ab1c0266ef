"""Loaded last by the server from which the processes of `verify` are forked, to do once what each of them would do.

The server reads the claims of the run and loads the compiled engine where one of them simulates. Then Hypothesis is
asked for numbers: it mixes constants into them that it collects from the sources of all modules it finds loaded.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import sys
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from ...numerics.errors import InputError
from ..claim.registry import select
from .compiled_engine import SIMULATION, run_every_kernel
from .server import CLAIMS_TO_READ

LOADED_BY_EVIDENCE = ("scipy.integrate", "scipy.optimize", "scipy.special")
"""What the evidence of built-in claims loads only when it runs."""


def prepare(claims: Sequence[str] | None) -> None:
    """Read the claims of these ids and groups (none of them: all claims), and load all else that evidence needs."""
    with contextlib.suppress(InputError):  # the process that starts the server reads them too, and reports it
        if claims is not None:
            select(claims)
            for library in LOADED_BY_EVIDENCE:
                importlib.import_module(library)
    if SIMULATION in sys.modules:
        run_every_kernel()
    gc.freeze()  # what is loaded by now stays: no forked process collects it as garbage
    state = random.getstate()
    draw_numbers()
    random.setstate(state)


@settings(max_examples=50, database=None, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def draw_numbers(number: int) -> None:
    """Ask for enough numbers that Hypothesis looks for constants."""


if CLAIMS_TO_READ in os.environ:
    prepare(json.loads(os.environ[CLAIMS_TO_READ]))
