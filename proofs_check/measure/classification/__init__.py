"""What the evidence of the claims in claims/classification measures (theory.md 6)."""
