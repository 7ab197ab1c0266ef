"""Measure one claim: `python -m mutation.reach_worker CLAIM OUT.json ROOT`, in a process of its own."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import coverage


def main(claim: str, output: Path, root: Path) -> None:
    """Write the lines that importing the claim and running its evidence reach, by file, as JSON."""
    folders = [str(root / folder) for folder in ("theory", "numerics")]
    measurement = coverage.Coverage(data_file=None, config_file=False, source=folders)
    measurement.start()
    measurement.switch_context("import")
    from early_alignment.proofs_check import execution, registry

    claim_file = registry.load(registry.claim_reference(claim))
    measurement.switch_context("run")
    started = time.monotonic()
    statements = [claim_file.claim.statement, *(mutant.statement for mutant in claim_file.claim.mutants)]
    for statement in statements:
        for evidence in claim_file.evidence:
            execution.run_evidence(claim_file, evidence, statement, "quick", 0, shrink=False)
    seconds = time.monotonic() - started
    measurement.stop()
    data = measurement.get_data()
    reached: dict[str, dict[str, list[int]]] = {"import": {}, "run": {}}
    for path in data.measured_files():
        file = Path(path).resolve().relative_to(root).as_posix()
        for line, contexts in data.contexts_by_lineno(path).items():
            for context in contexts:
                if context in reached:
                    reached[context].setdefault(file, []).append(line)
    output.write_text(json.dumps({**reached, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]).resolve())
