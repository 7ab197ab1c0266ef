"""What the evidence of the claims in claims/spurious/every_start measures (theory.md 9)."""
