"""Three points in the plane and the spurious stationary point that they lead to (docs/theory.md 5)."""
