"""The gradient flow to time 4000, compared with other programs: descent in PyTorch, SciPy, diffrax.

Every part runs in a process of its own, one after the other, from the same start, on BLAS of one thread; see
`flow_problem.py` for what is measured. The peers are the extra `bench`. Run as `python benchmarks/flow.py [--quick]`:
--quick leaves the peers out. Prints tables, and writes everything that was run to results/flow.json.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from flow_problem import TARGET, WIDTH, FlowRow, missing

HERE = Path(__file__).resolve().parent
RESULT = HERE.parent / "results" / "flow.json"
PEERS = {"flow_torch.py": ("torch",), "flow_scipy.py": ("scipy",), "flow_diffrax.py": ("jax", "diffrax")}
RATIOS = (
    ("three-points", WIDTH, "torch, gradient descent", "flow_torch.py", 1000),
    ("three-points", WIDTH, "RK45", "flow_scipy.py", 20),
    ("three-points", WIDTH, "DOP853", "flow_scipy.py", 20),
    ("three-points", WIDTH, "diffrax Tsit5", "flow_diffrax.py", 10),
    ("three-points", WIDTH, "diffrax Dopri8", "flow_diffrax.py", 10),
    ("stewart", WIDTH, "torch, gradient descent", "flow_torch.py", 500),
    ("stewart", 200, "RK45", "flow_scipy.py", 100),
)
"""(data, width, peer, where it is measured, ratio wanted)."""
MEMORY_LIMIT = 2048.0
Report = dict[str, Any]


def run(part: str) -> Report:
    """What a part reports; what it cannot import is named instead."""
    absent = missing(*PEERS.get(part, ()))
    if absent:
        return {"rows": [], "missing": absent}
    print(f"running {part}", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, str(HERE / part)], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        env={"OPENBLAS_NUM_THREADS": "1", **os.environ},
    )  # fmt: skip
    return json.loads(done.stdout)


def rows_of(report: Report, problem: str, method: str) -> list[FlowRow]:
    """The rows of one method on one problem."""
    rows = [FlowRow(**row) for row in report["rows"]]
    return [row for row in rows if row.problem == problem and row.method == method]


def cheapest(rows: list[FlowRow]) -> FlowRow:
    """The cheapest row that reaches TARGET; else the longest that was stopped; else the one with the least error."""
    good = [row for row in rows if row.error is not None and row.error <= TARGET]
    if good:
        return min(good, key=lambda row: row.seconds)
    stopped = [row for row in rows if row.at_least]
    if stopped:
        return max(stopped, key=lambda row: row.seconds)
    return min(rows, key=lambda row: float("inf") if row.error is None else row.error)


def verdict(row: FlowRow, ours: FlowRow, wanted: int) -> str:
    """The ratio, the one wanted and whether it is there, as cells."""
    ratio = row.seconds / ours.seconds
    return f"{'at least ' if row.at_least else ''}{ratio:,.0f} | {wanted:,} | {'yes' if ratio >= wanted else 'no'}"


def print_ratios(engine: Report, peers: dict[str, Report]) -> None:
    """One line per peer, after ours on the same problem."""
    print("| data | width | method | setting | seconds | worst output error | ratio | wanted | there | note |")
    print("|---" * 10 + "|")
    shown = set()
    for problem, width, method, part, wanted in RATIOS:
        place = f"| {problem} | {width:,}"
        ours = cheapest(rows_of(engine, problem, f"ours, width {width:,}"))
        if place not in shown:
            shown.add(place)
            print(f"{place} | {cells(ours)} | 1 | | | {ours.note} |")
        rows = rows_of(peers[part], problem, method)
        if not rows:
            absent = ", ".join(peers[part]["missing"])
            print(f"{place} | {method} | {absent}: not installed | | | | {wanted:,} | not measured | |")
        elif part == "flow_torch.py":
            for row in rows:
                print(f"{place} | {cells(row)} | {verdict(row, ours, wanted)} | {row.note} |")
        else:
            row = cheapest(rows)
            print(f"{place} | {cells(row)} | {verdict(row, ours, wanted)} | {row.note} |")


def cells(row: FlowRow) -> str:
    """Method, setting, seconds and error of a row."""
    error = "not known" if row.error is None else f"{row.error:.1e}"
    method = row.method.split(", width")[0]
    seconds = f"{row.seconds:,.0f}" if row.seconds >= 100 else f"{row.seconds:.3g}"
    return f"{method} | {row.setting} | {'more than ' if row.at_least else ''}{seconds} | {error}"


def print_widths(engine: Report) -> None:
    """How the three points grow with the width."""
    print("\n| width | seconds | µs/neuron | events | µs/event | µs/settled step | with scans and frames | MiB |")
    print("|---" * 8 + "|")
    for one in engine["widths"]:
        micro = [1e6 * one[name] for name in ("per neuron", "per event", "settled step", "with scans and frames")]
        print(
            f"| {one['width']:,} | {one['seconds']:.3g} | {micro[0]:.3g} | {one['events']:,} | {micro[1]:.3g} "
            f"| {micro[2]:.3g} | {micro[3]:.3g} | {one['MiB']:.0f} |"
        )
    largest = engine["widths"][-1]
    within = "within" if largest["MiB"] <= MEMORY_LIMIT else "NOT within"
    print(f"\n{largest['width']:,} neurons are {within} {MEMORY_LIMIT:g} MiB.")


def print_limits(engine: Report) -> None:
    """The time by part, and the lower bounds."""
    for name, shares in engine["parts"].items():
        print(f"\n{name}: " + ", ".join(f"{part} {100 * share:.0f}%" for part, share in shares.items()))
        print("counted: " + ", ".join(f"{what} {value:.3g}" for what, value in engine["floors"][name].items()))


def main(quick: bool) -> None:
    print("## The flow to time 4000\n")
    engine = run("flow_engine.py")
    peers = {} if quick else {part: run(part) for part in PEERS}
    if quick:
        print("The peers were left out (--quick).\n")
    else:
        print_ratios(engine, peers)
        for part, report in peers.items():
            for what in ("agreement", "milliseconds"):
                if what in report:
                    print(f"\n{part}, {what}: {json.dumps(report[what])}")
    print_widths(engine)
    print_limits(engine)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"ours": engine, **peers}, indent=1) + "\n")


if __name__ == "__main__":
    main("--quick" in sys.argv[1:])
