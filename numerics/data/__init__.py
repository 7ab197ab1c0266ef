"""The published data sets as files, read by `numerics.published` (theory.md 7)."""
