"""Response times: `--help`, `list`, `show`, the collection of the tests, and `verify --level quick`.

Wall-clock time, processor time of all processes together, and the memory of all processes of `verify`. `list` and
`show` are measured with an empty cache, and again with that of the run before. The first `verify` starts with an empty
cache and nothing compiled, as after a fresh clone; the others find the compiled kernels.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.prefix) / "bin"
ROOT = Path(__file__).parents[1]
PROOFS_CHECK = str(BIN / "proofs-check")
QUICK = ("verify", "--level", "quick")
ANSWER_LIMIT, COLLECTION_LIMIT, VERIFY_LIMIT, MEMORY_LIMIT = 1.5, 8.0, 60.0, 1024.0
"""Seconds of wall-clock time on two idle cores, and MiB."""
WITHOUT_COQ, WITH_COQ = str(BIN), os.environ["PATH"]
VERIFY_RUNS = (
    ("first run, without Coq", (), WITHOUT_COQ),
    ("nothing remembered, without Coq", ("--no-cache",), WITHOUT_COQ),
    ("nothing remembered, with Coq" if shutil.which("coqc") else "nothing remembered", ("--no-cache",), WITH_COQ),
    ("again, without Coq", (), WITHOUT_COQ),
)
REPEATS = 5
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Measured:
    """Seconds on the wall and of the processors, peak memory in MiB (sampled every 0.1 s), and the exit code."""

    wall: float
    processor: float
    memory: float
    code: int


def children(process: int) -> list[int]:
    """`process` and everything it started, directly or not."""
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found += [below for child in task.read_text().split() for below in children(int(child))]
    return found


def memory(process: int) -> float:
    """Proportional memory in MiB of a process and its descendants: pages that several share count once."""
    total = 0
    for one in children(process):
        with suppress(OSError):
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def measured(command: list[str], variables: Mapping[str, str] | None = None, watch: bool = False) -> Measured:
    """One run; `watch` measures its memory, which takes time of its own."""
    peak, over = 0.0, threading.Event()
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
        env={**os.environ, **(variables or {})},
    )  # fmt: skip

    def look() -> None:
        nonlocal peak
        while not over.wait(0.1):
            peak = max(peak, memory(process.pid))

    watcher = threading.Thread(target=look)
    if watch:
        watcher.start()
    code = process.wait()
    wall = time.monotonic() - started
    over.set()
    if watch:
        watcher.join()
    with suppress(ChildProcessError):  # servers of processes that outlive the command count too, see `main`
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Measured(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak, code)


def typical(command: list[str], variables: Mapping[str, str] | None = None) -> Measured:
    """The run with the median wall-clock time."""
    runs = sorted((measured(command, variables) for _ in range(REPEATS)), key=lambda run: run.wall)
    return runs[len(runs) // 2]


def main() -> None:
    """Print the measures as a Markdown table; `--answers` leaves `verify` out."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # orphans become children of this process
    measured([PROOFS_CHECK, "list"])  # fills the caches of the file system and of compiled files
    rows = []
    rows.append(("`--help`", typical([PROOFS_CHECK, "--help"]), ANSWER_LIMIT))
    with tempfile.TemporaryDirectory() as folder:
        for arguments in (("list",), ("show", "flow.lorentz")):
            command, name = [PROOFS_CHECK, *arguments], f"`{' '.join(arguments)}`"
            for which, place in (("nothing remembered", "off"), ("again", folder)):
                rows.append((f"{name}, {which}", typical(command, {"EARLY_ALIGNMENT_CACHE": place}), ANSWER_LIMIT))
    collect = [str(BIN / "python"), "-m", "pytest", "--collect-only", "-q"]
    rows.append(("collection of the tests", measured(collect), COLLECTION_LIMIT))
    if "--answers" not in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            kept = {"EARLY_ALIGNMENT_CACHE": f"{folder}/kept", "NUMBA_CACHE_DIR": f"{folder}/compiled"}
            for which, options, path in VERIFY_RUNS:
                run = measured([PROOFS_CHECK, *QUICK, *options], {**kept, "PATH": path})
                rows.append((f"`{' '.join(QUICK)}`, {which}", run, VERIFY_LIMIT))
            peak = measured([PROOFS_CHECK, *QUICK, "--no-cache"], {**kept, "PATH": WITHOUT_COQ}, watch=True).memory
    print(f"## Command line ({len(os.sched_getaffinity(0))} cores)\n")
    print("| measure | wall, s | processors, s | limit, s | within | exit code |\n|---|---|---|---|---|---|")
    for name, run, limit in rows:
        within = "yes" if run.wall <= limit else "no"
        print(f"| {name} | {run.wall:.2f} | {run.processor:.2f} | {limit:g} | {within} | {run.code} |")
    if "--answers" not in sys.argv:
        print(f"\nPeak memory of all processes of `verify`: {peak:.0f} MiB (limit {MEMORY_LIMIT:g} MiB).")


if __name__ == "__main__":
    main()
