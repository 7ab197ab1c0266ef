"""The early phase at finite small initialisation: bounds and why they hold (docs/theory.md 4)."""
