"""Which solution small starts converge to, with the square loss (theory.md 6)."""
