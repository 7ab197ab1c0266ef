"""What the evidence of the claims in claims/bias measures (theory.md 6)."""
