"""The built-in claims, one a file: `group.some-name` is in `group/some_name.py`, or in a chapter of the group.

| group | is about |
|---|---|
| `flow` | the structure of the gradient flow (theory.md 2) |
| `alignment` | neurons that turn while the output is still zero (theory.md 3) |
| `early` | the early phase at a finite small start (theory.md 4) |
| `spurious` | convergence to a spurious stationary point (theory.md 5) |
| `spurious/every_start` | the same for every width and every small start (theory.md 9) |
| `bias` | the solution that small starts converge to (theory.md 6) |
| `classification` | exponential-type losses on correlated data (theory.md 6) |
| `published` | statements of the paper as printed (theory.md 8) |
"""
