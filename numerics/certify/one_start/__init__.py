"""Certificates of the flow from one start in the plane (docs/certificates.md).

| module | holds |
|---|---|
| `early` | phase one: neurons with a > 0 align, the others die |
| `curves`, `tube` | phases two and three: curves in floats, cells that pass in balls, the trap |
| `limit_path` | the path of theory.md 5.4, for single data sets and for boxes of them |
| `prove` | `certify`, and the certificate |
"""
