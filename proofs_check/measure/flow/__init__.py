"""What the evidence of the claims in claims/flow measures (theory.md 2)."""
