"""What the evidence of the claims in claims/published measures."""
