"""How long a person waits: `proofs-check --help`, and `verify --level quick` with the memory of all its processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

COMMAND = str(Path(sys.prefix) / "bin" / "proofs-check")
HELP_LIMIT = 0.5
VERIFY_LIMIT = 60.0
MEMORY_LIMIT = 1024.0
REPEATS = 7


def children(process: int) -> list[int]:
    """`process` and everything it started, directly or not."""
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [below for child in task.read_text().split() for below in children(int(child))]
        except OSError:
            continue
    return found


def memory(process: int) -> float:
    """Proportional memory in MiB of a process and its descendants: pages that several share count once."""
    total = 0
    for one in children(process):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def measured(arguments: list[str]) -> tuple[float, float, int]:
    """Seconds, peak MiB (sampled every 0.1 s) and exit code of one run."""
    peak = 0.0
    started = time.monotonic()
    process = subprocess.Popen([COMMAND, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    over = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.1):
            peak = max(peak, memory(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    seconds = time.monotonic() - started
    over.set()
    watcher.join()
    return seconds, peak, code


def main() -> None:
    """Print the measures as a Markdown table."""
    measured(["--help"])  # fills the caches of the file system and of compiled files
    waits = [measured(["--help"])[0] for _ in range(REPEATS)]
    seconds, peak, code = measured(["verify", "--level", "quick"])
    print(f"## Command line ({len(os.sched_getaffinity(0))} cores)\n")
    print("| measure | value | limit | within |")
    print("|---|---|---|---|")
    for name, value, limit, unit in (
        (f"`--help`, median of {REPEATS}", statistics.median(waits), HELP_LIMIT, "s"),
        (f"`verify --level quick` (exit code {code})", seconds, VERIFY_LIMIT, "s"),
        ("its peak memory, all processes", peak, MEMORY_LIMIT, "MiB"),
    ):
        print(f"| {name} | {value:.3g} {unit} | {limit:g} {unit} | {'yes' if value <= limit else 'no'} |")


if __name__ == "__main__":
    main()
