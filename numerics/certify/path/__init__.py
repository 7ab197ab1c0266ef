"""Theorem A by the path condition (P) of theory.md 9.2: a tube around the limit path, in any dimension.

| module | holds |
|---|---|
| `curve` | the limit path in floats, as a proposal |
| `segment` | the tube along one segment of the path, in balls |
| `tube` | the tube from near 0 to where no neuron can become inactive any more |
| `constants` | where a tube may begin, and all constants of the proof |
| `certificate` | `certify_by_limit_path`, and its certificate |
| `either` | both conditions, (C) and (P), and the certificate with the larger lambda_0 |
"""
