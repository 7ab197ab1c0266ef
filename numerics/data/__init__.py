"""Data sets and starts, read exactly or refused in one sentence; the published ones as files (docs/theory.md 7)."""
