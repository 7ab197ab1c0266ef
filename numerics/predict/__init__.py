"""What the theory says about a data set and a start on it (docs/theory.md 3.7-3.9, 4, 5)."""
