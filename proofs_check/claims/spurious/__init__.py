"""Three points: convergence to a spurious stationary point (theory.md 5)."""
