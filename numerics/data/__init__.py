"""Data sets and starts, read exactly or refused with one sentence; the published ones as files (docs/theory.md 7)."""
