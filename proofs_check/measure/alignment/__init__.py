"""What the evidence of the claims in claims/alignment measures (theory.md 3)."""
