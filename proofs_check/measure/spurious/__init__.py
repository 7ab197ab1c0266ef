"""What the evidence of the claims in claims/spurious measures (theory.md 5)."""
