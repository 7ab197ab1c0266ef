"""Certificates of a flow from one start in the plane, from every start, or in the early phase (docs/certificates.md).

| module | holds |
|---|---|
| `instance` | the rational data and start, with what follows from them in balls |
| `one_start` | `certify`: the flow from one start in the plane |
| `every_start` | `certify_every_start`: Theorem A of theory.md 9.1, by condition (C) |
| `path` | `certify_by_limit_path`: the same by condition (P), and both conditions side by side |
| `data_only` | `certify_three_points`: Theorem A' of theory.md 9.3 |
| `early_alignment` | `certify_early`: the fates of neurons in the early phase |
| `errors` | `Undecided` |
"""
