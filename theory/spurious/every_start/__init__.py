"""Networks of every width, from every small start, end at the least-squares fit (docs/theory.md 9)."""
