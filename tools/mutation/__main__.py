"""Run mutations and report what the verdicts catch: `python -m mutation --count 80 --seed 1`, `--fixed`, `--planted`.

Every claim that reaches the altered line is verified, at the quick level and, if none falls, at the full one. `--fixed`
runs the committed sample of fixed.toml at the quick level alone, and `--planted` the larger bugs of planted.toml; all
of these must be caught. A verdict that is lower only because of timeouts, also when tried again with a longer limit,
catches nothing and counts apart. Exit code 1 when a committed mutation is not caught, or when one of a seeded sample is
not and has no explanation in survivors.toml.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from early_alignment.proofs_check.claim import registry

from .judge import CAUGHT, OUT_OF_TIME, QUICK, SECOND_TRY, SHARE, STOPPED, SURVIVED, THOROUGH, Baseline, Judged, judge
from .reach import Reach, measure
from .sandbox import Sandbox
from .sites import Site, all_sites, sample

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def committed(name: str) -> list[dict]:
    """The [[mutation]] tables of a committed list."""
    return tomllib.loads((HERE / name).read_text()).get("mutation", [])


def key_of(entry: dict) -> tuple[str, str, str, str]:
    """What names a mutation in a committed list; see Site.key."""
    return entry["file"], entry["function"], entry["original"], entry["mutated"]


def run_all(
    work: list[tuple[Site, list[str]]],
    baseline: Baseline,
    scratch: Path,
    processes: int,
    time_limit: float,
    levels: Sequence[str],
) -> list[Judged]:
    """Every mutation judged, in order, with one copy of the packages for each process."""
    free: SimpleQueue[Sandbox] = SimpleQueue()
    for number in range(processes):
        sandbox = Sandbox(scratch / f"copy{number}", ROOT)
        sandbox.create()
        free.put(sandbox)

    def one(entry: tuple[Site, list[str]]) -> Judged:
        sandbox = free.get()
        try:
            judged = judge(entry[0], entry[1], baseline, sandbox, time_limit, levels)
        finally:
            free.put(sandbox)
        site = judged.site
        print(f"{judged.outcome:>11}  {site.file}:{site.line}  {site.original}  ->  {site.mutated}", flush=True)
        return judged

    with ThreadPoolExecutor(processes) as pool:
        return list(pool.map(one, work))


def explained(judged: list[Judged]) -> list[Judged]:
    """The same outcomes, with the explanations of survivors.toml."""
    notes = {key_of(entry): (entry["explanation"], entry["equivalent"]) for entry in committed("survivors.toml")}
    return [
        Judged(j.site, j.claims, j.outcome, j.detail, *(notes.get(j.site.key, ()) if j.outcome != CAUGHT else ()))
        for j in judged
    ]


def report(judged: list[Judged], sites: list[Site], reach: Reach | None, seconds: float, seed: int | None) -> dict:
    """Everything about a run as JSON: counts, the rate, lines that no claim reaches, and each mutation."""
    counts = Counter(item.outcome for item in judged)
    unreached = Counter(site.file for site in sites if reach is not None and not reach.claims(site))
    return {
        "schema": 1,
        "seed": seed,
        "sites": len(sites),
        "not_reached_by_any_claim": {"total": unreached.total(), "by_file": dict(sorted(unreached.items()))},
        "run": len(judged),
        **{name.replace(" ", "_"): counts[name] for name in (CAUGHT, SURVIVED, OUT_OF_TIME, STOPPED)},
        "equivalent": sum(item.equivalent for item in judged),
        "rate": counts[CAUGHT] / max(1, len(judged)),
        "rate_without_equivalent": counts[CAUGHT] / max(1, sum(not item.equivalent for item in judged)),
        "seconds": round(seconds, 1),
        "mutations": [item.to_json() for item in judged],
    }


def summary(result: dict) -> str:
    """The counts of a report on one line."""
    return (
        f"{result['caught']} of {result['run']} caught by a verdict, {result['survived']} survived, "
        f"{result['out_of_time']} ran out of time twice, {result['no_verdict']} ended without a verdict; "
        f"{result['seconds']:g} s; rate {result['rate']:.1%}, "
        f"without the {result['equivalent']} equivalent ones {result['rate_without_equivalent']:.1%}"
    )


def as_markdown(result: dict) -> str:
    """The report as a page: the counts, then a table with one row for each mutation."""
    lines = [
        "# Mutation run",
        "",
        f"{result['run']} mutations run (seed {result['seed']}) out of {result['sites']} possible ones, "
        f"at the level {' and then '.join(result['levels'])}; "
        f"{result['not_reached_by_any_claim']['total']} of these lie on lines that no claim reaches.",
        f"Caught by a verdict: {result['caught']}. Survived: {result['survived']}. Ran out of time twice: "
        f"{result['out_of_time']}. Ended without a verdict: {result['no_verdict']}. Rate: {result['rate']:.1%}. "
        f"Time: {result['seconds']:g} s.",
        f"Of the survivors {result['equivalent']} leave every result as it is (see `why`); "
        f"without them the rate is {result['rate_without_equivalent']:.1%}.",
        "",
        "| where | operator | original | mutated | claims | outcome | why |",
        "|---|---|---|---|---|---|---|",
    ]
    for item in result["mutations"]:
        cells = (
            f"{item['file']}:{item['line']} {item['function']}",
            item["operator"],
            f"`{item['original']}`",
            f"`{item['mutated']}`",
            ", ".join(item["claims"]),
            item["outcome"],
            item["detail"] + item.get("explanation", ""),
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    if result["not_reached_by_any_claim"]["by_file"]:
        lines += ["", "Possible mutations on lines that no claim reaches, by file:", ""]
        lines += [f"- {file}: {count}" for file, count in result["not_reached_by_any_claim"]["by_file"].items()]
    return "\n".join(lines) + "\n"


def fixed_work(sites: list[Site]) -> list[tuple[Site, list[str]]]:
    """The committed sample with the claims named there; SystemExit when a mutation is no longer in the source."""
    by_key = {site.key: site for site in sites}
    entries = committed("fixed.toml")
    missing = [key_of(entry) for entry in entries if key_of(entry) not in by_key]
    if missing or not entries:
        raise SystemExit(f"fixed.toml names mutations that the source no longer has, or none at all: {missing}")
    return [(by_key[key_of(entry)], entry["claims"]) for entry in entries]


def planted_work(only: str = "") -> list[tuple[Site, list[str]]]:
    """The bugs of planted.toml with their claims: those in files that start with `only`, or with it in their name.

    SystemExit when the source no longer has the place of one, or when there is none.
    """
    work = []
    for entry in tomllib.loads((HERE / "planted.toml").read_text())["plant"]:
        if not entry["file"].startswith(only) and only not in entry["name"]:
            continue
        source, before = (ROOT / entry["file"]).read_bytes(), entry["before"].encode()
        if source.count(before) != 1:
            raise SystemExit(f"planted.toml: {entry['name']}: its place is not there exactly once")
        start = source.index(before)
        line = source.count(b"\n", 0, start) + 1
        after, stop = " ".join(entry["after"].split()), start + len(before)
        site = Site(entry["file"], "", line, (), "planted", entry["name"], after, start, stop, entry["after"])
        work.append((site, entry["claims"]))
    if not work:
        raise SystemExit(f"planted.toml: no bug lies in a file that starts with {only!r} or has it in its name")
    return work


def main() -> int:
    """Run the mutations asked for on the command line and write the report."""
    parser = argparse.ArgumentParser(prog="mutation", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--only",
        default="",
        metavar="TEXT",
        help="the start of the files to draw from, as in numerics/flow; of the planted bugs also a part of the name",
    )
    parser.add_argument("--fixed", action="store_true", help="run the committed sample of fixed.toml instead")
    parser.add_argument("--planted", action="store_true", help="plant the bugs of planted.toml instead")
    parser.add_argument("--quick", action="store_true", help="leave the full level out, as --fixed does")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--time-limit",
        type=float,
        default=300.0,
        metavar="SECONDS",
        help=f"for one claim at the quick level; {SHARE['full']} times as long at the full one, and {SECOND_TRY} times "
        "as long when tried again",
    )
    parser.add_argument("--report", type=Path, default=Path("results/mutants"), help="written as .json and .md")
    options = parser.parse_args()
    chosen = options.fixed or options.planted
    levels = QUICK if options.fixed or options.quick else THOROUGH
    started = time.monotonic()
    if options.planted:
        sites = [site for site, _ in planted_work(options.only)]
    else:
        sites = [site for site in all_sites(ROOT) if site.file.startswith(options.only)]
    reach = None
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name).resolve()
        if chosen:
            work = planted_work(options.only) if options.planted else fixed_work(sites)
        else:
            claims = list(registry.built_in_references())
            reach = measure(claims, ROOT, scratch / "reach", options.processes)
            reached = [site for site in sites if reach.claims(site)]
            work = [(site, reach.claims(site)) for site in sample(reached, options.count, options.seed)]
        claims = sorted({claim for _, names in work for claim in names})
        unaltered = Sandbox(scratch / "baseline", ROOT)
        unaltered.create()
        baseline = Baseline(claims, unaltered, options.time_limit)
        judged = explained(run_all(work, baseline, scratch, options.processes, options.time_limit, levels))
    seed = None if chosen else options.seed
    result = {**report(judged, sites, reach, time.monotonic() - started, seed), "levels": list(levels)}
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.with_suffix(".json").write_text(json.dumps(result, indent=1) + "\n")
    options.report.with_suffix(".md").write_text(as_markdown(result))
    print(summary(result))
    open_cases = [item for item in judged if item.outcome != CAUGHT and (chosen or not item.explanation)]
    for item in open_cases:
        print(f"not caught, not explained: {item.site.key}: {item.detail}", file=sys.stderr)
    return 1 if open_cases else 0


if __name__ == "__main__":
    sys.exit(main())
