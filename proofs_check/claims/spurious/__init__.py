"""Three points: convergence to a spurious stationary point (theory.md 5).

| claim | item |
|---|---|
| `limit` | 5.6 |
"""
