"""Certificates of Theorem A' (theory.md 9.3): three points in the plane, with neurons at any angle.

| module | holds |
|---|---|
| `setting` | the hypotheses on the data, decided in rationals |
| `stages` | the constants of the stages after alignment, and all constants of a certificate |
| `certificate` | `certify_three_points`, and its certificate |
"""
