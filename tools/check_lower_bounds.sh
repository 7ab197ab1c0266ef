#!/usr/bin/env bash
# Install every dependency at the lowest version that pyproject.toml declares, and run the command line and some tests.
# A bound that is too low shows as a failure here. The bounds are those of Python 3.11.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-python3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PIP_DISABLE_PIP_VERSION_CHECK=1 HYPOTHESIS_STORAGE_DIRECTORY=$scratch/hypothesis

# `name>=1.2` becomes `name==1.2`, so that pip refuses a bound which another dependency excludes.
"$python" - "$root/pyproject.toml" > "$scratch/lowest.txt" <<'PYTHON'
import sys, tomllib
from pathlib import Path

project = tomllib.loads(Path(sys.argv[1]).read_text())["project"]
extras = project["optional-dependencies"]
optional = [item for name in ("convex", "smt", "sweep", "distributed") for item in extras[name]]
for requirement in (*project["dependencies"], *optional):
    print(requirement.replace(">=", "=="))
PYTHON

"$python" -m venv "$scratch/environment"
"$scratch/environment/bin/python" -m pip install -qq --requirement "$scratch/lowest.txt"
"$scratch/environment/bin/python" -m pip install -qq --no-deps --editable "$root"
cd "$scratch"
check=$scratch/environment/bin/proofs-check
"$check" --help > help.txt
"$check" list > list.txt
# A command without its argument is refused: old versions of Typer pass None instead beside new ones of Click.
code=0
"$check" show > show.txt 2>&1 || code=$?
[ "$code" = 2 ] || { echo "show without an argument ends with exit code $code, not 2" >&2; exit 1; }
"$check" verify flow alignment.closed-form
cd "$root"
# Old versions may warn of what newer Pythons or libraries will drop.
"$scratch/environment/bin/python" -m pytest -q -p no:cacheprovider -W default tests/theory/test_positivity.py \
  tests/numerics/data/test_dataset.py tests/numerics/extremal/test_extremal.py \
  tests/numerics/interpolation/test_interpolation.py \
  tests/proofs_check/sweep tests/proofs_check/verify/test_verdict.py
