"""Which claims reach which lines: each claim's evidence run once, in one process, under coverage.

Run as a script, `reach.py CLAIM OUT.json`, it measures one claim. Lines that run while the claim file is imported and
lines that run while its evidence does are kept apart: the second kind says more about which claims a change concerns.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .sites import FOLDERS, Site


@dataclass(frozen=True)
class Reach:
    """(claim, file) -> lines, for the import of the claim and for its evidence; `seconds` is each claim's time.

    That time includes the claims it rests on, since they are verified with it.
    """

    imported: dict[tuple[str, str], frozenset[int]]
    run: dict[tuple[str, str], frozenset[int]]
    seconds: dict[str, float]

    def claims(self, site: Site) -> list[str]:
        """The claims that reach a site: first those whose evidence runs it, then those that only import it."""

        def reaching(table: dict[tuple[str, str], frozenset[int]]) -> list[str]:
            found = [claim for (claim, file), lines in table.items() if file == site.file and lines & set(site.lines)]
            return sorted(found, key=lambda claim: (self.seconds[claim], claim))

        return list(dict.fromkeys([*reaching(self.run), *reaching(self.imported)]))


def measure(claims: Iterable[str], root: Path, scratch: Path, processes: int) -> Reach:
    """The reach of each claim; RuntimeError with its message when a claim cannot be run."""
    scratch.mkdir(parents=True, exist_ok=True)

    def one(claim: str) -> dict:
        output = scratch / f"{claim.replace('/', '_')}.json"
        command = [sys.executable, "-m", "mutation.reach_worker", claim, str(output), str(root)]
        environment_path = str(Path(__file__).parents[1])
        result = subprocess.run(
            command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=_environment(environment_path)
        )
        if result.returncode:
            raise RuntimeError(f"{claim} cannot be measured: {result.stderr.strip()}")
        return {"claim": claim, **json.loads(output.read_text())}

    with ThreadPoolExecutor(processes) as pool:
        measured = list(pool.map(one, claims))
    tables: dict[str, dict[tuple[str, str], frozenset[int]]] = {"import": {}, "run": {}}
    for entry in measured:
        for context, table in tables.items():
            for file, lines in entry[context].items():
                if file.split("/")[0] in FOLDERS:
                    table[entry["claim"], file] = frozenset(lines)
    return Reach(tables["import"], tables["run"], with_dependencies({entry["claim"]: entry for entry in measured}))


def with_dependencies(measured: dict[str, dict]) -> dict[str, float]:
    """The seconds of each claim and of all that it rests on."""

    def below(claim: str) -> set[str]:
        return {claim}.union(*(below(other) for other in measured[claim]["depends_on"] if other in measured))

    return {claim: sum(measured[other]["seconds"] for other in below(claim)) for claim in measured}


def _environment(path: str) -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}
