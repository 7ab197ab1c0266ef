"""The time of proofs: Coq on all claims, with and without cache, and certificates of a flow, written and rechecked.

Kernel checks run one after the other, each file by `coqc`, then all again from the cache. Certificates are for balanced
starts on the published three points, seconds the least of `REPEATS` runs within one process; the enclosure is that of
the outputs where the trap is entered; beside it, the error of the double-precision engine at the time that the
certificate names, at a tolerance of 1e-8, judged by a run at 1e-12. Run as `python benchmarks/certificates.py`.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy loads

import json
import resource
import tempfile
import time
from collections.abc import Callable

import numpy as np

from early_alignment import Dataset, Unavailable, Undecided, certify, make_start, recheck, simulate
from early_alignment.numerics.certify.instance import drawn_start
from early_alignment.proofs_check.cache import store
from early_alignment.proofs_check.claim import registry
from early_alignment.proofs_check.claim.evidence import EvidenceKind, Outcome
from early_alignment.proofs_check.coq.decide import run_kernel

REPEATS = 3
CASES = ((1e-3, 20), (1e-3, 50), (1e-3, 100), (1e-12, 20), (1e-12, 50), (1e-12, 100), (1e-12, 1000))
SEEDS = 10
TOLERANCES = (1e-8, 1e-12)


def timed(run: Callable[[], object]) -> tuple[float, object]:
    """The least seconds of a few runs, and what the last one gave."""
    used = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        result = run()
        used.append(time.perf_counter() - begin)
    return min(used), result


def kernel_rows() -> list[str]:
    """One row a file: seconds without and with the cache."""
    rows, totals = [], [0.0, 0.0]
    with tempfile.TemporaryDirectory() as folder:
        os.environ[store.VARIABLE] = folder
        for reference in registry.built_in_references().values():
            item = registry.load(reference)
            for evidence in item.evidence:
                if evidence.kind is not EvidenceKind.KERNEL:
                    continue
                cells = []
                for place in (0, 1):
                    begin = time.perf_counter()
                    try:
                        outcome = run_kernel(evidence.check, item.claim.statement, 600)["outcome"]
                    except Unavailable as missing:
                        return [f"| {missing} | | | |"]
                    cells.append(time.perf_counter() - begin)
                    totals[place] += cells[-1]
                good = "proved" if outcome is Outcome.PASSED else str(outcome)
                rows.append(f"| {item.claim.id} | {good} | {cells[0]:.1f} | {cells[1]:.3f} |")
    return [*rows, f"| all | | {totals[0]:.1f} (wanted 180) | {totals[1]:.3f} (wanted 5) |"]


def certificate_row(scale: float, width: int) -> str:
    """The first seed that is decided, and how many are."""
    data = Dataset.published("three-points")
    chosen, decided = None, 0
    for seed in range(SEEDS):
        start = make_start(width, scale, seed, "balanced", data.d)
        try:
            certify(data, drawn_start(start))
        except Undecided:
            continue
        decided += 1
        chosen = start if chosen is None else chosen
    if chosen is None:
        return f"| {scale:g} | {width:,} | 0 of {SEEDS} | | | | | |"
    exact = drawn_start(chosen)
    writing, proved = timed(lambda: certify(data, exact))
    text = json.dumps(proved.to_json())
    reading, _ = timed(lambda: recheck(text))
    said = proved.summary()
    rough, fine = (
        simulate(data, chosen, said["trapped_by"], tolerance=tolerance).outputs[-1] for tolerance in TOLERANCES
    )
    beside = float(np.abs(rough - fine).max())
    cells = (
        f"{writing:.2f}",
        f"{reading:.3f}",
        f"{writing / reading:.0f}",
        f"{said['enclosure']:.2g}",
        f"{beside:.2g}",
    )
    return f"| {scale:g} | {width:,} | {decided} of {SEEDS} | " + " | ".join(cells) + " |"


def main() -> None:
    print("## Kernel checks\n\n| claim | answer | cold, s | remembered, s |\n|---|---|---|---|")
    print("\n".join(kernel_rows()))
    print("\n## Certificates of a flow\n")
    print("| lambda | width | seeds decided | certify, s | recheck, s | ratio | enclosure | error of the engine |")
    print("|---" * 8 + "|")
    for scale, width in CASES:
        print(certificate_row(scale, width), flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nPeak memory of this process: {peak:.0f} MiB; wanted: 60 s and 2 GiB at width 20, a ratio of 10.\n")


if __name__ == "__main__":
    main()
