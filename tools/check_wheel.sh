#!/usr/bin/env bash
# Build the wheel, install it into an empty environment, and run it from a folder that holds another `theory` and
# `numerics`: the distribution must carry everything it needs and must never pick up a reader's own folders.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-python3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export PIP_DISABLE_PIP_VERSION_CHECK=1

# From a copy of the tracked and new files: what lies ignored in the working tree must not get into the wheel.
mkdir "$scratch/source"
(cd "$root" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory "$scratch/source")
"$root/.venv/bin/python" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$scratch/wheel" "$scratch/source"

"$python" -m venv "$scratch/environment"
"$scratch/environment/bin/python" -m pip install --quiet --constraint "$root/constraints.txt" "$scratch"/wheel/*.whl

mkdir -p "$scratch/elsewhere"/{theory,numerics,proofs_check}
cd "$scratch/elsewhere"
for decoy in theory numerics proofs_check; do
  echo "raise ImportError('this is the reader'\''s own $decoy folder')" > "$decoy/__init__.py"
done

check=$scratch/environment/bin/proofs-check
"$check" --help > help.txt
"$check" list
"$check" data three-points > three_points.csv
"$check" predict three_points.csv --bias | tee prediction.txt
"$check" verify alignment.closed-form --level quick
grep -q -- '-31/120' prediction.txt || { echo "predict does not print the exact extremal vector (-31/120, 2/3)" >&2; exit 1; }
# Even with the folder itself on the path, as under `python -m`.
"$scratch/environment/bin/python" -m early_alignment --help > /dev/null
"$scratch/environment/bin/python" - <<'PYTHON'
import early_alignment.theory, sys
assert "environment" in early_alignment.theory.__file__, early_alignment.theory.__file__
print("installed as", early_alignment.theory.__name__, "on Python", sys.version.split()[0])
PYTHON
