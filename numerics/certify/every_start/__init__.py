"""Certificates for every width and every start by condition (C): Theorem A of theory.md 9.1 (docs/certificates.md).

| module | holds |
|---|---|
| `cone` | condition (C), and the cones that are tried |
| `activation`, `death` | phase one: by when neurons are active on all points, or dead |
| `constants` | all constants of the proof, rational numbers on the safe side |
| `certificate` | `certify_every_start`, and its certificate |
"""
