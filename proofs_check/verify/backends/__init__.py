"""Back ends of `verify`: where jobs run, and how many at a time (see `verify.jobs`).

`processes` is the one for verdicts, and `cluster` runs the same on the workers of a Dask cluster; `sequential` runs
everything in the calling process, for debuggers and profilers.
"""

DEFAULT_BACKEND = "processes"
