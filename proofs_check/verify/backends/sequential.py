"""Run evidence one piece after the other in the calling process, so that debuggers and profilers see the checks.

Checks then share what earlier ones loaded or changed: random cases may be others than those of `processes`, since
Hypothesis also draws constants of the modules that are loaded. Nothing stops a check that outlives its limit, so that a
limit is refused, and so is more than one job at a time.
"""

from __future__ import annotations

import contextlib
import sys
from collections import deque
from collections.abc import Callable, Iterable

from ....numerics.errors import InputError
from ..jobs import Job, Results, Settings, results_of
from ..server import environment


def run_jobs(jobs: Iterable[Job], settings: Settings, finished: Callable[[Job, Results], Iterable[Job]]) -> None:
    """Run the jobs as `backends.processes.run_jobs` does, without processes; KeyboardInterrupt is passed on.

    Raises InputError for more than one job at a time, or a limit.
    """
    if (settings.workers or 1) > 1:
        raise InputError(f"the number of jobs is {settings.workers}; the back end sequential runs one at a time")
    if settings.limit is not None:
        raise InputError("the back end sequential cannot stop a check; leave the time limit out")
    with environment(settings.variables):
        waiting = deque(jobs)
        while waiting:
            job = waiting.popleft()
            with contextlib.redirect_stdout(sys.stderr):  # standard output belongs to the report
                results = list(results_of(step.task for step in job))
            waiting.extendleft(reversed(list(finished(job, results))))
