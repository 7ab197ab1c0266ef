"""Three points: convergence to a spurious stationary point (theory.md 5).

| claim | item |
|---|---|
| `phase_one` | 5.3 |
| `limit` | 5.6 |
| `two_edged` | 5.7 |
"""
