"""`make bench`: run every benchmark in a process of its own, print its table and keep all in results/bench.md."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULT = HERE.parent / "results" / "bench.md"
BENCHMARKS = (
    "command_line.py",
    "frozen_alignment.py",
    "extremal_vectors.py",
    "flow.py",
    "high_dimensional.py",
    "growth.py",
    "escape.py",
    "least_norm.py",
    "limit_process.py",
    "certificates.py",
)


def main() -> int:
    """Run the benchmarks in turn, or those named (`python benchmarks flow.py`); 1 when one of them fails."""
    pages = []
    failed = []
    for name in sys.argv[1:] or BENCHMARKS:
        print(f"running {name}", file=sys.stderr)
        result = subprocess.run(
            [sys.executable, str(HERE / name)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        print(result.stdout, flush=True)
        pages.append(result.stdout)
        if result.returncode:
            failed.append(name)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text("\n".join(pages))
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
