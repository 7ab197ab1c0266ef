"""What the evidence of the claims in claims/early measures (theory.md 4)."""
