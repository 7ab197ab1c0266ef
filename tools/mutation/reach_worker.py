"""Measure one claim: `python -m mutation.reach_worker CLAIM OUT.json ROOT`, in a process of its own.

Coverage does not see compiled lines. A compiled function counts as reached, with all its lines, when it was called from
Python or when another one that counts calls it.
"""

from __future__ import annotations

import inspect
import json
import sys
import time
from pathlib import Path

import coverage
from numba.core.dispatcher import Dispatcher


def compiled_lines(root: Path) -> dict[str, set[int]]:
    """The lines, by file, of the compiled functions under `root` that have run in this process."""
    loaded = [value for module in list(sys.modules.values()) for value in vars(module).values()]
    waiting = [value for value in loaded if isinstance(value, Dispatcher) and value.signatures]
    seen: dict[int, Dispatcher] = {}
    while waiting:
        function = waiting.pop()
        if id(function) not in seen:
            seen[id(function)] = function
            names = function.py_func.__globals__
            called = (names.get(name) for name in function.py_func.__code__.co_names)
            waiting += [value for value in called if isinstance(value, Dispatcher)]
    reached: dict[str, set[int]] = {}
    for function in seen.values():
        file = Path(inspect.getfile(function.py_func)).resolve()
        if file.is_relative_to(root):
            lines, first = inspect.getsourcelines(function.py_func)
            of_file = reached.setdefault(file.relative_to(root).as_posix(), set())
            of_file.update(range(first, first + len(lines)))
    return reached


def main(claim: str, output: Path, root: Path) -> None:
    """Write the lines that importing the claim and running its evidence reach, by file, as JSON."""
    folders = [str(root / folder) for folder in ("theory", "numerics")]
    measurement = coverage.Coverage(data_file=None, config_file=False, source=folders)
    measurement.start()
    measurement.switch_context("import")
    from early_alignment.proofs_check.claim import registry
    from early_alignment.proofs_check.claim.trial import Trial
    from early_alignment.proofs_check.verify import execute

    claim_file = registry.load(registry.claim_reference(claim))
    measurement.switch_context("run")
    started = time.monotonic()
    statements = [claim_file.claim.statement, *(mutant.statement for mutant in claim_file.claim.mutants)]
    for statement in statements:
        for evidence in claim_file.evidence:
            execute.run_evidence(Trial(claim_file, evidence, statement, "quick", 0, is_mutant=True))
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
    for file, lines in compiled_lines(root).items():
        reached["run"][file] = sorted(lines.union(reached["run"].get(file, [])))
    output.write_text(json.dumps({**reached, "seconds": seconds, "depends_on": claim_file.claim.depends_on}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]).resolve())
