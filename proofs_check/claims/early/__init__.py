"""The early phase at a finite small start (theory.md 4)."""
