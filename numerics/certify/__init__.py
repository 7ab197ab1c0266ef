"""Certificates of a flow from one start in the plane, from every start, or in the early phase (docs/certificates.md).

| module | holds |
|---|---|
| `instance` | the rational data and start, with what follows from them in balls |
| `early` | phase one: neurons with a > 0 align, the others die |
| `curves`, `tube` | phases two and three: curves in floats, cells that pass in balls, the trap |
| `limit_path` | the path of theory.md 5.4, for single data sets and for boxes of them |
| `prove` | `certify`, and the certificate |
| `cone`, `death`, `constants` | Theorem A of theory.md 9.1: condition (C), the times of death, and all constants |
| `every_start` | `certify_every_start`, and its certificate |
| `early_alignment` | `certify_early`: the fates of neurons in the early phase |
| `errors` | `Undecided` |
"""
